package dev.imagerelay.domain.ledger;

import dev.imagerelay.domain.pricing.Credits;

/**
 * All that ever happened to an account's credits: {@code granted - spent - expired} is what it has now.
 *
 * @param balance what it has now
 * @param granted everything that came in, less what was taken away by hand
 * @param spent   everything that was settled, less what was refunded
 * @param expired everything that lapsed
 */
public record Totals(Balance balance, Credits granted, Credits spent, Credits expired) {}
