package dev.imagerelay.domain.ledger;

import dev.imagerelay.domain.pricing.Credits;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/**
 * Credits that came in together, and what is left of them.
 *
 * @param id         names it
 * @param source     how it came about
 * @param priority   the lower, the sooner it is spent; 0 to 100
 * @param expiresAt  from then on what is left lapses; empty: never
 * @param grantedAt  when it came in
 * @param externalId what the outside calls it, such as a payment's id, unique in its account; empty: nothing
 * @param granted    what came in, more than zero
 * @param available  what of it can be spent
 * @param held       what of it relays in flight may cost
 */
public record Grant(
        GrantId id,
        GrantSource source,
        int priority,
        Optional<Instant> expiresAt,
        Instant grantedAt,
        Optional<String> externalId,
        Credits granted,
        Credits available,
        Credits held) {

    /** The priority of a grant for which none was asked. */
    public static final int USUAL_PRIORITY = 50;

    /**
     * The order in which grants are spent: priority, then soonest expiry, then age. (OpenMeter and Kong burn down in
     * the same order.)
     */
    public static final Comparator<Grant> BURN_DOWN = Comparator.comparingInt(Grant::priority)
            .thenComparing(grant -> grant.expiresAt.orElse(Instant.MAX))
            .thenComparing(Grant::grantedAt)
            .thenComparing(grant -> grant.id.value());

    public Grant {
        if (priority < 0 || priority > 100) {
            throw new IllegalArgumentException("a grant's priority is 0 to 100, not " + priority);
        }
        if (externalId.isPresent() && (externalId.get().isBlank() || externalId.get().length() > 200)) {
            throw new IllegalArgumentException("a grant's external id has 1 to 200 characters");
        }
        if (granted.isZero()) {
            throw new IllegalArgumentException("a grant is of more than nothing");
        }
        if (!granted.covers(available.plus(held))) {
            throw new IllegalArgumentException("grant " + id + " has more left than it ever had");
        }
    }

    /** A grant that has just come in. */
    public static Grant of(
            GrantId id,
            GrantSource source,
            int priority,
            Optional<Instant> expiresAt,
            Instant grantedAt,
            Optional<String> externalId,
            Credits amount) {
        return new Grant(
                id, source, priority, expiresAt, grantedAt, externalId, amount, amount, Credits.ZERO);
    }

    boolean hasLapsed(Instant now) {
        return expiresAt.isPresent() && !now.isBefore(expiresAt.get());
    }

    /** The same grant with other amounts left. */
    Grant leaving(Credits available, Credits held) {
        return new Grant(id, source, priority, expiresAt, grantedAt, externalId, granted, available, held);
    }
}
