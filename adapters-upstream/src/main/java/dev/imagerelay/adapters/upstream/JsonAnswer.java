package dev.imagerelay.adapters.upstream;

import dev.imagerelay.domain.image.Delivery;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.ZipException;
import org.apache.hc.core5.http.ClassicHttpResponse;

/**
 * A JSON object that an upstream answered.
 *
 * @param body    every byte of it
 * @param outline the same object, abbreviated
 */
record JsonAnswer(Spool body, Outline outline) {

    private static final Pattern JSON_TYPE =
            Pattern.compile("application/([!-~]+\\+)?json *(;[ -~]*)?", Pattern.CASE_INSENSITIVE);

    private static final int CHUNK = 16 * 1024;

    /**
     * Reads an answer to its end; the receiver closes the body.
     *
     * @return empty if it is no JSON object, is larger than the limit or is encoded in a way that was not asked for
     * @throws IOException if the connection fails before its end
     */
    static Optional<JsonAnswer> read(ClassicHttpResponse response, Path spoolDirectory, long maxBytes)
            throws IOException {
        Spool body = new Spool(spoolDirectory, contentType(response));
        Optional<Outline> outline = Optional.empty();
        try {
            outline = copy(response, body, maxBytes);
            return outline.map(json -> new JsonAnswer(body, json));
        } finally {
            if (outline.isEmpty()) {
                body.close();
            }
        }
    }

    /** openai-node makes an object of an answer only if its type is a JSON type. */
    private static String contentType(ClassicHttpResponse response) {
        return AnswerBytes.header(response, "Content-Type")
                .filter(type -> JSON_TYPE.matcher(type).matches())
                .orElse("application/json");
    }

    private static Optional<Outline> copy(ClassicHttpResponse response, Spool body, long maxBytes)
            throws IOException {
        try {
            Optional<InputStream> bytes = AnswerBytes.of(response);
            if (bytes.isEmpty()) {
                return Optional.empty();
            }
            try (InputStream in = bytes.get()) {
                return copy(in, chunk(response.getEntity().getContentLength()), body, maxBytes);
            }
        } catch (ZipException e) {
            return Optional.empty();
        }
    }

    /** Most answers that are not large are very small. */
    private static byte[] chunk(long announced) {
        return new byte[announced > 0 ? (int) Math.min(announced, CHUNK) : CHUNK];
    }

    private static Optional<Outline> copy(InputStream in, byte[] chunk, Spool body, long maxBytes)
            throws IOException {
        StringAbbreviator abbreviated = new StringAbbreviator();
        for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
            body.append(chunk, 0, count);
            abbreviated.append(chunk, 0, count);
            if (body.length() > maxBytes || abbreviated.length() > Outline.MAX_BYTES) {
                return Optional.empty();
            }
        }
        return Outline.read(abbreviated.toByteArray());
    }

    /** What it says it contains. */
    Delivery delivery() {
        return new Delivery(outline.pictures(), outline.size(), outline.quality());
    }
}
