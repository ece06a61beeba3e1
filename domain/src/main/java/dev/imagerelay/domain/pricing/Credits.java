package dev.imagerelay.domain.pricing;

import java.math.BigDecimal;

/**
 * An amount of credits, never negative, counted in millionths of a credit. All arithmetic is exact: what does not fit
 * is an {@link ArithmeticException}, never a wrapped or rounded amount.
 *
 * @param micros millionths of a credit, 0 or more
 */
public record Credits(long micros) implements Comparable<Credits> {

    public static final Credits ZERO = new Credits(0);

    /** How many decimals an amount can have. */
    public static final int SCALE = 6;

    public Credits {
        if (micros < 0) {
            throw new IllegalArgumentException("credits cannot be negative: " + micros + " millionths");
        }
    }

    /** Reads an amount such as {@code 12.5}; negative amounts and more than 6 decimals are refused. */
    public static Credits of(String decimal) {
        return of(new BigDecimal(decimal));
    }

    /** The amount of credits that a decimal names; negative amounts and more than 6 decimals are refused. */
    public static Credits of(BigDecimal decimal) {
        try {
            return new Credits(decimal.movePointRight(SCALE).longValueExact());
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("an amount of credits has at most " + SCALE
                    + " decimals and is below 9.2 million millions, unlike " + decimal, e);
        }
    }

    public Credits plus(Credits other) {
        return new Credits(Math.addExact(micros, other.micros));
    }

    /** The difference. The other amount must not be larger. */
    public Credits minus(Credits other) {
        return new Credits(Math.subtractExact(micros, other.micros));
    }

    /** So many times this amount. */
    public Credits times(int count) {
        return new Credits(Math.multiplyExact(micros, count));
    }

    public boolean isZero() {
        return micros == 0;
    }

    /** Whether this is enough to pay that. */
    public boolean covers(Credits other) {
        return micros >= other.micros;
    }

    public Credits min(Credits other) {
        return covers(other) ? other : this;
    }

    /** The amount as a decimal number without trailing zeros. */
    public BigDecimal decimal() {
        BigDecimal plain = BigDecimal.valueOf(micros, SCALE).stripTrailingZeros();
        return plain.scale() < 0 ? plain.setScale(0) : plain;
    }

    @Override
    public int compareTo(Credits other) {
        return Long.compare(micros, other.micros);
    }

    @Override
    public String toString() {
        return decimal().toPlainString();
    }
}
