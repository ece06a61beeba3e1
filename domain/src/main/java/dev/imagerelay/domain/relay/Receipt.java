package dev.imagerelay.domain.relay;

import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.pricing.RateCardVersion;
import java.util.Optional;

/**
 * What a relay cost, durable before anybody reads it.
 *
 * @param charged   for this relay; zero if it delivered nothing
 * @param remaining what the account could spend when this was settled; empty if that was written down for later, as the
 *                  books were out of reach
 * @param images    how many pictures were paid for
 * @param version   the rate card that set the price
 */
public record Receipt(Credits charged, Optional<Credits> remaining, int images, RateCardVersion version) {}
