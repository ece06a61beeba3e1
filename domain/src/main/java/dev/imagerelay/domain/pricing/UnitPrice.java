package dev.imagerelay.domain.pricing;

import dev.imagerelay.domain.image.ImageQuality;
import dev.imagerelay.domain.image.ImageSize;
import java.util.Optional;

/**
 * What one picture of one kind costs.
 *
 * @param size    its size
 * @param quality its quality; empty if the model has no qualities
 * @param credits for one picture
 */
public record UnitPrice(ImageSize size, Optional<ImageQuality> quality, Credits credits) {}
