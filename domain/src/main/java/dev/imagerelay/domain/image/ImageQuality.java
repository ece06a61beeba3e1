package dev.imagerelay.domain.image;

import java.util.Optional;

/**
 * A quality by the name its model gives it: {@code low}, {@code high}, {@code hd} and whatever comes next.
 * {@code auto} is not a quality; an order that leaves the quality to the model has none.
 *
 * @param value as for {@link Name}
 */
public record ImageQuality(String value) {

    public ImageQuality {
        Name.require("quality", value);
    }

    /** Reads a quality somebody reported; empty if it is {@code auto} or cannot be a quality. */
    public static Optional<ImageQuality> read(String sent) {
        return Name.fits(sent) ? Optional.of(new ImageQuality(sent)) : Optional.empty();
    }

    @Override
    public String toString() {
        return value;
    }
}
