package dev.imagerelay.bootstrap;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;

/**
 * An answer read as it comes in, a character a byte. Reading waits for what is still to come, and fails if the answer
 * is cut off.
 */
record StreamedAnswer(HttpResponse<InputStream> response) implements AutoCloseable {

    /** The next line with its end; empty behind the last. */
    String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = response.body().read(); b >= 0; b = response.body().read()) {
            line.write(b);
            if (b == '\n') {
                break;
            }
        }
        return line.toString(ISO_8859_1);
    }

    /** All up to the next blank line. */
    String event() throws IOException {
        StringBuilder event = new StringBuilder();
        String line;
        do {
            line = line();
            event.append(line);
        } while (!line.isBlank());
        return event.toString();
    }

    /** All that is left. */
    String rest() throws IOException {
        return new String(response.body().readAllBytes(), ISO_8859_1);
    }

    /** Leaves, if there is anything left. */
    @Override
    public void close() throws IOException {
        response.body().close();
    }
}
