package dev.imagerelay.adapters.upstream;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.imagerelay.domain.image.ImageQuality;
import dev.imagerelay.domain.image.ImageSize;
import java.io.IOException;
import java.util.Optional;

/** A JSON object with its long strings abbreviated: small, and all that a verdict needs. */
record Outline(JsonNode json) {

    /** More than this without the inside of long strings is no list of pictures. */
    static final int MAX_BYTES = 1024 * 1024;

    /** So long a number is still read in an instant; no picture is lost for a longer one than Jackson expects. */
    private static final int LONGEST_NUMBER = 20_000;

    /** Always UTF-8, as RFC 8259 has it: in another encoding the abbreviated bytes would mean something else. */
    static final JsonFactory FORM = JsonFactory.builder()
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder().maxNumberLength(LONGEST_NUMBER).build())
            .build();

    private static final ObjectReader JSON = JsonMapper.builder(FORM)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .reader();

    /** Reads abbreviated JSON; empty if it is not one object. */
    static Optional<Outline> read(byte[] abbreviated) throws IOException {
        try {
            return Optional.of(JSON.readTree(abbreviated)).filter(JsonNode::isObject).map(Outline::new);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** Its error; a missing node if it has none. */
    JsonNode error() {
        return json.path("error");
    }

    /** Whether it has one that says something. */
    boolean hasError() {
        return error().isObject() || hasText(error());
    }

    /** A member that is text; empty if it is none. */
    Optional<String> text(String member) {
        return Optional.ofNullable(json.path(member).textValue());
    }

    /** How many pictures are in its {@code data}. */
    int pictures() {
        JsonNode data = json.path("data");
        int pictures = 0;
        for (int i = 0; data.isArray() && i < data.size(); i++) {
            if (isPicture(data.get(i))) {
                pictures++;
            }
        }
        return pictures;
    }

    /** Whether a picture, or a link to one, is in this object itself. */
    static boolean isPicture(JsonNode json) {
        return hasText(json.path("b64_json")) || hasText(json.path("url"));
    }

    private static boolean hasText(JsonNode member) {
        return member.isTextual() && !member.textValue().isEmpty();
    }

    /** The size it names; empty if it names none that could be one. */
    Optional<ImageSize> size() {
        return text("size").flatMap(ImageSize::read);
    }

    /** The quality it names; empty if it names none that could be one. */
    Optional<ImageQuality> quality() {
        return text("quality").flatMap(ImageQuality::read);
    }
}
