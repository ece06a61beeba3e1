package dev.imagerelay.adapters.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** An error in OpenAI's form: the same four members every time, {@code null} where there is nothing to say. */
record ApiError(
        int status,
        String type,
        Optional<String> code,
        Optional<String> param,
        String message,
        Map<String, String> headers)
        implements Answer {

    private static final int LONGEST_QUOTE = 100;

    ApiError {
        headers = Map.copyOf(headers);
    }

    static ApiError of(int status, String type, String message) {
        return new ApiError(status, type, Optional.empty(), Optional.empty(), message, Map.of());
    }

    /** The request is at fault. */
    static ApiError invalidRequest(int status, String message) {
        return of(status, "invalid_request_error", message);
    }

    /** We are at fault, or whoever we depend on. */
    static ApiError serverError(int status, String message) {
        return of(status, "server_error", message);
    }

    /** What a request said, short enough to be repeated in a message. */
    static String quoted(String sent) {
        return sent.codePointCount(0, sent.length()) > LONGEST_QUOTE
                ? "'" + sent.substring(0, sent.offsetByCodePoints(0, LONGEST_QUOTE)) + "...'"
                : "'" + sent + "'";
    }

    ApiError message(String message) {
        return new ApiError(status, type, code, param, message, headers);
    }

    ApiError code(String code) {
        return new ApiError(status, type, Optional.of(code), param, message, headers);
    }

    ApiError param(String param) {
        return new ApiError(status, type, code, Optional.of(param), message, headers);
    }

    ApiError header(String name, String value) {
        return headers(Map.of(name, value));
    }

    ApiError headers(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(headers);
        all.putAll(more);
        return new ApiError(status, type, code, param, message, all);
    }

    /** Tells the official SDKs, which obey this header, not to send the request again by themselves. */
    ApiError notToBeRepeated() {
        return header("x-should-retry", "false");
    }

    JsonAnswer json() {
        return new JsonAnswer(status, into(JsonAnswer.object()));
    }

    /** The same JSON as it stands in an event. */
    byte[] event() {
        return JsonAnswer.ok(into(JsonAnswer.object().put("type", "error"))).bytes();
    }

    private ObjectNode into(ObjectNode object) {
        object.putObject("error")
                .put("message", message)
                .put("type", type)
                .put("param", param.orElse(null))
                .put("code", code.orElse(null));
        return object;
    }

    /** Sends it as an answer of its own, or as the last event of a stream that has begun. */
    @Override
    public void send(HttpServletResponse response) throws IOException {
        EventStream stream = new EventStream(response);
        if (stream.isOpen()) {
            stream.add(this);
        } else {
            headers.forEach(response::setHeader);
            json().send(response);
        }
    }
}
