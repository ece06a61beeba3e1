package dev.imagerelay.adapters.telemetry;

import dev.imagerelay.adapters.telemetry.Telemetry.Condition;
import dev.imagerelay.application.port.in.Sweep;
import dev.imagerelay.application.port.out.ModelCatalogue;
import dev.imagerelay.domain.ledger.EntryKind;
import dev.imagerelay.domain.ledger.LedgerEntry;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;

/** Every metric there is, by name. What is counted for every order is looked up once and then kept. */
final class Metrics {

    /** From OpenTelemetry's conventions for generative AI, and on to the longest that a picture may take. */
    private static final Duration[] PICTURES = durations(
            10, 20, 40, 80, 160, 320, 640, 1_280, 2_560, 5_120, 10_240, 20_480, 40_960, 81_920, 120_000, 180_000,
            300_000, 600_000);

    /** For what should take milliseconds. */
    private static final Duration[] OURS =
            durations(1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000);

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics garbage = new JvmGcMetrics();
    private final ModelCatalogue models;
    private final MultiGauge catalogue;

    private final AtomicInteger requestsInFlight = new AtomicInteger();
    private final AtomicInteger relaysInFlight = new AtomicInteger();
    private final Timer overhead;
    private final Map<EntryKind, Counter> moved = new EnumMap<>(EntryKind.class);
    private final Map<Record, Timer> timers = new ConcurrentHashMap<>();
    private final Map<Record, Counter> counters = new ConcurrentHashMap<>();

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
        gauge("requests.in.flight", "Requests that are not answered yet", requestsInFlight::get);
        gauge("relays.in.flight", "Orders that have not ended yet", relaysInFlight::get);
        overhead = timer("overhead", "What an order took beyond the calls of its upstreams", OURS, Tags.empty());
        for (EntryKind kind : EntryKind.values()) {
            moved.put(kind, counter("ledger.credits", "Credits that entries moved",
                    Tags.of("kind", kind.name().toLowerCase(Locale.ROOT))));
        }
        Gauge.builder(name("build.info"), () -> 1)
                .description("The program and what it runs on")
                .tags("version", version, "java", Runtime.version().toString())
                .register(registry);
        catalogue = MultiGauge.builder(name("catalogue.info"))
                .description("The version of the prices in force")
                .register(registry);
        List.<MeterBinder>of(
                        new JvmMemoryMetrics(), garbage, new JvmThreadMetrics(), new ProcessorMetrics(),
                        new FileDescriptorMetrics(), new UptimeMetrics())
                .forEach(binder -> binder.bindTo(registry));
    }

    void watch(OpenHolds open) {
        gauge("open.holds", "Holds of this gateway that have not ended", open::count);
        gauge("open.holds.credits", "Credits in holds of this gateway that have not ended", open::credits);
        gauge("oldest.open.hold.seconds", "Age of the oldest hold of this gateway", open::oldestSeconds);
    }

    void watch(Supplier<Condition> condition) {
        gauge("ready", "Whether the gateway says that it is ready", () -> condition.get().ready() ? 1 : 0);
        gauge("unsettled.endings", "Ends of relays that the books do not know of yet",
                () -> condition.get().unsettled());
        gauge("ledger.queue", "Changes that wait to be written", () -> condition.get().queued());
        count("ledger.batches", "Transactions written", condition, Condition::batches);
        count("ledger.changes", "Changes written in those transactions", condition, Condition::changes);
        String connections = "Connections for reading";
        gauge("database.connections", connections, () -> condition.get().connectionsInUse(), "state", "in_use");
        gauge("database.connections", connections, () -> condition.get().connectionsIdle(), "state", "idle");
        gauge("database.connections.awaited", "Threads that wait for a connection for reading",
                () -> condition.get().connectionsAwaited());
    }

    void requestBegan() {
        requestsInFlight.incrementAndGet();
    }

    void requestEnded(String route, int status) {
        requestsInFlight.decrementAndGet();
        counted(new Answered(route, status), key -> counter("requests", "Answered requests",
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
        timed(new Relayed(labels.model(), order.upstream(), verdict.outcome()), key -> timer(
                        "relay.duration", "Orders, from the first check to the settled end", PICTURES,
                        Tags.of("model", key.model(), "upstream", key.upstream(), "outcome", key.outcome())))
                .record(nanos, TimeUnit.NANOSECONDS);
        if (order.calledUpstream()) {
            overhead.record(nanos - order.upstreamNanos(), TimeUnit.NANOSECONDS);
        }
        if (verdict.images() > 0) {
            counted(new Pictures(labels.model(), labels.size(), labels.quality()), key -> counter(
                            "images", "Pictures that were delivered and paid for",
                            Tags.of("model", key.model(), "size", key.size(), "quality", key.quality())))
                    .increment(verdict.images());
        }
        if (verdict.isDeclined()) {
            counted(new Declined(labels.model(), verdict.code().orElseThrow()), key -> counter(
                            "declined", "Orders that were declined before anything was held",
                            Tags.of("model", key.model(), "reason", key.reason())))
                    .increment();
        }
        verdict.loss().ifPresent(failure -> counted(new Lost(order.upstream(), failure.code()), key -> counter(
                        "upstream.losses", "Orders that nobody paid for though an upstream may have made them",
                        Tags.of("upstream", key.upstream(), "reason", key.reason())))
                .increment());
    }

    void firstPreview(Order order, long nanos) {
        timed(new FirstPreview(order.asked().orElseThrow().labels().model(), order.upstream()), key -> timer(
                        "first.preview", "Streamed orders, until their first preview", PICTURES,
                        Tags.of("model", key.model(), "upstream", key.upstream())))
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    void upstreamCalled(String upstream, String model, String outcome, long nanos) {
        timed(new Called(upstream, model, outcome), key -> timer(
                        "upstream.duration", "Calls of upstreams", PICTURES,
                        Tags.of("upstream", key.upstream(), "model", key.model(), "outcome", key.outcome())))
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    void posted(String verb, String result, long nanos) {
        counted(new Posted(verb, result), key -> counter("ledger.postings", "What was asked of the ledger",
                        Tags.of("verb", key.verb(), "result", key.result())))
                .increment();
        timed(new Waited(verb), key -> timer("ledger.post", "Until it was durable", OURS, Tags.of("verb", key.verb())))
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
        counter("swept", "What sweeping has put right", Tags.of("what", what)).increment(count);
    }

    String scrape() {
        String version = models.current().rateCard().version().value();
        catalogue.register(List.of(Row.of(Tags.of("version", version), 1)), true);
        return registry.scrape();
    }

    void close() {
        garbage.close();
        registry.close();
    }

    private static String name(String name) {
        return "image.relay." + name;
    }

    private <K extends Record> Timer timed(K key, Function<K, Timer> make) {
        Timer timer = timers.get(key);
        return timer != null ? timer : timers.computeIfAbsent(key, missing -> make.apply(key));
    }

    private <K extends Record> Counter counted(K key, Function<K, Counter> make) {
        Counter counter = counters.get(key);
        return counter != null ? counter : counters.computeIfAbsent(key, missing -> make.apply(key));
    }

    private Timer timer(String name, String description, Duration[] buckets, Tags tags) {
        return Timer.builder(name(name))
                .description(description)
                .serviceLevelObjectives(buckets)
                .tags(tags)
                .register(registry);
    }

    private Counter counter(String name, String description, Tags tags) {
        return Counter.builder(name(name)).description(description).tags(tags).register(registry);
    }

    private void gauge(String name, String description, Supplier<Number> value, String... tags) {
        Gauge.builder(name(name), value).description(description).tags(tags).register(registry);
    }

    private <T> void count(String name, String description, Supplier<T> source, ToDoubleFunction<T> value) {
        FunctionCounter.builder(name(name), this, metrics -> value.applyAsDouble(source.get()))
                .description(description)
                .register(registry);
    }

    private static Duration[] durations(long... millis) {
        return LongStream.of(millis).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
    }
}
