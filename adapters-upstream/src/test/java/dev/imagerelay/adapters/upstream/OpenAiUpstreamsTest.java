package dev.imagerelay.adapters.upstream;

import static dev.imagerelay.adapters.upstream.Asking.ID;
import static dev.imagerelay.adapters.upstream.Asking.ONE_PICTURE;
import static dev.imagerelay.adapters.upstream.Asking.TIME;
import static dev.imagerelay.adapters.upstream.Asking.ask;
import static dev.imagerelay.adapters.upstream.Asking.bytes;
import static dev.imagerelay.adapters.upstream.Asking.filesIn;
import static dev.imagerelay.adapters.upstream.Asking.settings;
import static dev.imagerelay.adapters.upstream.MisbehavingUpstream.answering;
import static dev.imagerelay.adapters.upstream.MisbehavingUpstream.gzipped;
import static dev.imagerelay.adapters.upstream.MisbehavingUpstream.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.imagerelay.adapters.upstream.MisbehavingUpstream.Request;
import dev.imagerelay.adapters.upstream.MisbehavingUpstream.Script;
import dev.imagerelay.adapters.upstream.MisbehavingUpstream.Wire;
import dev.imagerelay.adapters.upstream.UpstreamSettings.Breaker;
import dev.imagerelay.adapters.upstream.UpstreamSettings.KeyHeader;
import dev.imagerelay.domain.catalogue.UpstreamRoute;
import dev.imagerelay.domain.image.Delivery;
import dev.imagerelay.domain.image.ImageQuality;
import dev.imagerelay.domain.image.ImageSize;
import dev.imagerelay.domain.relay.UpstreamFailure;
import dev.imagerelay.domain.relay.UpstreamReply;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked reaches the upstream unchanged, and what it answers well comes back unchanged, whatever its form. */
@Timeout(60)
class OpenAiUpstreamsTest {

    private static final String ODD = """
            {
              "usage" : {"total_tokens": 12345678901234567890, "x": 1e3, "y": 1.0},

              "s\\u0069ze": "1024x1024",
              "data": [ {"revised_prompt": "a \\"quoted\\" f\\u00f6x \\ud83e\\udd8a ö", "b64_json": "%s", "new": {}}
                      , {"url": "https:\\/\\/pictures.example\\/1.png"} ],
              "quality": "high", "error": null, "created": 1
            }
            \t
            """.formatted("QUJD".repeat(20_000));

    @TempDir
    Path spools;

    @Test
    void theBodyReachesTheUpstreamByteForByte() throws IOException {
        try (MisbehavingUpstream upstream = answering(json(200, ONE_PICTURE))) {
            ask(settings(upstream.baseUrl()), spools).discard();
            assertEquals(Asking.JSON, new String(upstream.requests().get(0).body(), UTF_8));
        }
    }

    @Test
    void onlyTheModelsValueChangesOnARouteThatRenamesIt() throws IOException {
        try (MisbehavingUpstream upstream = answering(json(200, ONE_PICTURE));
                OpenAiUpstreams upstreams = new OpenAiUpstreams(List.of(settings(upstream.baseUrl())), spools, TIME)) {
            UpstreamRoute route = new UpstreamRoute("main", Optional.of("their \"name\""));
            Asking.ask(upstreams, route).discard();
            assertEquals(Asking.JSON.replace("\"public\"", "\"their \\\"name\\\"\""),
                    new String(upstream.requests().get(0).body(), UTF_8));
        }
    }

    @Test
    void theUpstreamSeesOurHeadersAndNoOthers() throws IOException {
        try (MisbehavingUpstream upstream = answering(json(200, ONE_PICTURE))) {
            ask(settings(upstream.baseUrl()), spools).discard();
            Request request = upstream.requests().get(0);
            assertEquals("POST /v1/images/generations HTTP/1.1", request.head().lines().findFirst().orElseThrow());
            assertEquals(
                    new TreeSet<>(List.of(
                            "Accept: application/json",
                            "Accept-Encoding: identity",
                            "Authorization: Bearer " + Asking.KEY,
                            "Connection: keep-alive",
                            "Content-Length: " + Asking.JSON.getBytes(UTF_8).length,
                            "Content-Type: application/json",
                            "Host: " + upstream.baseUrl().getAuthority(),
                            "User-Agent: image-relay",
                            "X-Client-Request-Id: " + ID)),
                    request.head().lines().skip(1).collect(Collectors.toCollection(TreeSet::new)));
        }
    }

    @Test
    void azuresKeyHeaderAndQueryAreSent() throws IOException {
        try (MisbehavingUpstream upstream = answering(json(200, ONE_PICTURE))) {
            URI baseUrl = URI.create(upstream.baseUrl() + "/?api-version=2025-04-01");
            Duration limit = Duration.ofSeconds(10);
            UpstreamSettings azure = new UpstreamSettings(
                    "main", baseUrl, Optional.of("k"), KeyHeader.API_KEY, 1, limit, limit, limit, 1_000,
                    Breaker.NEVER);
            ask(azure, spools).discard();
            Request request = upstream.requests().get(0);
            assertTrue(request.head().startsWith("POST /v1/images/generations?api-version=2025-04-01 HTTP/1.1\r\n"));
            assertEquals(Optional.of("k"), request.header("api-key"));
            assertEquals(Optional.empty(), request.header("Authorization"));
        }
    }

    @Test
    void anUpstreamWithoutAKeyIsSentNone() throws IOException {
        try (MisbehavingUpstream upstream = answering(json(200, ONE_PICTURE))) {
            ask(UpstreamSettings.of("main", upstream.baseUrl(), Optional.empty()), spools).discard();
            assertEquals(Optional.empty(), upstream.requests().get(0).header("Authorization"));
        }
    }

    static Stream<Arguments> formsOfTheSameAnswer() {
        byte[] body = ODD.getBytes(UTF_8);
        String type = "Content-Type: application/json\r\n";
        return Stream.of(
                form("with its length", wire -> wire.answer(200, type, body)),
                form("in chunks", wire -> {
                    wire.send("HTTP/1.1 200 OK\r\n" + type + "Transfer-Encoding: chunked\r\n\r\n");
                    for (int at = 0; at < body.length; at += 1_003) {
                        byte[] chunk = Arrays.copyOfRange(body, at, Math.min(at + 1_003, body.length));
                        wire.send(Integer.toHexString(chunk.length) + "\r\n");
                        wire.send(chunk);
                        wire.send("\r\n");
                    }
                    wire.send("0\r\n\r\n");
                }),
                form("to the end of the connection", wire -> {
                    wire.send("HTTP/1.1 200 OK\r\n" + type + "\r\n");
                    wire.send(body);
                    wire.hangUp();
                }),
                form("in HTTP/1.0", wire -> {
                    wire.send("HTTP/1.0 200 OK\r\n" + type + "\r\n");
                    wire.send(body);
                    wire.hangUp();
                }),
                form("after a hint to go on", wire -> {
                    wire.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n");
                    wire.answer(200, type, body);
                }),
                form("with another status of success", wire -> wire.answer(201, type, body)),
                form("gzipped", wire -> wire.answer(200, type + "Content-Encoding: gzip\r\n", gzipped(body))),
                form("gzipped by its old name", wire ->
                        wire.answer(200, type + "content-encoding: X-GZIP\r\n", gzipped(body))),
                form("gzipped in chunks", wire -> {
                    byte[] zipped = gzipped(body);
                    wire.send("HTTP/1.1 200 OK\r\n" + type + "Content-Encoding: gzip\r\n"
                            + "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(zipped.length) + "\r\n");
                    wire.send(zipped);
                    wire.send("\r\n0\r\n\r\n");
                }));
    }

    private static Arguments form(String name, Script script) {
        return Arguments.of(name, script);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("formsOfTheSameAnswer")
    void theAnswerComesBackByteForByteInWhateverFormItWasSent(String name, Script script) throws Exception {
        try (MisbehavingUpstream upstream = answering(script)) {
            UpstreamReply.Images images =
                    assertInstanceOf(UpstreamReply.Images.class, ask(settings(upstream.baseUrl()), spools));
            assertArrayEquals(sha256(ODD.getBytes(UTF_8)), sha256(bytes(images.body())));
            assertEquals(ODD.getBytes(UTF_8).length, images.body().length());
            assertEquals(
                    new Delivery(2, Optional.of(new ImageSize("1024x1024")), Optional.of(new ImageQuality("high"))),
                    images.delivery());
            images.discard();
        }
        assertEquals(0, filesIn(spools));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "Content-Type: application/json\r\n x-evil: 1\r\n", "Content-Type: application/json;\r\n\tx-evil=1\r\n",
        "Content-Type: application/json\rx-evil: 1\r\n", "Content-Type: application/json\nx-evil: 1\r\n",
        "Content-Type: application/json\0\r\n", "Content-Type: application/json; x=\u000by\r\n"
    })
    void noContentTypeHasTheEndOfALineInIt(String header) throws IOException {
        try (MisbehavingUpstream upstream =
                answering(wire -> wire.answer(200, header, ONE_PICTURE.getBytes(UTF_8)))) {
            UpstreamReply reply = ask(settings(upstream.baseUrl()), spools);
            if (reply instanceof UpstreamReply.Images images) {
                assertTrue(images.body().contentType().matches("[ -~]+"), images.body().contentType());
            }
            reply.discard();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", value = {
        "application/json|application/json",
        "application/json; charset=utf-8|application/json; charset=utf-8",
        "Application/JSON|Application/JSON",
        "application/problem+json|application/problem+json",
        "text/plain|application/json",
        "application/octet-stream|application/json",
        "application/jsonl|application/json",
        "text/html; x=application/json|application/json",
        "none|application/json"
    })
    void theContentTypeIsTheUpstreamsIfItIsOneOfJson(String sent, String passedOn) throws IOException {
        String header = sent == null ? "" : "Content-Type: " + sent + "\r\n";
        try (MisbehavingUpstream upstream =
                answering(wire -> wire.answer(200, header, ONE_PICTURE.getBytes(UTF_8)))) {
            UpstreamReply.Images images =
                    assertInstanceOf(UpstreamReply.Images.class, ask(settings(upstream.baseUrl()), spools));
            assertEquals(passedOn, images.body().contentType());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{\"data\":[{\"url\":\"u\"},{\"b64_json\":\"b\"},{\"url\":\"u\",\"b64_json\":\"b\"}]}|3",
        "{\"data\":[{\"url\":\"u\"},{\"url\":\"\"},{\"b64_json\":null},{\"b64_json\":1},{},null,\"x\",[1]]}|1",
        "{\"data\":[{\"url\":\"u\"}],\"size\":\"auto\",\"quality\":\"high and mighty\"}|1",
        "{\"data\":[{\"url\":\"u\"}],\"size\":1024,\"quality\":{}}|1",
    })
    void onlyEntriesWithAPictureOrALinkCount(String answer, int images) throws IOException {
        try (MisbehavingUpstream upstream = answering(json(200, answer))) {
            UpstreamReply.Images reply =
                    assertInstanceOf(UpstreamReply.Images.class, ask(settings(upstream.baseUrl()), spools));
            assertEquals(Delivery.of(images), reply.delivery());
        }
    }

    @Test
    void anAnswerOf64MebibytesPassesThroughAFileAndNotThroughTheHeap() throws Exception {
        int picture = 64 * 1024 * 1024;
        MessageDigest sent = MessageDigest.getInstance("SHA-256");
        Script script = wire -> {
            byte[] start = "{\"data\":[{\"b64_json\":\"".getBytes(UTF_8);
            byte[] piece = "QUJD".repeat(16 * 1024).getBytes(UTF_8);
            byte[] end = "\"}]}".getBytes(UTF_8);
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + (start.length + picture + end.length) + "\r\n\r\n");
            send(start, wire, sent);
            for (int at = 0; at < picture; at += piece.length) {
                send(piece, wire, sent);
            }
            send(end, wire, sent);
        };
        try (MisbehavingUpstream small = answering(json(200, ONE_PICTURE));
                MisbehavingUpstream large = answering(script)) {
            // The first answer of a process loads classes.
            ask(settings(small.baseUrl()), spools).discard();
            ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            UpstreamSettings settings = UpstreamSettings.of("main", large.baseUrl(), Optional.empty());
            long before = thread.getCurrentThreadAllocatedBytes();
            UpstreamReply.Images images = assertInstanceOf(UpstreamReply.Images.class, ask(settings, spools));
            DigestOutputStream received =
                    new DigestOutputStream(OutputStream.nullOutputStream(), MessageDigest.getInstance("SHA-256"));
            images.body().writeTo(received);
            long allocated = thread.getCurrentThreadAllocatedBytes() - before;
            assertTrue(((Spool) images.body()).file().isPresent());
            assertEquals(1, filesIn(spools));
            images.body().close();
            assertEquals(0, filesIn(spools));
            assertArrayEquals(sent.digest(), received.getMessageDigest().digest());
            assertTrue(allocated < 512 * 1024, "the relay allocated " + allocated + " bytes");
        }
    }

    private static void send(byte[] bytes, Wire wire, MessageDigest digest) throws IOException {
        wire.send(bytes);
        digest.update(bytes);
    }

    @Test
    void aConnectionIsUsedAgainAfterAnAnswerThatWasReadToItsEnd() throws IOException {
        Script script = wire -> {
            if (wire.requestNumber() == 2) {
                json(400, "{\"error\":{\"message\":\"no\"}}").play(wire);
            } else {
                json(200, ONE_PICTURE).play(wire);
            }
        };
        try (MisbehavingUpstream upstream = answering(script);
                OpenAiUpstreams upstreams = new OpenAiUpstreams(List.of(settings(upstream.baseUrl())), spools, TIME)) {
            for (int i = 0; i < 4; i++) {
                Asking.ask(upstreams).discard();
            }
            assertEquals(4, upstream.requests().size());
            assertEquals(1, upstream.connections());
        }
    }

    @Test
    void aConnectionThatTheUpstreamClosedMeanwhileIsReplaced() throws IOException {
        Script script = wire -> {
            json(200, ONE_PICTURE).play(wire);
            wire.hangUp();
        };
        try (MisbehavingUpstream upstream = answering(script);
                OpenAiUpstreams upstreams = new OpenAiUpstreams(List.of(settings(upstream.baseUrl())), spools, TIME)) {
            assertInstanceOf(UpstreamReply.Images.class, Asking.ask(upstreams));
            TIME.pass(Duration.ofSeconds(1));
            assertInstanceOf(UpstreamReply.Images.class, Asking.ask(upstreams));
            assertEquals(2, upstream.connections());
        }
    }

    @Test
    void bytesBehindAnAnswerAreNotTakenForTheNextAnswer() throws IOException {
        String stale = "{\"data\":[{\"url\":\"somebody else's\"}]}";
        String twoAnswers = Stream.of(ONE_PICTURE, stale)
                .map(json -> "HTTP/1.1 200 OK\r\nContent-Length: " + json.length() + "\r\n\r\n" + json)
                .collect(joining());
        Script script = wire -> wire.send(twoAnswers);
        try (MisbehavingUpstream upstream = answering(script);
                OpenAiUpstreams upstreams = new OpenAiUpstreams(List.of(settings(upstream.baseUrl())), spools, TIME)) {
            for (int i = 0; i < 3; i++) {
                UpstreamReply.Images images = assertInstanceOf(
                        UpstreamReply.Images.class, Asking.ask(upstreams));
                assertEquals(ONE_PICTURE, new String(bytes(images.body()), UTF_8));
            }
        }
    }

    @Test
    void noCookieIsKept() throws IOException {
        Script script = wire -> wire.answer(200, "Set-Cookie: who=me; Path=/\r\n", ONE_PICTURE.getBytes(UTF_8));
        try (MisbehavingUpstream upstream = answering(script);
                OpenAiUpstreams upstreams = new OpenAiUpstreams(List.of(settings(upstream.baseUrl())), spools, TIME)) {
            Asking.ask(upstreams).discard();
            Asking.ask(upstreams).discard();
            assertEquals(Optional.empty(), upstream.requests().get(1).header("Cookie"));
        }
    }

    @Test
    void noProxyIsTakenFromTheSystemsProperties() throws IOException {
        try (MisbehavingUpstream upstream = answering(json(200, ONE_PICTURE));
                MisbehavingUpstream proxy = answering(json(500, "{}"))) {
            System.setProperty("http.proxyHost", "127.0.0.1");
            System.setProperty("http.proxyPort", String.valueOf(proxy.baseUrl().getPort()));
            System.setProperty("http.nonProxyHosts", "");
            UpstreamReply reply = ask(settings(upstream.baseUrl()), spools);
            assertInstanceOf(UpstreamReply.Images.class, reply);
            assertEquals(0, proxy.connections());
        } finally {
            Set.of("http.proxyHost", "http.proxyPort", "http.nonProxyHosts").forEach(System::clearProperty);
        }
    }

    @Test
    void aRouteGoesToTheUpstreamItNames() throws IOException {
        try (MisbehavingUpstream one = answering(json(200, ONE_PICTURE));
                MisbehavingUpstream two = answering(json(200, ONE_PICTURE));
                OpenAiUpstreams upstreams = new OpenAiUpstreams(
                        List.of(UpstreamSettings.of("one", one.baseUrl(), Optional.empty()),
                                UpstreamSettings.of("two", two.baseUrl(), Optional.empty())),
                        spools, TIME)) {
            Asking.ask(upstreams, new UpstreamRoute("two", Optional.empty())).discard();
            assertEquals(0, one.requests().size());
            assertEquals(1, two.requests().size());
            assertEquals(Set.of("one", "two"), upstreams.names());
            UpstreamRoute unknown = new UpstreamRoute("three", Optional.empty());
            assertThrows(IllegalArgumentException.class, () -> Asking.ask(upstreams, unknown));
        }
    }

    @Test
    void closingEndsWhatIsInFlight() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        Script script = wire -> {
            asked.countDown();
            wire.stall();
        };
        try (MisbehavingUpstream upstream = answering(script)) {
            OpenAiUpstreams upstreams = new OpenAiUpstreams(List.of(settings(upstream.baseUrl())), spools, TIME);
            CompletableFuture<UpstreamReply> reply =
                    CompletableFuture.supplyAsync(() -> Asking.ask(upstreams));
            asked.await();
            upstreams.close();
            upstreams.close();
            assertEquals(UpstreamReply.Failed.of(UpstreamFailure.CUT_OFF), reply.get());
        }
    }

    @Test
    void twoUpstreamsOfOneNameAreRefused() {
        UpstreamSettings settings = settings(URI.create("http://127.0.0.1:1"));
        assertThrows(
                IllegalArgumentException.class, () -> new OpenAiUpstreams(List.of(settings, settings), spools, TIME));
    }

    @Test
    void theSpoolDirectoryIsMadeAndCleanedAtTheStart() throws IOException {
        Path directory = spools.resolve("a/b");
        new OpenAiUpstreams(List.of(), directory, TIME).close();
        Path leftover = Files.createFile(directory.resolve("image-relay-123.spool"));
        new OpenAiUpstreams(List.of(), directory, TIME).close();
        assertTrue(Files.notExists(leftover));
    }

    @Test
    void theSpoolDirectoryBelongsToOneAlone() throws IOException {
        try (OpenAiUpstreams first = new OpenAiUpstreams(List.of(), spools, TIME)) {
            assertEquals(Set.of(), first.names());
            IOException refusal =
                    assertThrows(IOException.class, () -> new OpenAiUpstreams(List.of(), spools, TIME));
            assertTrue(refusal.getMessage().contains(spools.toString()), refusal.getMessage());
        }
        new OpenAiUpstreams(List.of(), spools, TIME).close();
    }

    private static byte[] sha256(byte[] bytes) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
    }
}
