package dev.imagerelay.bootstrap;

import static dev.imagerelay.adapters.upstream.MisbehavingUpstream.answering;
import static dev.imagerelay.adapters.upstream.MisbehavingUpstream.json;
import static dev.imagerelay.bootstrap.Exchanges.PICTURE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.openai.errors.InternalServerException;
import dev.imagerelay.adapters.upstream.MisbehavingUpstream;
import dev.imagerelay.adapters.upstream.MisbehavingUpstream.Script;
import dev.imagerelay.adapters.upstream.UpstreamSettings;
import dev.imagerelay.adapters.upstream.UpstreamSettings.Breaker;
import dev.imagerelay.adapters.upstream.UpstreamSettings.KeyHeader;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Conformance cases 49 to 56: what an upstream's trouble looks like from outside, and that it costs nothing. */
@Timeout(60)
class ConformanceOfUpstreamErrorsTest {

    private static final String ITS_OWN_HEADERS = "Content-Type: application/json\r\n"
            + "openai-organization: org-acme\r\nopenai-project: proj_abc\r\nx-request-id: req_upstream\r\n"
            + "WWW-Authenticate: Bearer realm=\"OpenAI API\"\r\nSet-Cookie: __cf_bm=1\r\n";

    private static final String RATE_LIMIT = error("Rate limit reached for gpt-image-2 in organization org-acme on"
            + " input-images per min: Limit 5, Used 5, Requested 1. Please try again in 12s.", "input-images",
            "\"rate_limit_exceeded\"");

    static Stream<Arguments> troubleWithOurAccount() {
        return Stream.of(
                Arguments.of(401, UpstreamTrouble.CREDENTIAL_REFUSED,
                        error("Incorrect API key provided: upstream-s****et.", "invalid_request_error",
                                "\"invalid_api_key\"")),
                Arguments.of(403, UpstreamTrouble.CREDENTIAL_REFUSED,
                        error("Project `proj_abc` does not have access to model `gpt-image-2`.",
                                "invalid_request_error", "\"model_not_found\"")),
                Arguments.of(403, UpstreamTrouble.CREDENTIAL_REFUSED,
                        error("Your organization org-acme must be verified to use the model `gpt-image-2`.",
                                "invalid_request_error", "null")),
                Arguments.of(429, UpstreamTrouble.QUOTA_EXHAUSTED,
                        error("You exceeded your current quota, org-acme.", "insufficient_quota",
                                "\"insufficient_quota\"")),
                Arguments.of(429, UpstreamTrouble.QUOTA_EXHAUSTED,
                        error("Project proj_abc has reached its limit.", "insufficient_quota",
                                "\"project_spend_limit_exceeded\"")),
                Arguments.of(400, UpstreamTrouble.QUOTA_EXHAUSTED,
                        error("Billing hard limit of org-acme has been reached.", "invalid_request_error",
                                "\"billing_hard_limit_reached\"")));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("troubleWithOurAccount")
    void case49_troubleWithTheGatewaysOwnAccountIsNotTheClients(int status, UpstreamTrouble trouble, String body)
            throws Exception {
        HttpResponse<byte[]> response =
                trouble.isCausedBy(wire -> wire.answer(status, ITS_OWN_HEADERS, body.getBytes(UTF_8)));

        namesNeitherAccountNorKey(response);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "7", "60"})
    void case50_aRateLimitIsToldWithItsWait(String seconds) throws Exception {
        HttpResponse<byte[]> response = rateLimited("Retry-After: " + seconds + "\r\n");

        assertEquals(Optional.of(seconds), response.headers().firstValue("Retry-After"));
        namesNeitherAccountNorKey(response);
    }

    // None rather than 60: what the upstream asks for is longer, and every official client waits a little by itself.
    @ParameterizedTest
    @ValueSource(strings = {
        "Retry-After: 3600", "Retry-After: 61", "Retry-After: 0", "Retry-After: -1", "retry-after-ms: 3600000",
        "Retry-After: Wed, 21 Oct 2099 07:28:00 GMT", "X-Nothing: 0"
    })
    void case51_aWaitOfMoreThanAMinuteIsNotToldAtAll(String header) throws Exception {
        HttpResponse<byte[]> response = rateLimited(header + "\r\n");

        assertEquals(Optional.empty(), response.headers().firstValue("Retry-After"));
        assertEquals(Optional.empty(), response.headers().firstValue("retry-after-ms"));
    }

    private static HttpResponse<byte[]> rateLimited(String header) throws Exception {
        return UpstreamTrouble.BUSY.isCausedBy(
                wire -> wire.answer(429, ITS_OWN_HEADERS + header, RATE_LIMIT.getBytes(UTF_8)));
    }

    @ParameterizedTest
    @CsvSource({
        "502, CUT_OFF", "503, CUT_OFF", "504, TIMED_OUT", "500, ERROR_ANSWERED", "404, ERROR_ANSWERED",
        "400, ERROR_ANSWERED", "200, UNUSABLE_ANSWER"
    })
    void case52_aPageOfHtmlIsNotPassedOn(int status, UpstreamTrouble trouble) throws Exception {
        HttpResponse<byte[]> response = trouble.isCausedBy(wire -> wire.answer(
                status, "Content-Type: text/html\r\n", "<html><h1>Bad Gateway</h1></html>".getBytes(UTF_8)));

        assertFalse(new String(response.body(), UTF_8).contains("<"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"error\":{\"message\":\"no\",\"type\":\"server_error\",\"param\":null,\"code\":null}}",
        "{\"error\":\"no\"}",
        "{\"created\":1,\"data\":[{\"b64_json\":\"QQ==\"}],\"error\":{\"message\":\"no\"}}"
    })
    void case53_anErrorInASuccessIsNone(String body) throws Exception {
        UpstreamTrouble.UNUSABLE_ANSWER.isCausedBy(json(200, body));
    }

    static Stream<Arguments> empties() {
        return Stream.of(
                empty("of no bytes", json(200, "")),
                empty("of spaces", json(200, " \r\n")),
                empty("of no chunks", wire -> wire.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n")),
                empty("that ends with the connection", wire -> {
                    wire.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n");
                    wire.hangUp();
                }),
                empty("that is announced by its status", wire -> wire.send("HTTP/1.1 204 No Content\r\n\r\n")));
    }

    private static Arguments empty(String what, Script script) {
        return Arguments.of(what, script);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("empties")
    void case54_anEmptySuccessIsNone(String what, Script script) throws Exception {
        UpstreamTrouble.UNUSABLE_ANSWER.isCausedBy(script);
    }

    static Stream<Arguments> slowness() {
        String head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 999999\r\n\r\n";
        return Stream.of(
                slow("says nothing", wire -> wire.stall()),
                slow("falls silent", wire -> {
                    wire.send(head + "{\"data\"");
                    wire.stall();
                }),
                slow("never comes to its end", wire -> {
                    wire.send(head);
                    while (true) {
                        wire.send(" ");
                        wire.pause(10);
                    }
                }));
    }

    private static Arguments slow(String what, Script script) {
        return Arguments.of(what, script);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("slowness")
    void case55_anUpstreamThatIsTooSlowHasTimedOut(String what, Script script) throws Exception {
        try (MisbehavingUpstream upstream = answering(script);
                RunningRelay relay = impatient(upstream)) {
            UpstreamTrouble.TIMED_OUT.isToldBy(relay, upstream);
        }
    }

    @ParameterizedTest
    @EnumSource
    void case55_aClientDoesNotAskAgain(OpenAiJava way) throws Exception {
        try (MisbehavingUpstream upstream = answering(wire -> wire.stall());
                RunningRelay relay = impatient(upstream);
                CountingProxy door = new CountingProxy(relay.port())) {
            InternalServerException failure =
                    assertThrows(InternalServerException.class, () -> way.generate(door, relay.key()));

            assertEquals(504, failure.statusCode());
            assertEquals(Optional.of("upstream_timed_out"), failure.code());
            assertEquals(1, door.requests());
            assertEquals(List.of("granted 10", "held 1", "released 1"), relay.moves());
        }
    }

    private static RunningRelay impatient(MisbehavingUpstream upstream) throws Exception {
        UpstreamSettings settings = new UpstreamSettings(
                "openai", upstream.baseUrl(), Optional.empty(), KeyHeader.BEARER, 1, Duration.ofSeconds(10),
                Duration.ofMillis(300), Duration.ofMillis(1_500), 1 << 20, Breaker.NEVER);
        return new RunningRelay(List.of(settings), Optional.empty(), "10");
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void case56_aRedirectIsNotFollowed(int status) throws Exception {
        try (MisbehavingUpstream elsewhere = answering(json(200, PICTURE))) {
            String location = "Location: http://localhost:" + elsewhere.baseUrl().getPort()
                    + "/v1/images/generations\r\n";

            HttpResponse<byte[]> response =
                    UpstreamTrouble.ERROR_ANSWERED.isCausedBy(wire -> wire.answer(status, location, new byte[0]));

            assertEquals(Optional.empty(), response.headers().firstValue("Location"));
            assertEquals(0, elsewhere.connections());
        }
    }

    private static String error(String message, String type, String code) {
        return "{\"error\":{\"message\":\"" + message + "\",\"type\":\"" + type + "\",\"param\":null,\"code\":" + code
                + "}}";
    }

    private static void namesNeitherAccountNorKey(HttpResponse<byte[]> response) {
        String all = response.headers().map() + new String(response.body(), UTF_8);
        for (String secret : List.of("org-", "proj_", "upstream-s", "req_upstream", "OpenAI API", "__cf_bm")) {
            assertFalse(all.contains(secret), all);
        }
        assertEquals(Optional.empty(), response.headers().firstValue("openai-organization"));
    }
}
