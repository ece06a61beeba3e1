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
    ERROR_ANSWERED(502, "server_error", "upstream_error", true),
    CUT_OFF(502, "server_error", "upstream_cut_off", false),
    TIMED_OUT(504, "server_error", "upstream_timed_out", false),
    UNUSABLE_ANSWER(502, "server_error", "upstream_invalid_response", false),
    NO_IMAGES(502, "server_error", "upstream_no_images", false),
    CREDENTIAL_REFUSED(502, "server_error", "upstream_auth_failed", false),
    QUOTA_EXHAUSTED(503, "server_error", "upstream_quota_exhausted", false),
    BUSY(429, "requests", "rate_limit_exceeded", true);

    private final int status;
    private final String type;
    private final String code;
    private final boolean mayBeRepeated;

    UpstreamTrouble(int status, String type, String code, boolean mayBeRepeated) {
        this.status = status;
        this.type = type;
        this.code = code;
        this.mayBeRepeated = mayBeRepeated;
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

        JsonNode error = Exchanges.error(response);
        assertEquals(status, response.statusCode());
        assertNamedIn(error);
        assertEquals(
                mayBeRepeated ? Optional.empty() : Optional.of("false"),
                response.headers().firstValue("x-should-retry"));
        assertEquals(List.of("0", "10", "0"), RunningRelay.receipt(response));
        assertCostsNothing(relay, upstream, response);
        return response;
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
            isToldBy(events.substring(last));
            assertCostsNothing(relay, upstream, answer.response());
            return events.substring(0, last);
        }
    }

    /** Whether or not it cost anything. */
    void isToldBy(String event) throws IOException {
        assertNamedIn(StreamedExchanges.errorIn(event));
    }

    private void assertNamedIn(JsonNode error) {
        assertEquals(type, error.get("type").textValue());
        assertEquals(code, error.get("code").textValue());
        assertTrue(error.get("param").isNull(), error.toString());
    }

    private void assertCostsNothing(RunningRelay relay, MisbehavingUpstream upstream, HttpResponse<?> response) {
        assertEquals(1, upstream.requests().size(), "nothing is asked for twice");
        assertEquals(RunningRelay.credits("10"), relay.balance());
        assertEquals(List.of("granted 10", "held 1", "released 1"), relay.moves());
        String reason = name().toLowerCase(Locale.ROOT);
        assertEquals(Optional.of(reason), relay.booked(response).reason(), "the operator sees why");
    }
}
