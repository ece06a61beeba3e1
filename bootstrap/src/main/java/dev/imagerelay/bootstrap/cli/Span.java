package dev.imagerelay.bootstrap.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A span of time.
 *
 * @param seconds 0 or more
 */
record Span(long seconds) {

    /** Takes {@code 90s}, {@code 10m}, {@code 24h} and {@code 7d}. */
    static final class Reader implements ITypeConverter<Span> {

        private static final Pattern SPAN = Pattern.compile("(\\d{1,7})([smhd])");

        @Override
        public Span convert(String text) {
            Matcher span = SPAN.matcher(text);
            if (!span.matches()) {
                throw new TypeConversionException("a time such as 90s, 10m, 24h or 7d, but not '" + text + "'");
            }
            int unit = switch (span.group(2)) {
                case "s" -> 1;
                case "m" -> 60;
                case "h" -> 3_600;
                default -> 86_400;
            };
            return new Span(Long.parseLong(span.group(1)) * unit);
        }
    }
}
