package dev.imagerelay.adapters.http;

import dev.imagerelay.domain.relay.ReplyBody;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * An upstream's own answer, byte for byte, or what is left of it after the previews.
 *
 * @param headers  our own, sent unless it is too late for headers
 * @param cutShort what is said in the end of pictures that are missing
 */
record RelayedAnswer(int status, ReplyBody body, Map<String, String> headers, Optional<ApiError> cutShort)
        implements Answer {

    /** An answer of which nothing is missing. */
    RelayedAnswer(int status, ReplyBody body, Map<String, String> headers) {
        this(status, body, headers, Optional.empty());
    }

    @Override
    public void send(HttpServletResponse response) throws IOException {
        EventStream stream = new EventStream(response);
        try (body) {
            headers.forEach(response::setHeader);
            if (EventStream.isEvents(body.contentType())) {
                stream.begin(body.contentType());
            }
            if (stream.isOpen()) {
                stream.add(body);
            } else {
                response.setStatus(status);
                response.setContentType(body.contentType());
                response.setContentLengthLong(body.length());
                body.writeTo(response.getOutputStream());
            }
            if (cutShort.isPresent()) {
                cutShort.get().send(response);
            }
        }
    }
}
