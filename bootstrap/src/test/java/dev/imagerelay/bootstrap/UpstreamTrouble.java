package dev.imagerelay.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.imagerelay.adapters.upstream.MisbehavingUpstream;
import dev.imagerelay.adapters.upstream.MisbehavingUpstream.Script;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How a client is told that an upstream failed it, which never costs it anything. */
enum UpstreamTrouble {
    UNREACHABLE(502, "server_error", "upstream_unreachable", true,
            "cannot be reached. Nothing was charged. Try again."),
    ERROR_ANSWERED(502, "server_error", "upstream_error", true,
            "answered with an error. Nothing was charged. Try again."),
    CUT_OFF(502, "server_error", "upstream_cut_off", false,
            "broke off before its answer was complete. Nothing was charged."
                    + " Send the request again if you still want the images."),
    TIMED_OUT(504, "server_error", "upstream_timed_out", false,
            "did not answer in time. Nothing was charged. Send the request again if you still want the images."),
    UNUSABLE_ANSWER(502, "server_error", "upstream_invalid_response", false,
            "gave an answer that cannot be used. Nothing was charged."
                    + " Send the request again if you still want the images."),
    NO_IMAGES(502, "server_error", "upstream_no_images", false,
            "answered without any image. Nothing was charged. Send the request again if you still want the images."),
    CREDENTIAL_REFUSED(502, "server_error", "upstream_auth_failed", false,
            "refuses the gateway's own access; your key is not at fault. Nothing was charged."
                    + " Tell whoever runs this gateway."),
    QUOTA_EXHAUSTED(503, "server_error", "upstream_quota_exhausted", false,
            "has no quota left for the gateway; your credits are not at fault. Nothing was charged."
                    + " Tell whoever runs this gateway."),
    BUSY(429, "requests", "rate_limit_exceeded", true,
            "takes no more requests at the moment. Nothing was charged. Try again a little later."),
    TOO_LATE(500, "server_error", "settled_too_late", false,
            "answered after the credits held for it had been given back. Nothing was charged."
                    + " Send the request again if you still want the images.");

    private final int status;
    private final String type;
    private final String code;
    private final boolean mayBeRepeated;
    private final String message;

    UpstreamTrouble(int status, String type, String code, boolean mayBeRepeated, String message) {
        this.status = status;
        this.type = type;
        this.code = code;
        this.mayBeRepeated = mayBeRepeated;
        this.message = "The image service behind this gateway " + message;
    }

    /** Orders a picture from an upstream that does this instead, and returns the answer. */
    HttpResponse<byte[]> isCausedBy(Script script) throws IOException, InterruptedException {
        try (MisbehavingUpstream upstream = MisbehavingUpstream.answering(script);
                RunningRelay relay = RunningRelay.on(upstream, "10")) {
            return isToldBy(relay, upstream);
        }
    }

    /** Orders a picture with an account that has 10 credits and has never been used, and returns the answer. */
    HttpResponse<byte[]> isToldBy(RunningRelay relay, MisbehavingUpstream upstream)
            throws IOException, InterruptedException {
        return isToldBy(relay, upstream, Exchanges.ORDER);
    }

    /** The same with this order, for one picture. */
    HttpResponse<byte[]> isToldBy(RunningRelay relay, MisbehavingUpstream upstream, String order)
            throws IOException, InterruptedException {
        HttpResponse<byte[]> response = relay.generate(order);

        isToldBy(response, "10");
        assertCostsNothing(relay, upstream, response);
        return response;
    }

    /** This answer must tell of it, and that nothing was charged and so much is available. */
    void isToldBy(HttpResponse<byte[]> response, String available) throws IOException {
        assertToldIn(Exchanges.error(response), message);
        assertEquals(status, response.statusCode());
        assertEquals(
                mayBeRepeated ? Optional.empty() : Optional.of("false"),
                response.headers().firstValue("x-should-retry"));
        if (this != BUSY) {
            assertEquals(Optional.empty(), response.headers().firstValue("Retry-After"));
        }
        assertEquals(List.of("0", available, "0"), RunningRelay.receipt(response));
    }

    /**
     * Orders a streamed picture with an account that has 10 credits and has never been used. This trouble must be told
     * in the last event of the answer; returns those before it.
     */
    String endsTheStream(RunningRelay relay, MisbehavingUpstream upstream) throws IOException, InterruptedException {
        try (StreamedAnswer answer = relay.stream(StreamedExchanges.ORDER)) {
            String events = answer.rest();
            int last = Math.max(0, events.lastIndexOf("event: "));
            assertEquals(200, answer.response().statusCode(), events);
            assertToldIn(StreamedExchanges.errorIn(events.substring(last)), message);
            assertCostsNothing(relay, upstream, answer.response());
            return events.substring(0, last);
        }
    }

    /** After so many of the pictures that were ordered. */
    void isToldBy(String event, int images) throws IOException {
        assertToldIn(StreamedExchanges.errorIn(event), "The image service behind this gateway did not send all of the"
                + " images. Charged are only those that came: " + images
                + ". Order the missing ones if you still want them.");
    }

    private void assertToldIn(JsonNode error, String words) {
        assertEquals(words, error.get("message").textValue());
        assertEquals(type, error.get("type").textValue());
        assertEquals(code, error.get("code").textValue());
        assertTrue(error.get("param").isNull(), error.toString());
    }

    private void assertCostsNothing(RunningRelay relay, MisbehavingUpstream upstream, HttpResponse<?> response) {
        Optional<String> id = response.headers().firstValue("x-request-id");
        long asked = upstream.requests().stream()
                .filter(request -> request.header("X-Client-Request-Id").equals(id))
                .count();
        assertEquals(this == UNREACHABLE ? 0 : 1, asked, "nothing is asked for twice");
        assertEquals(RunningRelay.credits("10"), relay.balance());
        assertEquals(List.of("granted 10", "held 1", "released 1"), relay.moves());
        String reason = name().toLowerCase(Locale.ROOT);
        assertEquals(Optional.of(reason), relay.booked(response).reason(), "the operator sees why");
    }
}
