package dev.imagerelay.adapters.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collection;
import java.util.function.Function;

/** An answer of our own making. Amounts in it are decimal numbers without an exponent. */
record JsonAnswer(int status, JsonNode body) implements Answer {

    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN).build();

    static JsonAnswer ok(JsonNode body) {
        return new JsonAnswer(200, body);
    }

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** An array with one element for each of these. */
    static <T> ArrayNode array(Collection<T> values, Function<T, JsonNode> element) {
        ArrayNode array = MAPPER.createArrayNode();
        values.forEach(value -> array.add(element.apply(value)));
        return array;
    }

    /** An array of the names of these. */
    static ArrayNode names(Collection<?> values) {
        ArrayNode array = MAPPER.createArrayNode();
        values.forEach(value -> array.add(value.toString()));
        return array;
    }

    byte[] bytes() {
        try {
            return MAPPER.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can be written", e);
        }
    }

    @Override
    public void send(HttpServletResponse response) throws IOException {
        byte[] bytes = bytes();
        response.setStatus(status);
        response.setContentType("application/json");
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }
}
