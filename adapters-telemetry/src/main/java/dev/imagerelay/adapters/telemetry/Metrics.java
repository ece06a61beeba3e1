package dev.imagerelay.adapters.telemetry;

import dev.imagerelay.adapters.telemetry.Telemetry.Condition;
import dev.imagerelay.application.port.in.Sweep;
import dev.imagerelay.application.port.out.ModelCatalogue;
import dev.imagerelay.domain.ledger.EntryKind;
import dev.imagerelay.domain.ledger.LedgerEntry;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/** Every metric of ours, by name. */
final class Metrics {

    /** From OpenTelemetry's conventions for generative AI, and on to the longest that a picture may take. */
    private static final Duration[] PICTURES = durations(
            10, 20, 40, 80, 160, 320, 640, 1_280, 2_560, 5_120, 10_240, 20_480, 40_960, 81_920, 120_000, 180_000,
            300_000, 600_000);

    /** For what should take milliseconds. */
    private static final Duration[] OURS =
            durations(1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000);

    private final Meters meters = new Meters();
    private final ModelCatalogue models;
    private final MultiGauge catalogue;
    private final AtomicInteger requestsInFlight = new AtomicInteger();
    private final AtomicInteger relaysInFlight = new AtomicInteger();
    private final Timer overhead;
    private final Map<EntryKind, Counter> moved = new EnumMap<>(EntryKind.class);

    private record Answered(String route, int status) {}

    private record Relayed(String model, String upstream, String outcome) {}

    private record FirstPreview(String model, String upstream) {}

    private record Declined(String model, String reason) {}

    private record Called(String upstream, String model, String outcome) {}

    private record Lost(String upstream, String reason) {}

    private record Posted(String verb, String result) {}

    private record Waited(String verb) {}

    private record Pictures(String model, String size, String quality) {}

    Metrics(ModelCatalogue models, String version) {
        this.models = models;
        meters.gauge("requests.in.flight", "Requests that are not answered yet", requestsInFlight::get);
        meters.gauge("relays.in.flight", "Orders that have not ended yet", relaysInFlight::get);
        overhead = meters.timer("overhead", "What an order took beyond the calls of its upstreams", OURS, Tags.empty());
        for (EntryKind kind : EntryKind.values()) {
            moved.put(kind, meters.counter("ledger.credits", "Credits that entries moved",
                    Tags.of("kind", kind.name().toLowerCase(Locale.ROOT))));
        }
        meters.gauge("build.info", "The program and what it runs on", () -> 1,
                "version", version, "java", Runtime.version().toString());
        catalogue = meters.gauges("catalogue.info", "The version of the prices in force");
    }

    void watch(OpenHolds open) {
        meters.gauge("open.holds", "Holds of this gateway that have not ended", open::count);
        meters.gauge("open.holds.credits", "Credits in holds of this gateway that have not ended", open::credits);
        meters.gauge("oldest.open.hold.seconds", "Age of the oldest hold of this gateway", open::oldestSeconds);
    }

    void watch(Supplier<Condition> condition) {
        meters.gauge("ready", "Whether the gateway says that it is ready", () -> condition.get().ready() ? 1 : 0);
        meters.gauge("unsettled.endings", "Ends of relays that the books do not know of yet",
                () -> condition.get().unsettled());
        meters.gauge("ledger.queue", "Changes that wait to be written", () -> condition.get().queued());
        meters.count("ledger.batches", "Transactions written", condition, Condition::batches);
        meters.count("ledger.changes", "Changes written in those transactions", condition, Condition::changes);
        String connections = "Connections for reading";
        meters.gauge("database.connections", connections, () -> condition.get().connectionsInUse(), "state", "in_use");
        meters.gauge("database.connections", connections, () -> condition.get().connectionsIdle(), "state", "idle");
        meters.gauge("database.connections.awaited", "Threads that wait for a connection for reading",
                () -> condition.get().connectionsAwaited());
    }

    void requestBegan() {
        requestsInFlight.incrementAndGet();
    }

    void requestEnded(String route, int status) {
        requestsInFlight.decrementAndGet();
        meters.counted(new Answered(route, status), key -> meters.counter("requests", "Answered requests",
                        Tags.of("route", key.route(), "status", String.valueOf(key.status()))))
                .increment();
    }

    void relayBegan() {
        relaysInFlight.incrementAndGet();
    }

    /** Of an order that has been asked and has ended. */
    void relayEnded(Order order, long nanos) {
        relaysInFlight.decrementAndGet();
        Labels.Ordered labels = order.asked().orElseThrow().labels();
        Verdict verdict = order.verdict().orElseThrow();
        meters.timed(new Relayed(labels.model(), order.upstream(), verdict.outcome()), key -> meters.timer(
                        "relay.duration", "Orders, from the first check to the settled end", PICTURES,
                        Tags.of("model", key.model(), "upstream", key.upstream(), "outcome", key.outcome())))
                .record(nanos, TimeUnit.NANOSECONDS);
        if (order.calledUpstream()) {
            overhead.record(nanos - order.upstreamNanos(), TimeUnit.NANOSECONDS);
        }
        if (verdict.images() > 0) {
            meters.counted(new Pictures(labels.model(), labels.size(), labels.quality()), key -> meters.counter(
                            "images", "Pictures that were delivered and paid for",
                            Tags.of("model", key.model(), "size", key.size(), "quality", key.quality())))
                    .increment(verdict.images());
        }
        if (verdict.isDeclined()) {
            meters.counted(new Declined(labels.model(), verdict.code().orElseThrow()), key -> meters.counter(
                            "declined", "Orders that were declined before anything was held",
                            Tags.of("model", key.model(), "reason", key.reason())))
                    .increment();
        }
        verdict.loss().ifPresent(failure -> meters.counted(new Lost(order.upstream(), failure.code()), key -> meters.counter(
                        "upstream.losses", "Orders that nobody paid for though an upstream may have made them",
                        Tags.of("upstream", key.upstream(), "reason", key.reason())))
                .increment());
    }

    void firstPreview(Order order, long nanos) {
        meters.timed(new FirstPreview(order.asked().orElseThrow().labels().model(), order.upstream()), key -> meters.timer(
                        "first.preview", "Streamed orders, until their first preview", PICTURES,
                        Tags.of("model", key.model(), "upstream", key.upstream())))
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    void upstreamCalled(String upstream, String model, String outcome, long nanos) {
        meters.timed(new Called(upstream, model, outcome), key -> meters.timer(
                        "upstream.duration", "Calls of upstreams", PICTURES,
                        Tags.of("upstream", key.upstream(), "model", key.model(), "outcome", key.outcome())))
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    void posted(String verb, String result, long nanos) {
        meters.counted(new Posted(verb, result), key -> meters.counter("ledger.postings", "What was asked of the ledger",
                        Tags.of("verb", key.verb(), "result", key.result())))
                .increment();
        meters.timed(new Waited(verb), key -> meters.timer("ledger.post", "Until it was durable", OURS, Tags.of("verb", key.verb())))
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    void moved(List<LedgerEntry> entries) {
        entries.forEach(entry -> moved.get(entry.kind()).increment(entry.amount().micros() / 1e6));
    }

    void swept(Sweep.Swept swept) {
        swept("settled_late", swept.settledLate());
        swept("released", swept.released());
        swept("expired", swept.expired());
    }

    private void swept(String what, int count) {
        meters.counter("swept", "What sweeping has put right", Tags.of("what", what)).increment(count);
    }

    String scrape() {
        String version = models.current().rateCard().version().value();
        catalogue.register(List.of(Row.of(Tags.of("version", version), 1)), true);
        return meters.scrape();
    }

    void close() {
        meters.close();
    }

    private static Duration[] durations(long... millis) {
        return LongStream.of(millis).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
    }
}
