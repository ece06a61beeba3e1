package dev.imagerelay.adapters.telemetry;

import dev.imagerelay.application.port.in.GenerateImages;
import dev.imagerelay.application.port.in.Sweep;
import dev.imagerelay.application.port.out.CreditLedger;
import dev.imagerelay.application.port.out.ImageUpstream;
import dev.imagerelay.application.port.out.ModelCatalogue;
import dev.imagerelay.domain.relay.RelayId;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.ObjIntConsumer;
import java.util.function.Supplier;

/**
 * Watches one gateway: what stands before its ports here does what they do, and tells how it went in metrics, in spans
 * and in a line of the logger {@value OrderLine#LOGGER} for every order that comes in over HTTP. Serves many threads at
 * once.
 */
public final class Telemetry implements AutoCloseable {

    /** What every path ends in that takes orders. */
    private static final String ORDERS = "/images/generations";

    private final LongSupplier nanos;
    private final Labels labels;
    private final Metrics metrics;
    private final Spans spans;
    private final OrdersInFlight orders = new OrdersInFlight();

    /**
     * What a gateway says of itself at one time.
     *
     * @param ready               whether it says that it is
     * @param unsettled           how many endings wait for the books
     * @param queued              how many changes wait to be written
     * @param batches             how many transactions have been written since it began
     * @param changes             how many changes were in them
     * @param connectionsInUse    of the pool for reading
     * @param connectionsIdle     of the pool for reading
     * @param connectionsAwaited  how many threads wait for one
     */
    public record Condition(
            boolean ready,
            int unsettled,
            int queued,
            long batches,
            long changes,
            int connectionsInUse,
            int connectionsIdle,
            int connectionsAwaited) {}

    /**
     * Begins to watch, with spans that go to the OpenTelemetry which an agent or the program has installed in the JVM
     * before, or nowhere.
     *
     * @param models  what is on offer, and so what can be counted by name
     * @param version of the program
     * @param nanos   a clock for durations, such as {@code System::nanoTime}
     */
    public Telemetry(ModelCatalogue models, String version, LongSupplier nanos) {
        this(models, version, nanos, GlobalOpenTelemetry.getOrNoop());
    }

    /** Begins to watch, with spans that go there. */
    public Telemetry(ModelCatalogue models, String version, LongSupplier nanos, OpenTelemetry traces) {
        this.nanos = nanos;
        this.labels = new Labels(models);
        this.metrics = new Metrics(models, version);
        this.spans = new Spans(traces);
    }

    /** The same ledger, watched. */
    public CreditLedger ledger(CreditLedger ledger) {
        OpenHolds open = new OpenHolds(nanos);
        metrics.watch(open);
        return new WatchedLedger(ledger, metrics, open, nanos);
    }

    /**
     * The same upstreams, watched.
     *
     * @param hosts where they are, by their names; those that are missing have no {@code server.address} in spans
     */
    public ImageUpstream upstream(ImageUpstream upstream, Map<String, String> hosts) {
        return new WatchedUpstream(upstream, hosts, labels, metrics, spans, orders, nanos);
    }

    /** The same use case, watched: the ledger and the upstream it uses should be as well. */
    public GenerateImages generateImages(GenerateImages images) {
        return new WatchedImages(images, labels, metrics, orders, nanos);
    }

    /** The same sweep, watched. */
    public Sweep sweep(Sweep sweep) {
        return () -> {
            Sweep.Swept swept = sweep.sweep();
            metrics.swept(swept);
            return swept;
        };
    }

    /** Asks for this whenever somebody wants to know; at most once. It should not take long, and not throw. */
    public void watch(Supplier<Condition> condition) {
        metrics.watch(condition);
    }

    /**
     * A request has come in. To be called by the thread that works on it.
     *
     * @param id     its name
     * @param method of HTTP
     * @param path   without a query
     * @param header finds a header of the request; of several the first
     * @return to be told once it has been answered: the route it took, of which there are few, and the HTTP status
     */
    public ObjIntConsumer<String> began(
            RelayId id, String method, String path, Function<String, Optional<String>> header) {
        metrics.requestBegan();
        if (!method.equals("POST") || !path.endsWith(ORDERS)) {
            return metrics::requestEnded;
        }
        Order order = orders.add(id, new Order(id, spans.order(id, header), nanos.getAsLong()));
        return (route, status) -> {
            orders.remove(id);
            metrics.requestEnded(route, status);
            Spans.end(order.context(), route, status);
            OrderLine.write(order, status, nanos.getAsLong());
        };
    }

    /** All metrics, in Prometheus' text format 0.0.4. */
    public String metrics() {
        return metrics.scrape();
    }

    @Override
    public void close() {
        metrics.close();
    }
}
