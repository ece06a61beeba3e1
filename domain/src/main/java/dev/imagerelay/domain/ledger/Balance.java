package dev.imagerelay.domain.ledger;

import dev.imagerelay.domain.pricing.Credits;

/**
 * What an account has.
 *
 * @param available what it can spend
 * @param held      what its relays in flight may cost
 */
public record Balance(Credits available, Credits held) {}
