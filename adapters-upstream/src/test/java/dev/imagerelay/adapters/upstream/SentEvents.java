package dev.imagerelay.adapters.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.imagerelay.adapters.upstream.MisbehavingUpstream.Script;

/** Events as OpenAI sends them. */
final class SentEvents {

    static final String TYPE = "Content-Type: text/event-stream\r\n";

    static final String CHUNKED = TYPE + "Transfer-Encoding: chunked\r\n";

    static final String DONE = "data: [DONE]\n\n";

    private SentEvents() {}

    /** The first preview. */
    static String partial() {
        return """
                event: image_generation.partial_image
                data: {"type":"image_generation.partial_image","partial_image_index":0,"b64_json":"UFJF",\
                "created_at":1,"size":"512x512","quality":"low","background":"opaque","output_format":"png"}

                """;
    }

    /** A whole picture. */
    static String completed() {
        return completed("1024x1024", "high");
    }

    static String completed(String size, String quality) {
        return """
                event: image_generation.completed
                data: {"type":"image_generation.completed","b64_json":"UElD","created_at":1,\
                "usage":{"total_tokens":9},"size":"%s","quality":"%s","background":"opaque","output_format":"png"}

                """.formatted(size, quality);
    }

    /** An error in the form that the official SDKs understand. */
    static String error(String type, String code) {
        return """
                event: error
                data: {"type":"error","error":{"type":"%s","code":"%s","message":"secret org-1","param":null}}

                """.formatted(type, code);
    }

    /** The upstream's own misfortune with a picture. */
    static String error() {
        return error("image_generation_server_error", "image_generation_failed");
    }

    /** An error as OpenAI tells it in the streams of other endpoints; most official SDKs overlook it. */
    static String flatError(String code) {
        return "event: error\ndata: {\"type\":\"error\",\"code\":\"" + code + "\",\"message\":\"secret org-1\"}\n\n";
    }

    /** A script that sends a whole stream and leaves the connection open for the next request. */
    static Script stream(String events) {
        return wire -> {
            wire.begin(CHUNKED);
            wire.chunk(events.getBytes(UTF_8));
            wire.chunk(new byte[0]);
        };
    }
}
