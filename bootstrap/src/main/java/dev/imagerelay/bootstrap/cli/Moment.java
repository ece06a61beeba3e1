package dev.imagerelay.bootstrap.cli;

import java.time.DateTimeException;
import java.time.Instant;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A moment.
 *
 * @param text in UTC, such as {@code 2027-01-31T12:00:00Z}
 */
record Moment(String text) {

    /** A day stands for its beginning. */
    static final class Reader implements ITypeConverter<Moment> {
        @Override
        public Moment convert(String text) {
            try {
                return new Moment(Instant.parse(text.length() == 10 ? text + "T00:00:00Z" : text).toString());
            } catch (DateTimeException e) {
                throw new TypeConversionException("a time in UTC such as 2027-01-31T12:00:00Z, or a day such as"
                        + " 2027-01-31, but not '" + text + "'");
            }
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
