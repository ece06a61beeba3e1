package dev.imagerelay.domain.ledger;

import dev.imagerelay.domain.pricing.Credits;

/**
 * What a relay has taken out of one grant.
 *
 * @param grant  which grant
 * @param amount how much, more than zero
 */
public record Draw(GrantId grant, Credits amount) {

    public Draw {
        if (amount.isZero()) {
            throw new IllegalArgumentException("a draw is of more than nothing");
        }
    }
}
