package dev.imagerelay.domain.pricing;

import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.image.ImageQuality;
import dev.imagerelay.domain.image.ImageSize;
import java.util.Optional;

/**
 * One row of a model's price list, as its owner writes it.
 *
 * @param size        the size it prices
 * @param quality     the quality it prices; empty: every quality that has no row of its own
 * @param price       for one picture
 * @param originPrice the price that is shown struck through, never charged; empty: none is shown
 */
public record PriceRow(
        ImageSize size, Optional<ImageQuality> quality, Credits price, Optional<Credits> originPrice) {

    public PriceRow {
        if (price.micros() > Long.MAX_VALUE / ImageOrder.MAX_IMAGES) {
            throw new IllegalArgumentException("the price of " + ImageOrder.MAX_IMAGES + " pictures at " + price
                    + " credits each is beyond counting");
        }
    }

    @Override
    public String toString() {
        return quality.map(q -> size + ", " + q).orElse(size.value());
    }
}
