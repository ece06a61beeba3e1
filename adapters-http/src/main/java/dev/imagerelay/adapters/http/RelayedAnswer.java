package dev.imagerelay.adapters.http;

import dev.imagerelay.domain.relay.Receipt;
import dev.imagerelay.domain.relay.ReplyBody;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;

/** An upstream's own answer, byte for byte, with the receipt for it in the headers. */
record RelayedAnswer(int status, ReplyBody body, Receipt receipt) implements Answer {

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
        try (body) {
            headers(receipt).forEach(response::setHeader);
            response.setStatus(status);
            response.setContentType(body.contentType());
            response.setContentLengthLong(body.length());
            body.writeTo(response.getOutputStream());
        }
    }
}
