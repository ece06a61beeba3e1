package dev.imagerelay.domain.report;

import dev.imagerelay.domain.ledger.Balance;
import dev.imagerelay.domain.pricing.Credits;
import java.time.Duration;
import java.util.Optional;

/**
 * How the business stands, beside what usage tells of a time.
 *
 * @param balance what all accounts together have now
 * @param grants  how often credits came in during that time, bought, given or added by hand
 * @param granted how many credits that were
 * @param pace    how long the settled relays took that were held during that time; empty if there were none
 */
public record Overview(Balance balance, long grants, Credits granted, Optional<Pace> pace) {

    /**
     * How long relays took, from the hold to the settlement: the upstream's time and some milliseconds of our own.
     * Known to the hundredth of a second.
     *
     * @param p50 half of them took that long at most
     * @param p95 19 of 20 took that long at most
     */
    public record Pace(Duration p50, Duration p95) {}
}
