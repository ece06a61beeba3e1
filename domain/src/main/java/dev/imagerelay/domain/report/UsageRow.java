package dev.imagerelay.domain.report;

import dev.imagerelay.domain.pricing.Credits;
import java.time.Instant;
import java.util.List;

/**
 * What was used in one period by one group.
 *
 * @param period    when the period began; the query's beginning if there is only one
 * @param group     what is told apart, in the order of the query
 * @param relays    how many orders
 * @param ordered   how many pictures were ordered
 * @param delivered how many pictures were delivered and paid for
 * @param quoted    what was held for all of them, the most they could cost
 * @param charged   what the delivered ones cost
 * @param refunded  what was given back of that
 */
public record UsageRow(
        Instant period,
        List<String> group,
        long relays,
        long ordered,
        long delivered,
        Credits quoted,
        Credits charged,
        Credits refunded) {

    public UsageRow {
        group = List.copyOf(group);
    }
}
