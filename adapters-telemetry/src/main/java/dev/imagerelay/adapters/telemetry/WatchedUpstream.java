package dev.imagerelay.adapters.telemetry;

import dev.imagerelay.application.port.out.ImageUpstream;
import dev.imagerelay.domain.catalogue.UpstreamRoute;
import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.relay.Previews;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.RequestBody;
import dev.imagerelay.domain.relay.UpstreamReply;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Scope;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Tells how every call of an upstream went. */
final class WatchedUpstream implements ImageUpstream {

    private static final String DELIVERED = "delivered";

    private final ImageUpstream upstream;
    private final Map<String, String> hosts;
    private final Labels labels;
    private final Metrics metrics;
    private final Spans spans;
    private final OrdersInFlight orders;
    private final LongSupplier nanos;

    WatchedUpstream(
            ImageUpstream upstream,
            Map<String, String> hosts,
            Labels labels,
            Metrics metrics,
            Spans spans,
            OrdersInFlight orders,
            LongSupplier nanos) {
        this.upstream = upstream;
        this.hosts = Map.copyOf(hosts);
        this.labels = labels;
        this.metrics = metrics;
        this.spans = spans;
        this.orders = orders;
        this.nanos = nanos;
    }

    @Override
    public UpstreamReply relay(
            RelayId id, UpstreamRoute route, ImageOrder order, RequestBody body, Previews previews) {
        long began = nanos.getAsLong();
        Order known = orders.find(id, began);
        Span span = spans.call(known.context(), route, order, Optional.ofNullable(hosts.get(route.upstream())));
        known.calls(route.upstream());
        Scope scope = span.makeCurrent();
        String outcome = "error";
        try {
            UpstreamReply reply = upstream.relay(id, route, order, body, previews);
            outcome = word(reply);
            return reply;
        } finally {
            scope.close();
            long took = nanos.getAsLong() - began;
            known.called(took);
            metrics.upstreamCalled(route.upstream(), labels.model(order.model()), outcome, took);
            Spans.end(span, outcome, outcome.equals(DELIVERED));
        }
    }

    private static String word(UpstreamReply reply) {
        if (reply instanceof UpstreamReply.Failed failed) {
            return failed.failure().code();
        }
        if (reply instanceof UpstreamReply.Images images) {
            return images.cutShort().isPresent() ? "cut_short" : DELIVERED;
        }
        return "refused";
    }
}
