package dev.imagerelay.adapters.upstream;

import static dev.imagerelay.adapters.upstream.Asking.ID;
import static dev.imagerelay.adapters.upstream.Asking.ONE_PICTURE;
import static dev.imagerelay.adapters.upstream.Asking.TIME;
import static dev.imagerelay.adapters.upstream.Asking.ask;
import static dev.imagerelay.adapters.upstream.Asking.bytes;
import static dev.imagerelay.adapters.upstream.Asking.filesIn;
import static dev.imagerelay.adapters.upstream.Asking.settings;
import static dev.imagerelay.adapters.upstream.MisbehavingUpstream.answering;
import static dev.imagerelay.adapters.upstream.MisbehavingUpstream.deaf;
import static dev.imagerelay.adapters.upstream.MisbehavingUpstream.gzipped;
import static dev.imagerelay.adapters.upstream.MisbehavingUpstream.json;
import static dev.imagerelay.domain.relay.UpstreamFailure.BUSY;
import static dev.imagerelay.domain.relay.UpstreamFailure.CREDENTIAL_REFUSED;
import static dev.imagerelay.domain.relay.UpstreamFailure.CUT_OFF;
import static dev.imagerelay.domain.relay.UpstreamFailure.ERROR_ANSWERED;
import static dev.imagerelay.domain.relay.UpstreamFailure.NO_IMAGES;
import static dev.imagerelay.domain.relay.UpstreamFailure.QUOTA_EXHAUSTED;
import static dev.imagerelay.domain.relay.UpstreamFailure.TIMED_OUT;
import static dev.imagerelay.domain.relay.UpstreamFailure.UNREACHABLE;
import static dev.imagerelay.domain.relay.UpstreamFailure.UNUSABLE_ANSWER;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.adapters.upstream.MisbehavingUpstream.Script;
import dev.imagerelay.adapters.upstream.UpstreamSettings.Breaker;
import dev.imagerelay.adapters.upstream.UpstreamSettings.KeyHeader;
import dev.imagerelay.domain.relay.Previews;
import dev.imagerelay.domain.relay.RequestBody;
import dev.imagerelay.domain.relay.UpstreamFailure;
import dev.imagerelay.domain.relay.UpstreamReply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way an upstream can fail is told by its name, after one request, and leaves neither files nor connections. */
@Timeout(60)
class UpstreamFailuresTest {

    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

    @TempDir
    Path spools;

    static Stream<Arguments> failures() {
        return Stream.of(
                failure("hangs up without a word", CUT_OFF, wire -> wire.hangUp()),
                failure("resets without a word", CUT_OFF, wire -> wire.reset()),
                failure("resets in the status line", CUT_OFF, wire -> {
                    wire.send("HTTP/1.1 2");
                    wire.reset();
                }),
                failure("hangs up in the headers", CUT_OFF, wire -> {
                    wire.send("HTTP/1.1 200 OK\r\nContent-Ty");
                    wire.hangUp();
                }),
                failure("resets in the body", CUT_OFF, wire -> {
                    wire.send(OK + "Content-Length: 1000\r\n\r\n{\"data\":[");
                    wire.reset();
                }),
                failure("sends less than its Content-Length", CUT_OFF, wire -> {
                    wire.send(OK + "Content-Length: 1000\r\n\r\n" + ONE_PICTURE);
                    wire.hangUp();
                }),
                failure("sends no last chunk", CUT_OFF, wire -> {
                    wire.send(OK + "Transfer-Encoding: chunked\r\n\r\n");
                    wire.send(Integer.toHexString(ONE_PICTURE.length()) + "\r\n" + ONE_PICTURE + "\r\n");
                    wire.hangUp();
                }),
                failure("sends chunks that are none", CUT_OFF, wire ->
                        wire.send(OK + "Transfer-Encoding: chunked\r\n\r\nnot a number\r\n" + ONE_PICTURE + "\r\n")),
                failure("sends less gzip than its Content-Length", CUT_OFF, wire -> {
                    byte[] zipped = gzipped(ONE_PICTURE.getBytes(UTF_8));
                    wire.send(OK + "Content-Encoding: gzip\r\nContent-Length: 1000\r\n\r\n");
                    wire.send(zipped);
                    wire.hangUp();
                }),
                failure("sends gzip without its end", CUT_OFF, wire -> wire.answer(
                        200, "Content-Encoding: gzip\r\n", Arrays.copyOf(gzipped(ONE_PICTURE.getBytes(UTF_8)), 30))),
                failure("speaks no HTTP", CUT_OFF, wire -> {
                    wire.send("SSH-2.0-OpenSSH_9.2\r\n");
                    wire.hangUp();
                }),
                failure("has no status", CUT_OFF, wire -> wire.send("HTTP/1.1 OK\r\n\r\n")),
                failure("has an impossible status", CUT_OFF, wire -> wire.send("HTTP/1.1 000 Nil\r\n\r\n")),
                failure("has a negative length", CUT_OFF, wire -> wire.send(OK + "Content-Length: -1\r\n\r\n{}")),
                failure("has an unknown transfer encoding", CUT_OFF, wire -> {
                    wire.send(OK + "Transfer-Encoding: snail\r\n\r\n" + ONE_PICTURE);
                    wire.hangUp();
                }),
                failure("sends headers without end", CUT_OFF, wire -> {
                    wire.send(OK);
                    while (true) {
                        wire.send("X: " + "y".repeat(1000) + "\r\n");
                    }
                }),
                failure("sends a header without end", CUT_OFF, wire -> {
                    wire.send(OK + "X: ");
                    while (true) {
                        wire.send("y".repeat(1000));
                    }
                }),
                failure("answers nothing at all", UNUSABLE_ANSWER, json(200, "")),
                failure("answers without a body", UNUSABLE_ANSWER, wire -> wire.send("HTTP/1.1 204 None\r\n\r\n")),
                failure("answers HTML", UNUSABLE_ANSWER, json(200, "<html><body>Welcome</body></html>")),
                failure("answers half an object", UNUSABLE_ANSWER, json(200, ONE_PICTURE.substring(0, 40))),
                failure("answers an array", UNUSABLE_ANSWER, json(200, "[" + ONE_PICTURE + "]")),
                failure("answers a string", UNUSABLE_ANSWER, json(200, "\"sorry\"")),
                failure("answers two objects", UNUSABLE_ANSWER, json(200, ONE_PICTURE + ONE_PICTURE)),
                failure("answers a member twice", UNUSABLE_ANSWER,
                        json(200, "{\"data\":[{\"url\":\"u\"}],\"data\":[]}")),
                failure("answers a line end in a string", UNUSABLE_ANSWER,
                        json(200, "{\"data\":[{\"b64_json\":\"" + "a".repeat(5_000) + "\n\"}]}")),
                failure("answers wrong UTF-8", UNUSABLE_ANSWER, wire ->
                        wire.answer(200, "", "{\"data\":[{\"url\":\"\u00ff\"}]}".getBytes(ISO_8859_1))),
                failure("answers UTF-16", UNUSABLE_ANSWER, wire ->
                        wire.answer(200, "", ONE_PICTURE.getBytes(UTF_16LE))),
                failure("answers an error as success", UNUSABLE_ANSWER,
                        json(200, "{\"error\":{\"message\":\"m\",\"type\":\"t\",\"param\":null,\"code\":null}}")),
                failure("answers an error beside pictures", UNUSABLE_ANSWER,
                        json(200, "{\"error\":\"oops\",\"data\":[{\"url\":\"u\"}]}")),
                failure("answers more than the limit", UNUSABLE_ANSWER,
                        json(200, "{\"data\":[{\"b64_json\":\"" + "a".repeat(100_000) + "\"}]}")),
                failure("answers without end", UNUSABLE_ANSWER, wire -> {
                    wire.send(OK + "\r\n{\"data\":[{\"b64_json\":\"");
                    while (true) {
                        wire.send("QUJD".repeat(1000));
                    }
                }),
                failure("answers in Brotli", UNUSABLE_ANSWER, wire ->
                        wire.answer(200, "Content-Encoding: br\r\n", ONE_PICTURE.getBytes(UTF_8))),
                failure("answers what is no gzip", UNUSABLE_ANSWER, wire ->
                        wire.answer(200, "Content-Encoding: gzip\r\n", ONE_PICTURE.getBytes(UTF_8))),
                failure("answers broken gzip", UNUSABLE_ANSWER, wire -> {
                    byte[] zipped = gzipped(ONE_PICTURE.getBytes(UTF_8));
                    zipped[zipped.length - 6] ^= 1;
                    wire.answer(200, "Content-Encoding: gzip\r\n", zipped);
                }),
                failure("answers a gzip bomb", UNUSABLE_ANSWER, wire -> {
                    wire.send(OK + "Content-Encoding: gzip\r\nContent-Length: 1000000\r\n\r\n");
                    wire.send(gzipped(("\"" + "a".repeat(10_000_000)).getBytes(UTF_8)));
                    wire.stall();
                }),
                failure("answers no data", NO_IMAGES, json(200, "{\"created\":1}")),
                failure("answers null for data", NO_IMAGES, json(200, "{\"data\":null}")),
                failure("answers empty data", NO_IMAGES, json(200, "{\"data\":[],\"error\":null}")),
                failure("answers an object for data", NO_IMAGES, json(200, "{\"data\":{\"a\":{\"url\":\"u\"}}}")),
                failure("answers empty pictures", NO_IMAGES, json(200, "{\"data\":[{\"b64_json\":\"\"},{}]}")),
                failure("answers much, but no picture", NO_IMAGES, json(200, "{\"x\":\"" + "a".repeat(50_000) + "\"}")),
                failure("is busy at length", BUSY, json(429, "{\"x\":\"" + "a".repeat(50_000) + "\"}")));
    }

    private static Arguments failure(String name, UpstreamFailure failure, Script script) {
        return Arguments.of(name, failure, script);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("failures")
    void isToldByItsName(String name, UpstreamFailure failure, Script script) throws IOException {
        try (MisbehavingUpstream upstream = answering(script)) {
            assertFails(failure, ask(settings(upstream.baseUrl()), spools));
            assertEquals(1, upstream.requests().size());
        }
        assertEquals(0, filesIn(spools));
    }

    static Stream<Arguments> errors() {
        String error = "{\"error\":{\"message\":\"secret org-1\",\"type\":\"%s\",\"param\":null,\"code\":%s}}";
        String plain = error.formatted("invalid_request_error", "null");
        return Stream.of(
                Arguments.of(300, plain, ERROR_ANSWERED),
                Arguments.of(304, "", ERROR_ANSWERED),
                Arguments.of(307, plain, ERROR_ANSWERED),
                Arguments.of(400, error.formatted("x", "\"billing_hard_limit_reached\""), QUOTA_EXHAUSTED),
                Arguments.of(400, error.formatted("insufficient_quota", "null"), QUOTA_EXHAUSTED),
                Arguments.of(400, error.formatted("x", "\"invalid_api_key\""), CREDENTIAL_REFUSED),
                Arguments.of(400, error.formatted("x", "\"account_deactivated\""), CREDENTIAL_REFUSED),
                Arguments.of(400, error.formatted("requests", "\"rate_limit_exceeded\""), BUSY),
                Arguments.of(422, error.formatted("x", "\"billing_hard_limit_reached\""), QUOTA_EXHAUSTED),
                Arguments.of(400, "{\"error\":{\"message\":\"bad Bearer " + Asking.KEY + "\"}}", CREDENTIAL_REFUSED),
                Arguments.of(400, "<html>", ERROR_ANSWERED),
                Arguments.of(400, "", ERROR_ANSWERED),
                Arguments.of(400, "{}", ERROR_ANSWERED),
                Arguments.of(400, "[]", ERROR_ANSWERED),
                Arguments.of(400, "{\"error\":\"no\"}", ERROR_ANSWERED),
                Arguments.of(400, "{\"error\":null}", ERROR_ANSWERED),
                Arguments.of(400, "{\"error\":{\"code\":\"x\"}}", ERROR_ANSWERED),
                Arguments.of(400, "{\"error\":{\"message\":1}}", ERROR_ANSWERED),
                Arguments.of(401, plain, CREDENTIAL_REFUSED),
                Arguments.of(402, plain, QUOTA_EXHAUSTED),
                Arguments.of(403, error.formatted("invalid_request_error", "\"model_not_found\""), CREDENTIAL_REFUSED),
                Arguments.of(404, plain, ERROR_ANSWERED),
                Arguments.of(405, plain, ERROR_ANSWERED),
                Arguments.of(408, plain, TIMED_OUT),
                Arguments.of(409, plain, ERROR_ANSWERED),
                Arguments.of(418, plain, ERROR_ANSWERED),
                Arguments.of(429, error.formatted("insufficient_quota", "null"), QUOTA_EXHAUSTED),
                Arguments.of(429, error.formatted("x", "\"insufficient_quota\""), QUOTA_EXHAUSTED),
                Arguments.of(429, error.formatted("x", "\"credit_balance_exhausted\""), QUOTA_EXHAUSTED),
                Arguments.of(429, error.formatted("x", "\"billing_hard_limit_reached\""), QUOTA_EXHAUSTED),
                Arguments.of(429, error.formatted("x", "\"project_spend_limit_exceeded\""), QUOTA_EXHAUSTED),
                Arguments.of(429, error.formatted("x", "\"organization_usage_limit_exceeded\""), QUOTA_EXHAUSTED),
                Arguments.of(429, error.formatted("requests", "\"rate_limit_exceeded\""), BUSY),
                Arguments.of(429, "slow down", BUSY),
                Arguments.of(429, "", BUSY),
                Arguments.of(500, plain, ERROR_ANSWERED),
                Arguments.of(502, "<html>Bad Gateway</html>", CUT_OFF),
                Arguments.of(503, plain, BUSY),
                Arguments.of(503, "upstream connect error or disconnect/reset before headers", CUT_OFF),
                Arguments.of(503, "{}", CUT_OFF),
                Arguments.of(503, "", CUT_OFF),
                Arguments.of(504, "", TIMED_OUT),
                Arguments.of(520, "", CUT_OFF),
                Arguments.of(524, "<html>A timeout occurred</html>", TIMED_OUT),
                Arguments.of(529, plain, ERROR_ANSWERED),
                Arguments.of(600, plain, ERROR_ANSWERED));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("errors")
    void anErrorOfTheUpstreamsOwnIsNotPassedOn(int status, String body, UpstreamFailure failure) throws IOException {
        try (MisbehavingUpstream upstream = answering(json(status, body))) {
            assertFails(failure, ask(settings(upstream.baseUrl()), spools));
            assertEquals(1, upstream.requests().size());
        }
        assertEquals(0, filesIn(spools));
    }

    @ParameterizedTest
    @CsvSource({"400", "413", "415", "422", "451"})
    void aRefusalOfTheRequestComesBackUnchanged(int status) throws IOException {
        String body = "{\n  \"error\" : {\"message\":null, \"moderation_details\":{\"x\":[1.0]},"
                + "\"type\":\"\\u0061\"}}\n";
        try (MisbehavingUpstream upstream = answering(json(status, body))) {
            UpstreamReply.Refused refused =
                    assertInstanceOf(UpstreamReply.Refused.class, ask(settings(upstream.baseUrl()), spools));
            assertEquals(status, refused.status());
            assertEquals(body, new String(bytes(refused.body()), UTF_8));
            assertEquals("application/json", refused.body().contentType());
        }
    }

    @Test
    void aRefusalThatIsGzippedOrLongComesBackWhole() throws IOException {
        String body = "{\"error\":{\"message\":\"" + "why not? ".repeat(100_000) + "\"}}";
        byte[] zipped = gzipped(body.getBytes(UTF_8));
        try (MisbehavingUpstream upstream =
                answering(wire -> wire.answer(400, "Content-Encoding: gzip\r\n", zipped))) {
            UpstreamReply.Refused refused =
                    assertInstanceOf(UpstreamReply.Refused.class, ask(settings(upstream.baseUrl()), spools));
            assertEquals(body, new String(bytes(refused.body()), UTF_8));
            refused.discard();
        }
        assertEquals(0, filesIn(spools));
    }

    @Test
    void aRefusalOfMoreThanAMebibyteIsAnError() throws IOException {
        String body = "{\"error\":{\"message\":\"" + "a".repeat(1024 * 1024) + "\"}}";
        try (MisbehavingUpstream upstream = answering(json(400, body))) {
            assertFails(ERROR_ANSWERED, ask(settings(upstream.baseUrl()), spools));
        }
        assertEquals(0, filesIn(spools));
    }

    @Test
    void anAnswerOfAMebibyteThatIsNotInStringsIsUnusable() throws IOException {
        String start = "{\"data\":[{\"url\":\"u\"}],\"x\":[1";
        for (int more : new int[] {500_000, 600_000}) {
            try (MisbehavingUpstream upstream = answering(json(200, start + ",1".repeat(more) + "]}"))) {
                UpstreamSettings settings = UpstreamSettings.of("main", upstream.baseUrl(), Optional.empty());
                UpstreamReply reply = ask(settings, spools);
                if (more == 500_000) {
                    assertInstanceOf(UpstreamReply.Images.class, reply).discard();
                } else {
                    assertFails(UNUSABLE_ANSWER, reply);
                }
            }
        }
        assertEquals(0, filesIn(spools));
    }

    @Test
    void aRefusalThatIsCutOffIsNotPassedOn() throws IOException {
        Script script = wire -> {
            wire.send("HTTP/1.1 400 No\r\nContent-Length: 1000\r\n\r\n{\"error\":{\"message\":\"m\"}}");
            wire.hangUp();
        };
        try (MisbehavingUpstream upstream = answering(script)) {
            assertFails(CUT_OFF, ask(settings(upstream.baseUrl()), spools));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", value = {
        "1|1", "7|7", "60|60", "61|none", "3600|none", "0|none", "-1|none", "1.5|none", "07|none", "soon|none",
        "Wed, 21 Oct 2026 07:28:00 GMT|none", "99999999999999999999|none", "none|none"
    })
    void aWaitOfUpToAMinuteIsPassedOn(String sent, Integer seconds) throws IOException {
        String header = sent == null ? "" : "Retry-After: " + sent + "\r\n";
        byte[] error = "{\"error\":{\"message\":\"slow down\"}}".getBytes(UTF_8);
        for (int status : new int[] {429, 503}) {
            try (MisbehavingUpstream upstream = answering(wire -> wire.answer(status, header, error))) {
                assertEquals(new UpstreamReply.Failed(BUSY, Optional.ofNullable(seconds)),
                        ask(settings(upstream.baseUrl()), spools));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"301", "302", "303", "307", "308"})
    void aRedirectIsNotFollowed(int status) throws IOException {
        try (MisbehavingUpstream target = answering(json(200, ONE_PICTURE));
                MisbehavingUpstream upstream = answering(wire -> wire.answer(
                        status, "Location: " + target.baseUrl() + "/images/generations\r\n", new byte[0]))) {
            assertFails(ERROR_ANSWERED, ask(settings(upstream.baseUrl()), spools));
            assertEquals(1, upstream.requests().size());
            assertEquals(0, target.connections());
        }
    }

    @Test
    void aChallengeForAPasswordIsNotAnswered() throws IOException {
        try (MisbehavingUpstream upstream = answering(wire ->
                wire.answer(401, "WWW-Authenticate: Basic realm=\"x\"\r\n", new byte[0]))) {
            assertFails(CREDENTIAL_REFUSED, ask(settings(upstream.baseUrl()), spools));
            assertEquals(1, upstream.requests().size());
        }
    }

    @Test
    void aRefusedConnectionIsUnreachableAndDidNoWork() throws IOException {
        int port;
        try (ServerSocket nobody = new ServerSocket(0)) {
            port = nobody.getLocalPort();
        }
        UpstreamReply reply = ask(settings(URI.create("http://127.0.0.1:" + port)), spools);
        assertFails(UNREACHABLE, reply);
        assertTrue(((UpstreamReply.Failed) reply).failure().didNoWork());
    }

    @Test
    void anUnknownHostIsUnreachable() throws IOException {
        assertFails(UNREACHABLE, ask(settings(URI.create("http://nobody.invalid/v1")), spools));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "http://169.254.169.254/v1", "http://2852039166/v1", "https://[::ffff:169.254.169.254]/v1",
        "http://[::ffff:a9fe:a9fe]/v1", "http://[fe80::1]/v1"
    })
    void noUpstreamIsOnTheLinkWhereCloudsKeepTheirMetadata(URI baseUrl) throws IOException {
        String log = logOf(baseUrl);

        assertTrue(log.contains("failed: unreachable"), log);
        assertTrue(log.contains("is a link-local address"), log);
    }

    @Test
    void anUpstreamThatSpeaksNoTlsIsUnreachable() throws IOException {
        try (MisbehavingUpstream upstream = deaf(wire -> wire.send("HTTP/1.1 400 Bad Request\r\n\r\n"))) {
            URI tls = URI.create("https://127.0.0.1:" + upstream.baseUrl().getPort());
            assertFails(UNREACHABLE, ask(settings(tls), spools));
        }
    }

    @Test
    void anUpstreamSilentInItsTlsIsUnreachableAfterTheConnectLimit() throws IOException {
        try (MisbehavingUpstream upstream = deaf(wire -> wire.stall())) {
            URI tls = URI.create("https://127.0.0.1:" + upstream.baseUrl().getPort());
            assertFails(UNREACHABLE, ask(limited(tls, 1, SHORT, LONG, LONG), spools));
        }
    }

    @Test
    void aHandshakeThatTricklesEndsAtTheTotalLimit() throws IOException {
        Script script = wire -> {
            wire.send("\u0016\u0003\u0003\u0010\u0000");
            while (true) {
                wire.send("\u0002");
                wire.pause(20);
            }
        };
        try (MisbehavingUpstream upstream = deaf(script)) {
            URI tls = URI.create("https://127.0.0.1:" + upstream.baseUrl().getPort());
            assertFails(UNREACHABLE, ask(limited(tls, 1, LONG, LONG, SHORT), spools));
        }
    }

    static Stream<Arguments> silences() {
        return Stream.of(
                failure("before the status line", TIMED_OUT, wire -> wire.stall()),
                failure("in the status line", TIMED_OUT, wire -> {
                    wire.send("HTTP/1.1 20");
                    wire.stall();
                }),
                failure("after the headers", TIMED_OUT, wire -> {
                    wire.send(OK + "Content-Length: 1000\r\n\r\n");
                    wire.stall();
                }),
                failure("in the body", TIMED_OUT, wire -> {
                    wire.send(OK + "Content-Length: 1000\r\n\r\n{\"data\":[");
                    wire.stall();
                }),
                failure("before the last chunk", TIMED_OUT, wire -> {
                    wire.send(OK + "Transfer-Encoding: chunked\r\n\r\n");
                    wire.send(Integer.toHexString(ONE_PICTURE.length()) + "\r\n" + ONE_PICTURE + "\r\n");
                    wire.stall();
                }),
                failure("in a refusal", TIMED_OUT, wire -> {
                    wire.send("HTTP/1.1 400 No\r\nContent-Length: 1000\r\n\r\n{\"error\":");
                    wire.stall();
                }),
                failure("in an error that nobody reads", ERROR_ANSWERED, wire -> {
                    wire.send("HTTP/1.1 500 Oops\r\nContent-Length: 1000\r\n\r\n{\"error\":");
                    wire.stall();
                }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("silences")
    void silenceEndsAtTheIdleLimit(String name, UpstreamFailure failure, Script script) throws IOException {
        try (MisbehavingUpstream upstream = answering(script)) {
            assertFails(failure, ask(settings(upstream.baseUrl(), SHORT, LONG), spools));
            assertEquals(1, upstream.requests().size());
        }
        assertEquals(0, filesIn(spools));
    }

    static Stream<Arguments> trickles() {
        return Stream.of(
                trickle("silence", ""),
                trickle("hints", "HTTP/1.1 100 Continue\r\n\r\n".repeat(3)),
                trickle("a status line", "HTTP/1.1 200 "),
                trickle("a header", OK + "X: "),
                trickle("a body to the end of the connection", OK + "\r\n{\"data\":\""),
                trickle("a body of some length", OK + "Content-Length: 100000\r\n\r\n{\"data\":\""),
                trickle("a chunk", OK + "Transfer-Encoding: chunked\r\n\r\n10000\r\n{\"data\":\""),
                trickle("a refusal", "HTTP/1.1 400 No\r\nContent-Length: 100000\r\n\r\n{\"error\":\""));
    }

    private static Arguments trickle(String what, String beginning) {
        Script script = wire -> {
            wire.send(beginning);
            while (true) {
                wire.pause(20);
                wire.send("a");
            }
        };
        return Arguments.of(what, what.equals("silence") ? (Script) wire -> wire.stall() : script);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("trickles")
    void aTrickleEndsAtTheTotalLimit(String what, Script script) throws IOException {
        try (MisbehavingUpstream upstream = answering(script)) {
            long start = System.nanoTime();
            assertFails(TIMED_OUT, ask(settings(upstream.baseUrl(), LONG, SHORT), spools));
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            assertTrue(took.compareTo(SHORT) >= 0, took.toString());
            assertEquals(1, upstream.requests().size());
        }
        assertEquals(0, filesIn(spools));
    }

    @Test
    void anUpstreamThatDoesNotReadEndsAtTheTotalLimit() throws IOException {
        try (MisbehavingUpstream upstream = deaf(wire -> wire.stall());
                OpenAiUpstreams upstreams = new OpenAiUpstreams(
                        List.of(settings(upstream.baseUrl(), LONG, SHORT)), spools, TIME)) {
            byte[] large = ("{\"model\":\"m\",\"prompt\":\"" + "a".repeat(32 * 1024 * 1024) + "\"}").getBytes(UTF_8);
            assertFails(
                    TIMED_OUT,
                    upstreams.relay(
                            ID, Asking.route(), Asking.ORDER, new RequestBody(large, 9, 12), Previews.UNSEEN));
        }
    }

    @Test
    void aConnectionWhoseAnswerWasNotReadToItsEndIsNotUsedAgain() throws IOException {
        Script script = wire -> {
            switch (wire.requestNumber()) {
                case 1 -> json(500, "{\"error\":{\"message\":\"m\"}}").play(wire);
                case 2 -> wire.send(OK + "Content-Length: 300000\r\n\r\n{\"data\":\"" + "a".repeat(200_000));
                case 3 -> wire.send(OK + "Content-Length: 1000\r\n\r\n{");
                default -> json(200, ONE_PICTURE).play(wire);
            }
        };
        try (MisbehavingUpstream upstream = answering(script);
                OpenAiUpstreams upstreams = new OpenAiUpstreams(
                        List.of(limited(upstream.baseUrl(), 1, LONG, SHORT, LONG)), spools, TIME)) {
            assertFails(ERROR_ANSWERED, Asking.ask(upstreams));
            assertFails(UNUSABLE_ANSWER, Asking.ask(upstreams));
            assertFails(TIMED_OUT, Asking.ask(upstreams));
            assertInstanceOf(UpstreamReply.Images.class, Asking.ask(upstreams));
            assertEquals(4, upstream.connections());
        }
    }

    @Test
    void aRequestBeyondTheMostAtATimeIsBusyAtOnce() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        Script script = wire -> {
            asked.countDown();
            answer.await();
            json(200, ONE_PICTURE).play(wire);
        };
        try (MisbehavingUpstream upstream = answering(script);
                OpenAiUpstreams upstreams = new OpenAiUpstreams(
                        List.of(limited(upstream.baseUrl(), 1, LONG, LONG, LONG)), spools, TIME)) {
            Thread first = new Thread(() -> Asking.ask(upstreams).discard());
            first.start();
            asked.await();
            assertEquals(new UpstreamReply.Failed(BUSY, Optional.of(1)), Asking.ask(upstreams));
            assertEquals(1, upstream.requests().size());
            answer.countDown();
            first.join();
        }
    }

    @Test
    void aSpoolThatCannotBeWrittenIsNotTheUpstreamsFailure() throws IOException {
        Path gone = spools.resolve("gone");
        String large = "{\"data\":[{\"b64_json\":\"" + "a".repeat(50_000) + "\"}]}";
        try (MisbehavingUpstream upstream = answering(json(200, large));
                OpenAiUpstreams upstreams = new OpenAiUpstreams(List.of(settings(upstream.baseUrl())), gone, TIME)) {
            Files.delete(gone.resolve("lock"));
            Files.delete(gone);
            assertThrows(UncheckedIOException.class, () -> Asking.ask(upstreams));
        }
    }

    @Test
    void aFailureIsLoggedInOneLineWithoutKeyPromptOrAnswer() throws IOException {
        String status = logOf(json(401, "{\"error\":{\"message\":\"sk-***ret is wrong\"}}"));
        assertTrue(status.contains("WARN"), status);
        assertTrue(status.contains(ID + ": upstream main failed: credential_refused, status 401"), status);
        String garbage = logOf(wire -> {
            wire.send("garbage org-1\r\n");
            wire.hangUp();
        });
        assertTrue(garbage.contains(ID + ": upstream main failed: cut_off"), garbage);
        for (String log : List.of(status, garbage)) {
            assertEquals(1, log.lines().count(), log);
            for (String secret : List.of(Asking.KEY, "ret is wrong", "x \\u00e9", "garbage")) {
                assertFalse(log.contains(secret), log);
            }
        }
    }

    private String logOf(Script script) throws IOException {
        try (MisbehavingUpstream upstream = answering(script)) {
            return logOf(upstream.baseUrl());
        }
    }

    private String logOf(URI baseUrl) throws IOException {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, UTF_8));
        try {
            ask(settings(baseUrl), spools);
        } finally {
            System.setErr(before);
        }
        return log.toString(UTF_8);
    }

    private static UpstreamSettings limited(
            URI baseUrl, int connections, Duration connect, Duration idle, Duration total) {
        return new UpstreamSettings("main", baseUrl, Optional.empty(), KeyHeader.BEARER, connections, connect, idle,
                total, 100_000, Breaker.NEVER);
    }

    private static void assertFails(UpstreamFailure failure, UpstreamReply reply) {
        assertEquals(failure, assertInstanceOf(UpstreamReply.Failed.class, reply).failure());
    }
}
