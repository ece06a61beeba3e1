package dev.imagerelay.adapters.telemetry;

import dev.imagerelay.application.port.in.GenerateImages;
import dev.imagerelay.domain.account.Caller;
import dev.imagerelay.domain.account.LimitStatus;
import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.relay.Previews;
import dev.imagerelay.domain.relay.RelayOutcome;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/** Tells how every order went. */
final class WatchedImages implements GenerateImages {

    private final GenerateImages images;
    private final Labels labels;
    private final Metrics metrics;
    private final OrdersInFlight orders;
    private final LongSupplier nanos;

    WatchedImages(
            GenerateImages images, Labels labels, Metrics metrics, OrdersInFlight orders, LongSupplier nanos) {
        this.images = images;
        this.labels = labels;
        this.metrics = metrics;
        this.orders = orders;
        this.nanos = nanos;
    }

    @Override
    public RelayOutcome generate(Command command, Previews previews) {
        long began = nanos.getAsLong();
        Order order = orders.add(command.id(), orders.find(command.id(), began)); // not all come in over HTTP
        order.asked(asked(command));
        metrics.relayBegan();
        try {
            RelayOutcome outcome = images.generate(command, timed(command.order(), order, previews));
            order.ended(Verdict.of(outcome));
            return outcome;
        } catch (RuntimeException | Error e) {
            order.ended(Verdict.of(e));
            throw e;
        } finally {
            orders.remove(command.id());
            metrics.relayEnded(order, nanos.getAsLong() - began);
        }
    }

    private Order.Asked asked(Command command) {
        ImageOrder order = command.order();
        return new Order.Asked(command.caller(), labels.of(order), order.images(), order.isStreamed());
    }

    /** The same previews; the first of them is timed. */
    private Previews timed(ImageOrder what, Order order, Previews previews) {
        if (!what.isStreamed()) {
            return previews;
        }
        AtomicBoolean seen = new AtomicBoolean();
        return events -> {
            if (seen.compareAndSet(false, true)) {
                metrics.firstPreview(order, nanos.getAsLong() - order.began());
            }
            previews.show(events);
        };
    }

    @Override
    public List<LimitStatus> limits(Caller caller) {
        return images.limits(caller);
    }
}
