package dev.imagerelay.bootstrap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.adapters.upstream.MisbehavingUpstream;
import dev.imagerelay.adapters.upstream.MisbehavingUpstream.Request;
import dev.imagerelay.adapters.upstream.MisbehavingUpstream.Script;
import dev.imagerelay.domain.ledger.EntryKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Conformance cases 1 to 16: what a client sends reaches the upstream, and what the upstream answers reaches the
 * client, byte for byte, for the price of one picture.
 */
class ConformanceOfSuccessTest {

    /** As gpt-image-2 answers, but for the picture. */
    private static final String USUAL_ANSWER = """
            {
              "created": 1780051200,
              "background": "opaque",
              "data": [
                {
                  "b64_json": "aGVsbG8="
                }
              ],
              "output_format": "png",
              "quality": "medium",
              "size": "1024x1024",
              "usage": {
                "input_tokens": 9,
                "input_tokens_details": {
                  "image_tokens": 0,
                  "text_tokens": 9
                },
                "output_tokens": 1756,
                "total_tokens": 1765
              }
            }""";

    private static final String ODD_ANSWER = """
            {
               "zebra" : [ true, {"deep":{"er":null}} ],
               "data":[ {"revised_prompt":"caf\\u00e9 \\ud83d\\ude00 \\/",
                         "b64_json" : "aGVsbG8=" , "b64_json_2":""} ],
               "usage": {"total_tokens":  7},
               "unknown\\u0020member": "ü€😀",\t
               "created":1}

            """;

    private MisbehavingUpstream upstream;
    private RunningRelay relay;
    private volatile Script answer = MisbehavingUpstream.json(200, USUAL_ANSWER);

    @BeforeEach
    void start() throws IOException {
        upstream = MisbehavingUpstream.answering(wire -> answer.play(wire));
        relay = RunningRelay.on(upstream, "10");
    }

    @AfterEach
    void stop() throws IOException {
        relay.close();
        upstream.close();
    }

    @Test
    void case01_aMinimalOrderIsAnsweredWithTheUpstreamsBytes() throws Exception {
        HttpResponse<byte[]> response = delivered(order("{\"model\":\"gpt-image-2\",\"prompt\":\"a lighthouse\"}"));

        assertArrayEquals(sha256(USUAL_ANSWER.getBytes(UTF_8)), sha256(response.body()));
        assertEquals("application/json", response.headers().firstValue("Content-Type").orElseThrow());
    }

    @Test
    void case02_anOddlyWrittenAnswerArrivesAsItWasSent() throws Exception {
        arrivesAsSent(ODD_ANSWER);
    }

    @Test
    void case03_numbersThatNoProgramCouldHoldArriveAsTheyWereSent() throws Exception {
        arrivesAsSent("{\"created\":9007199254740993,\"seed\":12345678901234567890123,\"usage\":{\"a\":1e3,"
                + "\"b\":-0.10,\"c\":1.0E+400,\"d\":-0},\"data\":[{\"b64_json\":\"aGVsbG8=\"}]}");
    }

    @Test
    void case04_gzipThatNobodyAskedForIsUnpacked() throws Exception {
        answer = wire -> wire.answer(
                200,
                "Content-Type: application/json\r\nContent-Encoding: gzip\r\n",
                MisbehavingUpstream.gzipped(USUAL_ANSWER.getBytes(UTF_8)));

        HttpResponse<byte[]> response = delivered(order(Exchanges.ORDER));

        assertEquals(Optional.of("identity"), sent().header("Accept-Encoding"), "nothing else was offered");
        assertPlain(USUAL_ANSWER, response);
    }

    // Pinned: an answer is not compressed, whatever the client offers.
    @ParameterizedTest
    @ValueSource(strings = {"gzip", "gzip, deflate", "gzip, deflate, br, zstd"})
    void case05_aClientThatOffersGzipGetsPlainBytes(String offered) throws Exception {
        HttpResponse<byte[]> response = delivered(order(Exchanges.ORDER).header("Accept-Encoding", offered));

        assertEquals(Optional.of("identity"), sent().header("Accept-Encoding"), "the offer is not passed on");
        assertPlain(USUAL_ANSWER, response);
    }

    @Test
    void case06_sixtyFourMebibytesArriveThroughASmallerHeap(@TempDir Path directory) throws Exception {
        byte[] head = "{\"created\":1,\"data\":[{\"b64_json\":\"".getBytes(UTF_8);
        byte[] picture = "QUJDREVGR0hJSktM".repeat(1 << 18).getBytes(UTF_8);
        byte[] tail = "\"}]}".getBytes(UTF_8);
        MessageDigest sent = MessageDigest.getInstance("SHA-256");
        answer = wire -> {
            wire.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                    + (head.length + 16 * picture.length + tail.length) + "\r\n\r\n");
            List<byte[]> parts = new ArrayList<>(Collections.nCopies(16, picture));
            parts.add(0, head);
            parts.add(tail);
            for (byte[] part : parts) {
                sent.update(part);
                wire.send(part);
            }
        };
        try (ServerProcess server = ServerProcess.start(directory, upstream.baseUrl(), "-Xmx48m")) {
            HttpResponse<InputStream> response = HttpClient.newHttpClient()
                    .send(server.request(Exchanges.ORDER).build(), BodyHandlers.ofInputStream());
            MessageDigest received = MessageDigest.getInstance("SHA-256");
            try (InputStream body = new DigestInputStream(response.body(), received)) {
                assertEquals(head.length + (64 << 20) + tail.length, body.transferTo(OutputStream.nullOutputStream()));
            }

            assertEquals(200, response.statusCode());
            assertArrayEquals(sent.digest(), received.digest());
            assertEquals("1", response.headers().firstValue("x-credits-charged").orElseThrow());
            server.askToStop();
            server.exitCode();
            assertArrayEquals(new String[] {"lock"}, directory.resolve("spool").toFile().list(), "nothing is left");
        }
    }

    @Test
    void case07_aChunkedAnswerArrivesWhole() throws Exception {
        byte[] bytes = USUAL_ANSWER.getBytes(UTF_8);
        answer = wire -> {
            wire.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int at = 0; at < bytes.length; at += 7) {
                byte[] chunk = Arrays.copyOfRange(bytes, at, Math.min(at + 7, bytes.length));
                wire.send(Integer.toHexString(chunk.length) + "\r\n");
                wire.send(chunk);
                wire.send("\r\n");
            }
            wire.send("0\r\n\r\n");
        };

        assertPlain(USUAL_ANSWER, delivered(order(Exchanges.ORDER)));
    }

    @Test
    void case08_unknownMembersReachTheUpstreamUnchanged() throws Exception {
        reachesTheUpstream("{ \"foo\" : {\"b\":[1.50, 1e3, {\"model\":\"\\u00e9\"}], \"a\":{}},\n\t"
                + "\"svg\":{\"reasoning\": {\"effort\":\"max\"}, \"model\":\"y\"},\"prompt\":\"\\\"model\\\": \","
                + " \"model\" :\"gpt-image-2\", \"n\":1, \"complexity\":\"high\",\"size\":\"1024x1024\"}  \n");
    }

    @Test
    void case09_nullsReachTheUpstreamAsNulls() throws Exception {
        reachesTheUpstream("{\"model\":\"gpt-image-2\",\"prompt\":\"x\",\"n\":null,\"size\":null,\"quality\":null,"
                + "\"style\":null,\"stream\":null,\"partial_images\":null,\"response_format\":null,\"user\":null,"
                + "\"background\":null,\"svg\":null,\"foo\":null}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"😀", "ünïcode 中文 ไทย", "\\ud83d\\ude00 \\u00e9", "👩‍👩‍👧 e\u0301 \u202e"})
    void case10_aPromptReachesTheUpstreamInTheSameBytes(String prompt) throws Exception {
        reachesTheUpstream("{\"model\":\"gpt-image-2\",\"prompt\":\"" + prompt + "\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "é", "😀"})
    void case11_aPromptOf32000CharactersReachesTheUpstream(String character) throws Exception {
        reachesTheUpstream("{\"model\":\"gpt-image-2\",\"prompt\":\"" + character.repeat(32_000) + "\"}");
    }

    @Test
    void case12_onlyTheValueOfModelChangesWhereTheUpstreamKnowsAnotherName(@TempDir Path directory) throws Exception {
        Path catalogue = Files.writeString(directory.resolve("catalogue.yaml"), """
                models:
                  - name: poster
                    label: Poster
                    sizes: [1024x1024]
                    routes: [{upstream: press, model: "press/poster \\"v2\\""}]
                    pricing: [{size: 1024x1024, price: 1}]
                """);
        String answered = "{\"model\":\"press/poster \\\"v2\\\"\",\"data\":[{\"b64_json\":\"aGVsbG8=\"}]}";
        answer = MisbehavingUpstream.json(200, answered);
        String before = "{ \"prompt\":\"my \\\"model\\\": \\\"poster\\\" ü😀\", \"model\" : ";
        String after = "\n,\"other\":\"poster\",\"svg\":{\"model\":\"poster\"}} ";
        relay.close();
        relay = new RunningRelay(
                List.of(RunningRelay.settings("press", upstream.baseUrl())), Optional.of(catalogue), "10");

        HttpResponse<byte[]> response = delivered(order(before + "\"poster\"" + after));

        assertEquals(before + "\"press/poster \\\"v2\\\"\"" + after, new String(sent().body(), UTF_8));
        assertEquals(answered, new String(response.body(), UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "application/json; charset=utf-8", "application/json;charset=UTF-8", "Application/JSON; charset=\"utf-8\""
    })
    void case13_jsonThatNamesItsCharsetIsTaken(String contentType) throws Exception {
        delivered(order(Exchanges.ORDER).setHeader("Content-Type", contentType));

        assertEquals(Optional.of("application/json"), sent().header("Content-Type"));
    }

    @Test
    void case14_whoTheCallerIsDoesNotReachTheUpstream() throws Exception {
        delivered(order(Exchanges.ORDER)
                .header("OpenAI-Organization", "org-caller")
                .header("OpenAI-Project", "proj_caller")
                .header("Cookie", "session=caller")
                .header("X-Stainless-Lang", "python")
                .header("X-Stainless-Package-Version", "3.22.1")
                .header("X-Stainless-OS", "Linux")
                .header("X-Stainless-Arch", "x64")
                .header("X-Stainless-Runtime", "CPython")
                .header("X-Stainless-Runtime-Version", "3.14.0")
                .header("X-Stainless-Async", "false")
                .header("X-Stainless-Retry-Count", "0")
                .header("X-Stainless-Read-Timeout", "600")
                .header("X-Stainless-Timeout", "600")
                .header("X-Stainless-Kotlin-Version", "2.1.0")
                .header("X-Stainless-Helper-Method", "stream")
                .header("X-Stainless-Custom-Poll-Interval", "5"));

        assertEquals(Optional.of("Bearer upstream-secret"), sent().header("Authorization"));
        String head = sent().head().toLowerCase(Locale.ROOT);
        for (String trace : List.of("openai-", "caller", "cookie", "x-stainless", "sk-relay")) {
            assertFalse(head.contains(trace), head);
        }
    }

    @Test
    void case15_anUpgradeToHttp2IsIgnored() throws Exception {
        String answers = relay.raw("POST /v1/images/generations HTTP/1.1\r\nHost: x\r\n"
                + "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABk\r\n"
                + "Authorization: Bearer " + relay.key() + "\r\nContent-Type: application/json\r\n"
                + "Content-Length: " + Exchanges.ORDER.length() + "\r\n\r\n" + Exchanges.ORDER
                + "GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        assertTrue(answers.startsWith("HTTP/1.1 200 OK\r\n"), answers);
        assertTrue(answers.contains(USUAL_ANSWER + "HTTP/1.1 200 OK\r\n"), "it goes on in HTTP/1.1: " + answers);
        assertPaidOnce();
    }

    @ParameterizedTest
    @CsvSource({"200, 1", "400, 0"})
    void case16_anAnswerHasANameOfOursAndNothingThatTellsOfTheUpstream(int status, String charged) throws Exception {
        String body = status == 200 ? USUAL_ANSWER : "{\"error\":{\"message\":\"no\",\"type\":\"x\",\"code\":null}}";
        answer = wire -> wire.answer(
                status,
                "Content-Type: application/json\r\nx-request-id: req_upstream\r\nopenai-organization: org-upstream\r\n"
                        + "openai-project: proj_upstream\r\nopenai-version: upstream\r\nServer: upstream\r\n"
                        + "Set-Cookie: __cf_bm=upstream\r\nSet-Cookie: _cfuvid=upstream\r\nCF-RAY: upstream\r\n"
                        + "x-credits-charged: upstream\r\nLocation: http://upstream/\r\nAlt-Svc: upstream\r\n",
                body.getBytes(UTF_8));

        HttpResponse<byte[]> one = relay.generate(Exchanges.ORDER);
        HttpResponse<byte[]> other = relay.generate(Exchanges.ORDER);

        for (HttpResponse<byte[]> response : List.of(one, other)) {
            assertEquals(status, response.statusCode());
            assertEquals(body, new String(response.body(), UTF_8));
            assertEquals(List.of(charged), response.headers().allValues("x-credits-charged"));
            assertTrue(name(response).matches("req_[0-9a-f]{32}"), name(response));
            String headers = response.headers().map().toString();
            assertFalse(headers.contains("upstream"), headers);
        }
        assertNotEquals(name(one), name(other));
    }

    private static String name(HttpResponse<?> response) {
        return String.join(", ", response.headers().allValues("x-request-id"));
    }

    private HttpRequest.Builder order(String json) {
        return relay.request("/v1/images/generations", json);
    }

    /** Sends an order, which must be answered with a picture and paid once. */
    private HttpResponse<byte[]> delivered(HttpRequest.Builder order) throws Exception {
        HttpResponse<byte[]> response = relay.send(order);

        assertEquals(200, response.statusCode(), new String(response.body(), UTF_8));
        assertPaidOnce();
        return response;
    }

    private void assertPaidOnce() {
        assertEquals(1, upstream.requests().size());
        assertEquals(RunningRelay.credits("9"), relay.balance());
        assertEquals(1, relay.entries().stream().filter(entry -> entry.kind() == EntryKind.SETTLED).count());
    }

    private void arrivesAsSent(String json) throws Exception {
        answer = MisbehavingUpstream.json(200, json);

        assertPlain(json, delivered(order(Exchanges.ORDER)));
    }

    private static void assertPlain(String json, HttpResponse<byte[]> response) {
        byte[] bytes = json.getBytes(UTF_8);
        assertArrayEquals(bytes, response.body());
        assertEquals(bytes.length, response.headers().firstValueAsLong("Content-Length").orElse(bytes.length));
        assertEquals(Optional.empty(), response.headers().firstValue("Content-Encoding"));
    }

    private void reachesTheUpstream(String json) throws Exception {
        delivered(order(json));

        assertArrayEquals(json.getBytes(UTF_8), sent().body());
    }

    private Request sent() {
        return upstream.requests().get(0);
    }

    private static byte[] sha256(byte[] bytes) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
    }
}
