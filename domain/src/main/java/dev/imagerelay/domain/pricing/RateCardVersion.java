package dev.imagerelay.domain.pricing;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Names the content of a rate card: the same prices have the same version, on every machine and at every start.
 *
 * @param value the first 16 hexadecimal digits of the SHA-256 of {@link RateCard#text()}
 */
public record RateCardVersion(String value) {

    private static final Pattern FORM = Pattern.compile("[0-9a-f]{16}");

    public RateCardVersion {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("a rate card's version is 16 hexadecimal digits, not '" + value + "'");
        }
    }

    /** Reads a version somebody sent; empty if no rate card can have it. */
    public static Optional<RateCardVersion> read(String sent) {
        return FORM.matcher(sent).matches() ? Optional.of(new RateCardVersion(sent)) : Optional.empty();
    }

    @Override
    public String toString() {
        return value;
    }
}
