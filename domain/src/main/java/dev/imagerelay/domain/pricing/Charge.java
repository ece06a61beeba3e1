package dev.imagerelay.domain.pricing;

/**
 * What a delivery costs.
 *
 * @param unitPrice for one picture
 * @param images    how many are paid for, 0 or more
 */
public record Charge(Credits unitPrice, int images) {

    public Charge {
        if (images < 0) {
            throw new IllegalArgumentException("a charge cannot be for " + images + " images");
        }
    }

    /** The unit price times the number of pictures. */
    public Credits total() {
        return unitPrice.times(images);
    }
}
