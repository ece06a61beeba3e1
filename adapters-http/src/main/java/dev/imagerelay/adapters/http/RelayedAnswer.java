package dev.imagerelay.adapters.http;

import dev.imagerelay.domain.relay.Receipt;
import dev.imagerelay.domain.relay.ReplyBody;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * An upstream's own answer, byte for byte, or what is left of it after the previews. The receipt for it is in the
 * headers, unless those are gone.
 *
 * @param cutShort what is said in the end of pictures that are missing
 */
record RelayedAnswer(int status, ReplyBody body, Receipt receipt, Optional<ApiError> cutShort) implements Answer {

    /** A receipt as headers. */
    static Map<String, String> headers(Receipt receipt) {
        return Map.of(
                "x-credits-charged", receipt.charged().toString(),
                "x-credits-remaining", receipt.remaining().toString(),
                "x-price-version", receipt.version().toString(),
                "x-images-delivered", String.valueOf(receipt.images()));
    }

    @Override
    public void send(HttpServletResponse response) throws IOException {
        EventStream stream = new EventStream(response);
        try (body) {
            headers(receipt).forEach(response::setHeader);
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
