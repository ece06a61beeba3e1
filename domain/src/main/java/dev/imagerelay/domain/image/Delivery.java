package dev.imagerelay.domain.image;

import java.util.Optional;

/**
 * What an upstream's complete answer says it contains.
 *
 * @param images  how many pictures arrived whole, 0 or more
 * @param size    the size the answer names; empty if it names none that could be one, or different ones
 * @param quality the quality the answer names; empty if it names none that could be one, or different ones
 */
public record Delivery(int images, Optional<ImageSize> size, Optional<ImageQuality> quality) {

    public Delivery {
        if (images < 0) {
            throw new IllegalArgumentException("a delivery cannot have " + images + " images");
        }
    }

    /** So many pictures, with nothing said of size and quality. */
    public static Delivery of(int images) {
        return new Delivery(images, Optional.empty(), Optional.empty());
    }
}
