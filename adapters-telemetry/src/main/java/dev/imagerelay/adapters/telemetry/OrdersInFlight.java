package dev.imagerelay.adapters.telemetry;

import dev.imagerelay.domain.relay.RelayId;
import io.opentelemetry.context.Context;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The orders that have come in and have not ended yet, by their names. */
final class OrdersInFlight {

    private final Map<RelayId, Order> orders = new ConcurrentHashMap<>();

    Order add(RelayId id, Order order) {
        orders.put(id, order);
        return order;
    }

    /** That order; one that nobody has added begins now. */
    Order find(RelayId id, long now) {
        Order order = orders.get(id);
        return order == null ? new Order(id, Context.current(), now) : order;
    }

    void remove(RelayId id) {
        orders.remove(id);
    }
}
