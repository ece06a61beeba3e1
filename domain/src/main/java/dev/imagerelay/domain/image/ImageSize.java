package dev.imagerelay.domain.image;

import java.util.Optional;

/**
 * A size by the name its model gives it: {@code 1024x1024} with most services, {@code 2K} with some.
 * {@code auto} is not a size; an order that leaves the size to the model has none.
 *
 * @param value as for {@link Name}
 */
public record ImageSize(String value) {

    public ImageSize {
        Name.require("size", value);
    }

    /** Reads a size somebody reported; empty if it is {@code auto} or cannot be a size. */
    public static Optional<ImageSize> read(String sent) {
        return Name.fits(sent) ? Optional.of(new ImageSize(sent)) : Optional.empty();
    }

    @Override
    public String toString() {
        return value;
    }
}
