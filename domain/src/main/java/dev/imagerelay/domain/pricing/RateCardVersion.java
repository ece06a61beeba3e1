package dev.imagerelay.domain.pricing;

/**
 * Names the content of a rate card: the same prices have the same version, on every machine and at every start.
 *
 * @param value the first 16 hexadecimal digits of the SHA-256 of {@link RateCard#text()}
 */
public record RateCardVersion(String value) {

    public RateCardVersion {
        if (!value.matches("[0-9a-f]{16}")) {
            throw new IllegalArgumentException("a rate card's version is 16 hexadecimal digits, not '" + value + "'");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
