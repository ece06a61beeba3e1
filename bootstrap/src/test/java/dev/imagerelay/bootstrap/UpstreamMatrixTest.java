package dev.imagerelay.bootstrap;

import static dev.imagerelay.adapters.upstream.MisbehavingUpstream.gzipped;
import static dev.imagerelay.adapters.upstream.MisbehavingUpstream.json;
import static dev.imagerelay.bootstrap.Exchanges.PICTURE;
import static dev.imagerelay.bootstrap.RunningRelay.receipt;
import static dev.imagerelay.bootstrap.UpstreamTrouble.BUSY;
import static dev.imagerelay.bootstrap.UpstreamTrouble.CREDENTIAL_REFUSED;
import static dev.imagerelay.bootstrap.UpstreamTrouble.CUT_OFF;
import static dev.imagerelay.bootstrap.UpstreamTrouble.ERROR_ANSWERED;
import static dev.imagerelay.bootstrap.UpstreamTrouble.NO_IMAGES;
import static dev.imagerelay.bootstrap.UpstreamTrouble.QUOTA_EXHAUSTED;
import static dev.imagerelay.bootstrap.UpstreamTrouble.TIMED_OUT;
import static dev.imagerelay.bootstrap.UpstreamTrouble.UNREACHABLE;
import static dev.imagerelay.bootstrap.UpstreamTrouble.UNUSABLE_ANSWER;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.adapters.upstream.MisbehavingUpstream;
import dev.imagerelay.adapters.upstream.MisbehavingUpstream.Script;
import dev.imagerelay.adapters.upstream.MisbehavingUpstream.Wire;
import dev.imagerelay.domain.relay.Relay;
import dev.imagerelay.domain.relay.RelayState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What an upstream can do wrong, numbered D1 to D25: what the client is told, word for word, what it costs, what the
 * books say, and that the upstream was asked once. Here is what no conformance case has. For the rest see cases 40 to 45
 * (D3, D6, D8, D10, D23, D24), 49 to 56 (D2, D4, D5, D7, D9, D11, D12, D16) and 57 to 69 (D18 to D22).
 */
@Timeout(60)
class UpstreamMatrixTest {

    private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
    private static final String CHUNKED = HEAD + "Transfer-Encoding: chunked\r\n\r\n";
    private static final String ERROR = "{\"error\":{\"message\":\"no\",\"type\":\"x\",\"param\":null,\"code\":null}}";

    /** A model for each list of upstreams, and named after it. */
    private static final List<List<String>> ROUTES = List.of(
            List.of("openai"), List.of("openai", "second"), List.of("refusing"), List.of("unknown"),
            List.of("without-tls"), List.of("refusing", "unknown", "without-tls"));

    private static final String PLAIN = Exchanges.ORDER.replace("gpt-image-2", "openai");
    private static final String STREAMED = StreamedExchanges.ORDER.replace("gpt-image-2", "openai");

    private static MisbehavingUpstream upstream;
    private static MisbehavingUpstream second;
    private static MisbehavingUpstream withoutTls;
    private static RunningRelay relay;
    private static volatile Script answer;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        upstream = MisbehavingUpstream.answering(wire -> answer.play(wire));
        second = MisbehavingUpstream.answering(json(200, PICTURE));
        withoutTls = MisbehavingUpstream.deaf(wire -> wire.send("HTTP/1.1 400 No\r\n\r\n"));
        int nobody;
        try (ServerSocket closed = new ServerSocket(0)) {
            nobody = closed.getLocalPort();
        }
        StringBuilder catalogue = new StringBuilder("models:\n");
        for (List<String> routes : ROUTES) {
            catalogue.append("  - {name: ").append(model(routes)).append(", label: x, sizes: [1024x1024], routes: ")
                    .append(routes.stream().map(route -> "{upstream: " + route + "}").toList())
                    .append(", pricing: [{size: 1024x1024, price: 1}]}\n");
        }
        relay = new RunningRelay(
                List.of(
                        RunningRelay.settings("openai", upstream.baseUrl()),
                        RunningRelay.settings("second", second.baseUrl()),
                        RunningRelay.settings("refusing", URI.create("http://127.0.0.1:" + nobody)),
                        RunningRelay.settings("unknown", URI.create("http://nobody.invalid")),
                        RunningRelay.settings(
                                "without-tls", URI.create("https://127.0.0.1:" + withoutTls.baseUrl().getPort()))),
                Optional.of(Files.writeString(directory.resolve("catalogue.yaml"), catalogue)),
                "0");
    }

    private static String model(List<String> routes) {
        return String.join("-", routes);
    }

    @AfterAll
    static void stop() throws IOException {
        relay.close();
        upstream.close();
        second.close();
        withoutTls.close();
    }

    @BeforeEach
    void serveSomebodyElse() {
        relay.nextCustomer("10");
    }

    private static Arguments fault(String row, UpstreamTrouble trouble, Script script) {
        return Arguments.of(row, trouble, script);
    }

    /** The same however the pictures were ordered. */
    private static Stream<Arguments> faults() {
        String whole = HEAD + "Content-Length: " + PICTURE.length() + "\r\n\r\n" + PICTURE;
        int body = whole.length() - PICTURE.length();
        int status = "HTTP/1.1 200".length();
        List<Integer> cuts = List.of(
                0, 1, status - 1, status, body / 2, body - 1, body, body + 1, body + PICTURE.length() / 2,
                whole.length() - 1);
        Stream<Arguments> breaks = cuts.stream().flatMap(length -> Stream.of(
                fault("D10: resets at byte " + length, CUT_OFF, wire -> {
                    wire.send(whole.substring(0, length));
                    wire.reset();
                }),
                // A line that makes sense as far as it goes is taken for a whole one, and the answer for an empty one.
                fault("D10: hangs up at byte " + length,
                        length == status || length == body / 2 ? UNUSABLE_ANSWER : CUT_OFF, wire -> {
                    wire.send(whole.substring(0, length));
                    wire.hangUp();
                })));
        return Stream.concat(breaks, Stream.of(
                fault("D5: has no money of ours left", QUOTA_EXHAUSTED, json(402, ERROR)),
                fault("D10: promises fewer bytes than it sends", UNUSABLE_ANSWER, wire ->
                        wire.send(HEAD + "Content-Length: " + (PICTURE.length() - 1) + "\r\n\r\n" + PICTURE)),
                fault("D10: sends a chunk that is none", CUT_OFF, wire ->
                        wire.send(CHUNKED + "what?\r\n" + PICTURE + "\r\n0\r\n\r\n")),
                fault("D10: sends a chunk that is none behind a good one", CUT_OFF, wire -> {
                    wire.send(CHUNKED);
                    wire.chunk(PICTURE.substring(0, 20).getBytes(UTF_8));
                    wire.send("-1\r\n" + PICTURE.substring(20) + "\r\n0\r\n\r\n");
                }),
                fault("D10: sends more than its chunk's size", CUT_OFF, wire ->
                        wire.send(CHUNKED + "5\r\n" + PICTURE + "\r\n0\r\n\r\n")),
                fault("D10: sends no chunk behind the last picture", CUT_OFF, wire -> {
                    wire.send(CHUNKED);
                    wire.chunk(PICTURE.getBytes(UTF_8));
                    wire.reset();
                }),
                fault("D10: sends a gzip without its end", CUT_OFF, wire -> wire.answer(
                        200, "Content-Encoding: gzip\r\n", Arrays.copyOf(gzipped(PICTURE.getBytes(UTF_8)), 20))),
                fault("D15: sends a header of 10 MiB", CUT_OFF, wire -> {
                    wire.send(HEAD + "X: ");
                    tenMebibytes(wire, "y".repeat(1 << 10));
                    wire.send("\r\nContent-Length: " + PICTURE.length() + "\r\n\r\n" + PICTURE);
                }),
                fault("D15: sends headers of 10 MiB", CUT_OFF, wire -> {
                    wire.send(HEAD);
                    tenMebibytes(wire, "X: " + "y".repeat((1 << 10) - 5) + "\r\n");
                    wire.send("Content-Length: " + PICTURE.length() + "\r\n\r\n" + PICTURE);
                })));
    }

    private static void tenMebibytes(Wire wire, String kibibyte) throws IOException {
        for (int i = 0; i < 10 << 10; i++) {
            wire.send(kibibyte);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void aFaultCostsNothing(String row, UpstreamTrouble trouble, Script script) throws Exception {
        answer = script;

        trouble.isToldBy(relay, upstream, PLAIN);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void norDoesItWhereAStreamWasOrdered(String row, UpstreamTrouble trouble, Script script) throws Exception {
        answer = script;

        trouble.isToldBy(relay, upstream, STREAMED);
    }

    private static Stream<List<String>> unreachable() {
        return ROUTES.stream().skip(2);
    }

    @ParameterizedTest
    @MethodSource("unreachable")
    void d1_whoCannotBeReachedIsAskedForNothing(List<String> routes) throws Exception {
        UNREACHABLE.isToldBy(relay, upstream, PLAIN.replace("openai", model(routes)));
        relay.nextCustomer("10");
        UNREACHABLE.isToldBy(relay, upstream, STREAMED.replace("openai", model(routes)));
    }

    private static Stream<Arguments> firstAnswers() {
        return Stream.of(
                fault("is busy", BUSY, json(429, ERROR)),
                fault("is busy otherwise", BUSY, json(503, ERROR)),
                fault("refuses our key", CREDENTIAL_REFUSED, json(401, ERROR)),
                fault("has no money of ours left", QUOTA_EXHAUSTED, json(402, ERROR)),
                fault("fails", ERROR_ANSWERED, json(500, ERROR)),
                fault("resets", CUT_OFF, Wire::reset),
                fault("falls silent", TIMED_OUT, Wire::stall),
                fault("shows a page", UNUSABLE_ANSWER, json(200, "<html>")),
                fault("makes nothing", NO_IMAGES, json(200, "{\"data\":[]}")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("firstAnswers")
    void d1_theNextUpstreamIsAskedWithinTheSameHoldIfTheFirstDidNothing(
            String what, UpstreamTrouble trouble, Script script) throws Exception {
        boolean didNothing = List.of(BUSY, CREDENTIAL_REFUSED, QUOTA_EXHAUSTED).contains(trouble);
        String order = PLAIN.replace("openai", "openai-second");
        int before = second.requests().size();
        answer = script;

        if (didNothing) {
            assertDelivered(PICTURE, relay.generate(order));
            assertPaid();
        } else {
            trouble.isToldBy(relay, upstream, order);
        }

        assertEquals(before + (didNothing ? 1 : 0), second.requests().size());
    }

    private static void assertDelivered(String body, HttpResponse<byte[]> response) {
        assertEquals(200, response.statusCode());
        assertEquals(body, new String(response.body(), UTF_8));
        assertEquals(List.of("1", "9", "1"), receipt(response));
    }

    private static void assertPaid() {
        assertEquals(RunningRelay.credits("9"), relay.balance());
        assertEquals(List.of("granted 10", "held 1", "settled 1"), relay.moves());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5})
    void d6_whoeverMakesAnotherNumberOfPicturesInOneJsonIsPaidForThemUpToWhatWasOrdered(int made) throws Exception {
        String picture = "{\"b64_json\":\"QQ==\"}";
        answer = json(200, "{\"data\":[" + picture + ("," + picture).repeat(made - 1) + "]}");

        String events;
        try (StreamedAnswer streamed = relay.stream(STREAMED.replace("{", "{\"n\":3,"))) {
            events = streamed.rest();
            assertEquals(200, streamed.response().statusCode());
            assertEquals(Math.min(made, 3), relay.booked(streamed.response()).delivered());
        }

        assertEquals(made, events.split("event: image_generation.completed\n", -1).length - 1, events);
        assertEquals(
                switch (made) {
                    case 1 -> List.of("granted 10", "held 3", "settled 1", "released 2");
                    case 2 -> List.of("granted 10", "held 3", "settled 2", "released 1");
                    default -> List.of("granted 10", "held 3", "settled 3");
                },
                relay.moves());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void d13_anAnswerAfterItsTimeIsNobodysAndChangesNothing(boolean streamed) throws Exception {
        CountDownLatch givenUp = new CountDownLatch(1);
        CountDownLatch sent = new CountDownLatch(1);
        answer = wire -> {
            givenUp.await();
            try {
                json(200, PICTURE.replace(":1,", ":666,")).play(wire);
            } finally { // the gateway has hung up
                sent.countDown();
            }
        };
        HttpResponse<byte[]> late = TIMED_OUT.isToldBy(relay, upstream, streamed ? STREAMED : PLAIN);
        answer = json(200, PICTURE);
        givenUp.countDown();
        sent.await();
        Relay booked = relay.booked(late);
        relay.nextCustomer("10");

        assertDelivered(PICTURE, relay.generate(PLAIN));

        assertPaid();
        assertEquals(booked, relay.booked(late));
        assertEquals(RelayState.RELEASED, booked.state());
    }

    @ParameterizedTest
    @ValueSource(strings = {"at once", "later"})
    void d14_aSecondAnswerIsNobodys(String when) throws Exception {
        CountDownLatch firstRead = new CountDownLatch(when.equals("later") ? 1 : 0);
        CountDownLatch sent = new CountDownLatch(1);
        String second = PICTURE.replace(":1,", ":666,");
        answer = wire -> {
            String whole = HEAD + "Content-Length: %d\r\n\r\n%s";
            wire.send(whole.formatted(PICTURE.length(), PICTURE)
                    + (firstRead.getCount() > 0 ? "" : whole.formatted(second.length(), second)));
            if (firstRead.getCount() > 0) {
                firstRead.await();
                wire.send(whole.formatted(second.length(), second));
            }
            sent.countDown();
        };
        assertDelivered(PICTURE, relay.generate(PLAIN));
        assertPaid();
        firstRead.countDown();
        sent.await();
        answer = json(200, PICTURE);

        for (int i = 0; i < 3; i++) {
            relay.nextCustomer("10");
            assertDelivered(PICTURE, relay.generate(PLAIN));
            assertPaid();
        }
    }

    @Test
    void d17_aLinkThatPointsInwardIsPassedOnAndNeverFollowed() throws Exception {
        try (MisbehavingUpstream inside = MisbehavingUpstream.answering(json(200, "{}"))) {
            String links = "{\"data\":[{\"url\":\"" + inside.baseUrl() + "/secret.png\"},"
                    + "{\"url\":\"http://169.254.169.254/latest/meta-data/\"}]}";
            answer = json(200, links);

            HttpResponse<byte[]> response = relay.generate(PLAIN.replace("{", "{\"n\":2,"));

            assertEquals(200, response.statusCode());
            assertEquals(links, new String(response.body(), UTF_8));
            assertEquals(List.of("granted 10", "held 2", "settled 2"), relay.moves());
            assertEquals(0, inside.connections());
        }
    }

    @Test
    void d25_aSlowSuccessIsPaidOnce() throws Exception {
        answer = wire -> {
            wire.send(HEAD + "Content-Length: " + PICTURE.length() + "\r\n\r\n");
            for (String part : PICTURE.split("(?<=\\{)")) { // longer than the silence that is allowed, all in all
                wire.send(part);
                wire.pause(500);
            }
        };

        assertDelivered(PICTURE, relay.generate(PLAIN));

        assertPaid();
    }

    @Test
    void d15_neitherABombNorAFloodFillsTheHeap(@TempDir Path directory) throws Exception {
        byte[] bomb = gibibyteZipped();
        assertTrue(bomb.length < 1_200_000, "about a mebibyte, not " + bomb.length);
        answer = wire ->
                wire.answer(200, "Content-Type: application/json\r\nContent-Encoding: gzip\r\n", bomb);
        try (ServerProcess server = ServerProcess.start(directory, upstream.baseUrl(), "-Xmx48m")) {
            UNUSABLE_ANSWER.isToldBy(server.generate(Exchanges.ORDER).get(), "1000");

            answer = wire -> {
                wire.send(HEAD);
                for (int i = 0; i < 10; i++) {
                    tenMebibytes(wire, "X: " + "y".repeat((1 << 10) - 5) + "\r\n");
                }
            };
            CUT_OFF.isToldBy(server.generate(Exchanges.ORDER).get(), "1000");

            answer = json(200, PICTURE);
            assertEquals(List.of("1", "999", "1"), receipt(server.generate(Exchanges.ORDER).get()));
            server.askToStop();
            server.exitCode();
            assertArrayEquals(new String[] {"lock"}, directory.resolve("spool").toFile().list(), "nothing is left");
        }
    }

    /** Its beginning, a gibibyte of which each mebibyte is the same when compressed; nobody gets to its end. */
    private static byte[] gibibyteZipped() {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        byte[] mebibyte = new byte[1 << 20];
        Arrays.fill(mebibyte, (byte) 'A');
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        zipped.writeBytes(new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 0});
        zipped.writeBytes(deflated(deflater, "{\"data\":[{\"b64_json\":\"".getBytes(UTF_8)));
        zipped.writeBytes(deflated(deflater, mebibyte));
        byte[] next = deflated(deflater, mebibyte);
        for (int i = 1; i < 1 << 10; i++) {
            zipped.writeBytes(next);
        }
        deflater.end();
        return zipped.toByteArray();
    }

    private static byte[] deflated(Deflater deflater, byte[] bytes) {
        byte[] deflated = new byte[1 << 12];
        deflater.setInput(bytes);
        return Arrays.copyOf(deflated, deflater.deflate(deflated, 0, deflated.length, Deflater.SYNC_FLUSH));
    }
}
