package dev.imagerelay.adapters.upstream.sample;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.core.util.Separators.Spacing;
import java.io.IOException;
import java.io.OutputStream;

/** JSON laid out as the live service does. */
final class Json {
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final DefaultPrettyPrinter LAYOUT = new DefaultPrettyPrinter()
            .withSeparators(Separators.createDefaultInstance().withObjectFieldValueSpacing(Spacing.AFTER))
            .withObjectIndenter(new DefaultIndenter("  ", "\n"))
            .withArrayIndenter(new DefaultIndenter("  ", "\n"));

    private Json() {}

    /** A writer of one JSON value: two spaces a step, a space after each colon. Closing it closes the stream. */
    static JsonGenerator to(OutputStream stream) throws IOException {
        return FACTORY.createGenerator(stream).setPrettyPrinter(LAYOUT.createInstance());
    }

    /** A writer of any number of JSON values, no white space in or between them. Closing it closes the stream. */
    static JsonGenerator linesTo(OutputStream stream) throws IOException {
        return FACTORY.createGenerator(stream).setPrettyPrinter(new MinimalPrettyPrinter(""));
    }
}
