package dev.imagerelay.domain.report;

import dev.imagerelay.domain.image.ModelId;
import dev.imagerelay.domain.pricing.Credits;

/**
 * Relays that may have cost the operator something while no customer paid.
 *
 * @param model  what was ordered
 * @param reason why they were released, a short code
 * @param relays how many
 * @param images how many pictures they ordered
 * @param quoted what their customers would have paid at most
 */
public record Loss(ModelId model, String reason, long relays, long images, Credits quoted) {}
