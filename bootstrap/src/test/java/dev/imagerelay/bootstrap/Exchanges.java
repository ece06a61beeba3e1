package dev.imagerelay.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The usual order of the conformance suite, the usual answer to it, and the one form that every error has. */
final class Exchanges {

    /** Costs 1 credit. */
    static final String ORDER = "{\"model\":\"gpt-image-2\",\"prompt\":\"x\",\"size\":\"1024x1024\"}";

    static final String PICTURE = "{\"created\":1,\"data\":[{\"b64_json\":\"QQ==\"}]}";

    private static final ObjectMapper JSON = new ObjectMapper();

    private Exchanges() {}

    /** The error that was answered, which must be in OpenAI's form and have a name. */
    static JsonNode error(HttpResponse<byte[]> response) throws IOException {
        assertEquals("application/json", response.headers().firstValue("Content-Type").orElseThrow());
        assertTrue(response.headers().firstValue("x-request-id").orElseThrow().matches("req_[0-9a-f]{32}"));
        return error(new String(response.body(), StandardCharsets.UTF_8));
    }

    /** The same, of a body alone. */
    static JsonNode error(String body) throws IOException {
        JsonNode json = JSON.readTree(body);
        assertEquals(List.of("error"), names(json), body);
        JsonNode error = json.get("error");
        assertEquals(List.of("message", "type", "param", "code"), names(error), body);
        assertFalse(error.get("message").textValue().isEmpty(), body);
        assertFalse(error.get("type").textValue().isEmpty(), body);
        for (String member : List.of("param", "code")) {
            JsonNode value = error.get(member);
            assertTrue(value.isNull() || value.isTextual() && !value.textValue().isEmpty(), body);
        }
        return error;
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
