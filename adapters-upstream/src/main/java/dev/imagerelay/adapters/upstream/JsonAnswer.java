package dev.imagerelay.adapters.upstream;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.imagerelay.domain.image.Delivery;
import dev.imagerelay.domain.image.ImageQuality;
import dev.imagerelay.domain.image.ImageSize;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;

/**
 * A JSON object that an upstream answered.
 *
 * @param body    every byte of it
 * @param outline the same object with its long strings abbreviated
 */
record JsonAnswer(Spool body, JsonNode outline) {

    private static final Pattern JSON_TYPE =
            Pattern.compile("application/([!-~]+\\+)?json *(;[ -~]*)?", Pattern.CASE_INSENSITIVE);

    /** More than this without the inside of long strings is no list of pictures. */
    private static final int MAX_OUTLINE_BYTES = 1024 * 1024;

    private static final int CHUNK = 16 * 1024;

    /** Always UTF-8, as RFC 8259 has it: in another encoding the abbreviated bytes would mean something else. */
    private static final ObjectReader JSON = JsonMapper.builder(
                    JsonFactory.builder().disable(JsonFactory.Feature.CHARSET_DETECTION).build())
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .reader();

    /**
     * Reads an answer to its end; the receiver closes the body.
     *
     * @return empty if it is no JSON object, is larger than the limit or is encoded in a way that was not asked for
     * @throws IOException if the connection fails before its end
     */
    static Optional<JsonAnswer> read(ClassicHttpResponse response, Path spoolDirectory, long maxBytes)
            throws IOException {
        Spool body = new Spool(spoolDirectory, contentType(response));
        Optional<JsonNode> outline = Optional.empty();
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
        return header(response, "Content-Type")
                .filter(type -> JSON_TYPE.matcher(type).matches())
                .orElse("application/json");
    }

    private static Optional<JsonNode> copy(ClassicHttpResponse response, Spool body, long maxBytes)
            throws IOException {
        if (response.getEntity() == null) {
            return Optional.empty();
        }
        InputStream sent = response.getEntity().getContent();
        return switch (header(response, "Content-Encoding").orElse("identity").toLowerCase(Locale.ROOT)) {
            case "identity" -> copy(sent, body, maxBytes);
            case "gzip", "x-gzip" -> gunzip(sent, body, maxBytes);
            default -> Optional.empty();
        };
    }

    private static Optional<JsonNode> gunzip(InputStream in, Spool body, long maxBytes) throws IOException {
        Compressed sent = new Compressed(in);
        try (GZIPInputStream plain = new GZIPInputStream(sent, CHUNK)) {
            Optional<JsonNode> outline = copy(plain, body, maxBytes);
            return outline.isPresent() && sent.read() < 0 ? outline : Optional.empty();
        } catch (ZipException e) {
            return Optional.empty();
        }
    }

    private static Optional<JsonNode> copy(InputStream in, Spool body, long maxBytes) throws IOException {
        StringAbbreviator abbreviated = new StringAbbreviator();
        byte[] chunk = new byte[CHUNK];
        for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
            body.append(chunk, 0, count);
            abbreviated.append(chunk, 0, count);
            if (body.length() > maxBytes || abbreviated.length() > MAX_OUTLINE_BYTES) {
                return Optional.empty();
            }
        }
        return object(abbreviated.toByteArray());
    }

    private static Optional<JsonNode> object(byte[] json) throws IOException {
        try {
            return Optional.of(JSON.readTree(json)).filter(JsonNode::isObject);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> header(ClassicHttpResponse response, String name) {
        return Optional.ofNullable(response.getFirstHeader(name)).map(Header::getValue);
    }

    /** Its error; a missing node if it has none. */
    JsonNode error() {
        return outline.path("error");
    }

    /** Whether it has one that is not null. */
    boolean hasError() {
        return outline.hasNonNull("error");
    }

    /** What it says it contains. */
    Delivery delivery() {
        return new Delivery(
                images(outline.path("data")),
                Optional.ofNullable(outline.path("size").textValue()).flatMap(ImageSize::read),
                Optional.ofNullable(outline.path("quality").textValue()).flatMap(ImageQuality::read));
    }

    private static int images(JsonNode data) {
        int images = 0;
        for (int i = 0; data.isArray() && i < data.size(); i++) {
            JsonNode entry = data.get(i);
            if (hasText(entry.path("b64_json")) || hasText(entry.path("url"))) {
                images++;
            }
        }
        return images;
    }

    private static boolean hasText(JsonNode member) {
        return member.isTextual() && !member.textValue().isEmpty();
    }

    /** What was sent, before it is decompressed. */
    private static final class Compressed extends FilterInputStream {

        private Optional<IOException> broken = Optional.empty();

        private Compressed(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        /** A failure lasts, as GZIPInputStream ignores one that comes after the end of the compressed bytes. */
        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (broken.isPresent()) {
                throw broken.get();
            }
            try {
                return super.read(bytes, offset, length);
            } catch (IOException e) {
                broken = Optional.of(e);
                throw e;
            }
        }

        /** Does nothing: closing would read the rest, however much and however slow. */
        @Override
        public void close() {}
    }
}
