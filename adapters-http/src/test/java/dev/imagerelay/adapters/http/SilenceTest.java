package dev.imagerelay.adapters.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.domain.image.Delivery;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.relay.ReplyBody;
import dev.imagerelay.domain.relay.UpstreamReply;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which silent connections are given up, and that a request which waits for its pictures is none of them. */
@Timeout(60)
class SilenceTest {

    private static final String GENERATIONS = "/v1/images/generations";
    private static final String STREAMED = TestGateway.ORDER.replace("{", "{\"stream\":true,");

    private final TestGateway gateway = TestGateway.bearing(Duration.ofMillis(200));

    @AfterEach
    void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GET /health/li", "GET /health/live HTTP/1.1\r\nHost: x\r\nA: "})
    void whoNeverCompletesAHeaderIsGivenUp(String begun) throws IOException {
        String answer = gateway.raw(begun);

        assertTrue(answer.isEmpty() || answer.startsWith("HTTP/1.1 4"), answer);
    }

    @Test
    void whoAsksNothingMoreIsGivenUp() throws IOException {
        String answer = gateway.raw("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n");

        assertTrue(answer.endsWith("{\"status\":\"ok\"}"), answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 100\r\n\r\n{", "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"})
    void whoseBodyStopsComingIsToldSoAndGivenUp(String lengthAndBegin) throws IOException {
        String answer = gateway.raw(order(lengthAndBegin));

        assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
        assertTrue(answer.contains("The body did not arrive whole."), answer);
    }

    @Test
    void whoWaitsForPicturesMayBeSilent() throws Exception {
        gateway.upstream = (id, route, order, body, previews) -> {
            for (int i = 0; i < 3; i++) {
                awaitThatSilenceIsGivenUp();
            }
            return TestGateway.images("{\"created\":1}");
        };

        assertEquals(
                "{\"created\":1}", gateway.send(gateway.post(GENERATIONS, TestGateway.ORDER)).body());
    }

    @Test
    void whoTakesNothingOfAnAnswerIsGivenUpAndHasPaid() throws Exception {
        PiecewiseReply large = new PiecewiseReply(new AtomicInteger(), new CountDownLatch(1));
        gateway.upstream = (id, route, order, body, previews) -> new UpstreamReply.Images(large, Delivery.of(1));

        try (Socket socket = new Socket("127.0.0.1", gateway.server.port())) {
            socket.getOutputStream().write(order("Content-Length: " + TestGateway.ORDER.length() + "\r\n\r\n"
                    + TestGateway.ORDER).getBytes(StandardCharsets.US_ASCII));

            assertTrue(large.closed.await(20, TimeUnit.SECONDS));
        }
        // What the system buffers, nobody can see being taken: a slow reader would look silent for that long.
        assertTrue(large.taken.get() < 1_000_000, "buffered: " + large.taken);
        assertEquals(Credits.of("1"), gateway.ledger.totals(gateway.account).spent());
    }

    @Test
    void whoWatchesAStreamMayBeSilentBetweenItsEvents() throws Exception {
        gateway.upstream = (id, route, order, body, previews) -> {
            previews.show(MemoryReply.events("data: 1\n\n"));
            for (int i = 0; i < 3; i++) {
                awaitThatSilenceIsGivenUp();
            }
            previews.show(MemoryReply.events("data: 2\n\n"));
            return new UpstreamReply.Images(MemoryReply.events("data: 3\n\n"), Delivery.of(1));
        };

        try (Watcher watcher = new Watcher(gateway, STREAMED)) {
            assertEquals("data: 1\n\ndata: 2\n\ndata: 3\n\n", watcher.rest());
        }
    }

    @Test
    void whatIsSentJustWhenSilenceWouldBeGivenUpArrives() throws Exception {
        gateway.upstream = (id, route, order, body, previews) -> {
            for (int i = 0; i < 20; i++) {
                previews.show(MemoryReply.events("data: 1\n\n"));
                awaitThatSilenceIsGivenUp();
            }
            return new UpstreamReply.Images(MemoryReply.events("data: 2\n\n"), Delivery.of(1));
        };

        try (Watcher watcher = new Watcher(gateway, STREAMED)) {
            assertEquals("data: 1\n\n".repeat(20) + "data: 2\n\n", watcher.rest());
        }
    }

    @Test
    void whoTakesNothingOfAStreamIsGivenUpAndHasPaidAndNothingIsMadeOfIt() throws Exception {
        MemoryReply picture = MemoryReply.events("data: 3\n\n");
        String large = "data: " + "A".repeat(1_000_000) + "\n\n";
        List<MemoryReply> previews =
                Stream.generate(() -> MemoryReply.events(large)).limit(15).toList();
        gateway.upstream = (id, route, order, body, live) -> {
            previews.forEach(live::show);
            return new UpstreamReply.Images(picture, Delivery.of(1));
        };

        String logged = CapturedLog.during(() -> {
            try (Watcher idle = new Watcher(gateway, STREAMED)) {
                assertTrue(picture.closed());
                gateway.close();
                idle.leave();
            }
        });

        for (MemoryReply preview : previews) {
            assertTrue(preview.closed());
        }
        assertEquals(Credits.of("1"), gateway.ledger.totals(gateway.account).spent());
        assertEquals("", logged);
    }

    private String order(String lengthAndBody) {
        return "POST " + GENERATIONS + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + gateway.key
                + "\r\nContent-Type: application/json\r\n" + lengthAndBody;
    }

    /** Returns once a connection that says nothing, opened now, has been given up. */
    private void awaitThatSilenceIsGivenUp() {
        try {
            gateway.raw("");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A large answer that counts what is taken of it. */
    private record PiecewiseReply(AtomicInteger taken, CountDownLatch closed) implements ReplyBody {

        private static final byte[] PIECE = new byte[50_000];

        @Override
        public String contentType() {
            return "application/json";
        }

        @Override
        public long length() {
            return 1000L * PIECE.length;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            for (int i = 0; i < 1000; i++) {
                out.write(PIECE);
                taken.addAndGet(PIECE.length);
            }
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }
}
