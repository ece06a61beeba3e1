package dev.imagerelay.bootstrap.cli;

import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A bound that an option sets or, with {@code none}, takes away.
 *
 * @param value what JSON has for it; {@code null}: it is taken away
 */
record Cap(Object value) {

    private static final String NONE = "none";

    /** Of a count. */
    static final class Count implements ITypeConverter<Cap> {
        @Override
        public Cap convert(String text) {
            return of(text).orElseGet(() -> new Cap(number(text)));
        }

        private static Long number(String text) {
            if (!text.matches("[1-9]\\d{0,9}")) {
                throw new TypeConversionException("a whole number from 1 on, or none, but not '" + text + "'");
            }
            return Long.valueOf(text);
        }
    }

    /** Of credits. */
    static final class Credits implements ITypeConverter<Cap> {
        @Override
        public Cap convert(String text) {
            return of(text).orElseGet(() -> new Cap(new Amount.Reader().convert(text).decimal()));
        }
    }

    /** In time. */
    static final class Time implements ITypeConverter<Cap> {
        @Override
        public Cap convert(String text) {
            return of(text).orElseGet(() -> new Cap(new Moment.Reader().convert(text).text()));
        }
    }

    private static Optional<Cap> of(String text) {
        return text.equals(NONE) ? Optional.of(new Cap(null)) : Optional.empty();
    }
}
