package dev.imagerelay.bootstrap.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * An amount of credits.
 *
 * @param decimal as it was written, such as {@code 12.5}
 */
record Amount(String decimal) {

    /** Takes what can be an amount at all; the gateway says which ones it can work with. */
    static final class Reader implements ITypeConverter<Amount> {
        @Override
        public Amount convert(String text) {
            if (!text.matches("\\d{1,13}(\\.\\d{1,6})?")) {
                throw new TypeConversionException("an amount of credits such as 12.5, but not '" + text + "'");
            }
            return new Amount(text);
        }
    }

    @Override
    public String toString() {
        return decimal;
    }
}
