package dev.imagerelay.bootstrap;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.imagerelay.adapters.upstream.MisbehavingUpstream.Script;
import dev.imagerelay.adapters.upstream.MisbehavingUpstream.Wire;
import java.io.IOException;

/** The usual streamed order of the conformance suite, the usual events in answer to it, and an error among them. */
final class StreamedExchanges {

    /** For two previews and a picture, which costs 1 credit. */
    static final String ORDER = order(2);

    /** Headers of an answer that ends with its connection. */
    static final String TYPE = "Content-Type: text/event-stream\r\n";

    /** Headers of an answer that tells its end. */
    static final String CHUNKED = TYPE + "Transfer-Encoding: chunked\r\n";

    /** As gpt-image models send it, but for the picture. */
    static final String COMPLETED = completed("\"size\":\"1024x1024\",\"quality\":\"high\"");

    /** How OpenAI tells of a picture that failed. */
    static final String FAILED = error("image_generation_server_error", "image_generation_failed");

    private StreamedExchanges() {}

    static String order(int previews) {
        return order("\"size\":\"1024x1024\",\"partial_images\":" + previews);
    }

    /** With these members. */
    static String order(String members) {
        return "{\"model\":\"gpt-image-2\",\"prompt\":\"x\",\"stream\":true," + members + "}";
    }

    /** As gpt-image models send it, but for the picture. */
    static String partial(int index) {
        return "event: image_generation.partial_image\ndata: {\"type\":\"image_generation.partial_image\","
                + "\"partial_image_index\":" + index + ",\"b64_json\":\"UFJF\",\"created_at\":1780051200,"
                + "\"size\":\"1024x1024\",\"quality\":\"high\",\"background\":\"opaque\","
                + "\"output_format\":\"png\"}\n\n";
    }

    /** The same for a whole picture, with these members in place of size and quality. */
    static String completed(String members) {
        return "event: image_generation.completed\ndata: {\"type\":\"image_generation.completed\","
                + "\"b64_json\":\"UElD\",\"created_at\":1780051200,\"usage\":{\"input_tokens\":9,"
                + "\"output_tokens\":4360,\"total_tokens\":4369,\"input_tokens_details\":{\"image_tokens\":0,"
                + "\"text_tokens\":9}}," + members + ",\"background\":\"opaque\",\"output_format\":\"png\"}\n\n";
    }

    /** An error of the upstream. */
    static String error(String type, String code) {
        return "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"" + type + "\",\"code\":\"" + code
                + "\",\"message\":\"Not this time, org-acme.\",\"param\":null}}\n\n";
    }

    /** Sends each of these as a chunk of its own, ends the answer, and leaves the connection open. */
    static Script stream(String... events) {
        return wire -> {
            wire.begin(CHUNKED);
            for (String each : events) {
                send(wire, each);
            }
            wire.chunk(new byte[0]);
        };
    }

    /** Sends this as one chunk. */
    static void send(Wire wire, String events) throws IOException {
        wire.chunk(events.getBytes(US_ASCII));
    }

    /** The error of an event of ours, which must be in the one form that every official SDK understands. */
    static JsonNode errorIn(String event) throws IOException {
        String start = "event: error\ndata: {\"type\":\"error\",";
        assertTrue(event.startsWith(start) && event.endsWith("}\n\n"), event);
        assertEquals(3, event.lines().count(), event);
        return Exchanges.error("{" + event.substring(start.length()));
    }
}
