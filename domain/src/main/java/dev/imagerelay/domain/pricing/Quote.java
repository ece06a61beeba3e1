package dev.imagerelay.domain.pricing;

import dev.imagerelay.domain.image.Delivery;
import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.image.ImageQuality;
import dev.imagerelay.domain.image.ImageSize;
import dev.imagerelay.domain.image.ModelId;
import java.util.Optional;

/**
 * The most an order can cost, and what its delivery will cost. It keeps the prices it was made from, so that a price
 * change while the pictures are being made touches nobody.
 */
public final class Quote {

    private final ModelId model;
    private final int images;
    private final Optional<ImageSize> size;
    private final Optional<ImageQuality> quality;
    private final UnitPrice unit;
    private final RateCardVersion version;
    private final PriceTable prices;

    private Quote(ImageOrder order, PriceTable prices, RateCardVersion version) {
        this.model = order.model();
        this.images = order.images();
        this.size = order.size();
        this.quality = order.quality();
        this.unit = prices.dearest(size, quality);
        this.version = version;
        this.prices = prices;
    }

    static Quote of(ImageOrder order, PriceTable prices, RateCardVersion version) {
        return new Quote(order, prices, version);
    }

    /**
     * What that delivery costs, never more than {@link #total()}. Pictures beyond those ordered are free. What the
     * order left to the model is priced as the answer names it; as quoted, if it names nothing or something not
     * offered.
     */
    public Charge charge(Delivery delivery) {
        UnitPrice made = prices.dearest(
                size.or(() -> delivery.size().filter(prices::offers)),
                quality.or(() -> delivery.quality().filter(prices::offers)));
        return new Charge(made.credits(), Math.min(delivery.images(), images));
    }

    public ModelId model() {
        return model;
    }

    /** How many pictures were ordered. */
    public int images() {
        return images;
    }

    /** The size that was ordered; empty if the model chooses. */
    public Optional<ImageSize> size() {
        return size;
    }

    /** The quality that was ordered; empty if the model chooses. */
    public Optional<ImageQuality> quality() {
        return quality;
    }

    /** The picture that the quote assumes: the dearest that the order can become. */
    public UnitPrice unit() {
        return unit;
    }

    /** The unit price times the number of pictures: what is held, and the most that is charged. */
    public Credits total() {
        return unit.credits().times(images);
    }

    /** The rate card that says so. */
    public RateCardVersion version() {
        return version;
    }

    /** Whether so many of the pictures that the order can become may have been charged at that. */
    public boolean canCharge(int images, Credits total) {
        return prices.canCost(size, quality, images, total);
    }

    /** Whether every picture that the order can become costs the same, whatever the model chooses. */
    public boolean isExact() {
        return prices.isOnePrice(size, quality);
    }
}
