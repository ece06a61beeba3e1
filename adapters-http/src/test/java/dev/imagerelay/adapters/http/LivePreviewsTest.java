package dev.imagerelay.adapters.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.domain.image.Delivery;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.relay.Previews;
import dev.imagerelay.domain.relay.ReplyBody;
import dev.imagerelay.domain.relay.UpstreamReply;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is shown of an order is on its way at once, whole and unchanged, and no client can hold up an upstream. */
@Timeout(60)
class LivePreviewsTest {

    private static final String ORDER = TestGateway.ORDER.replace("{", "{\"stream\":true,\"partial_images\":3,");
    private static final String PICTURE = "event: image_generation.completed\ndata: {\"b64_json\":\"AA==\"}\n\n";

    private final MemoryReply picture = MemoryReply.events(PICTURE);

    private static String preview(int index) {
        return "event: image_generation.partial_image\ndata: {\"partial_image_index\":" + index + "}\n\n";
    }

    private static MemoryReply large() {
        return MemoryReply.eventsInAFile("data: " + "A".repeat(1_000_000) + "\n\n");
    }

    /** What an upstream shows before the picture. */
    private interface Showing {
        void to(Previews previews) throws Exception;
    }

    private void showing(TestGateway gateway, Showing showing) {
        gateway.upstream = (id, route, order, body, previews) -> {
            try {
                showing.to(previews);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            return new UpstreamReply.Images(picture, Delivery.of(1));
        };
    }

    @Test
    void everyPreviewIsSeenBeforeTheNextIsThere() throws Exception {
        Semaphore seen = new Semaphore(0);
        List<MemoryReply> previews =
                IntStream.range(0, 3).mapToObj(i -> MemoryReply.events(preview(i))).toList();
        try (TestGateway gateway = TestGateway.start()) {
            showing(gateway, shown -> {
                for (MemoryReply preview : previews) {
                    shown.show(preview);
                    seen.acquire();
                }
            });

            try (Watcher watcher = new Watcher(gateway, ORDER)) {
                for (int i = 0; i < 3; i++) {
                    assertEquals(preview(i), watcher.event());
                    assertEquals(Credits.ZERO, gateway.ledger.totals(gateway.account).spent());
                    seen.release();
                }
                assertEquals(PICTURE, watcher.rest());
                assertEquals("text/event-stream; charset=utf-8", watcher.header("Content-Type"));
            }
            assertEquals(Credits.of("1"), gateway.ledger.totals(gateway.account).spent());
        }
        for (MemoryReply preview : previews) {
            assertTrue(preview.closed());
        }
    }

    @Test
    void noByteIsChanged() throws Exception {
        List<String> shown = List.of(
                ": a comment\n\n", "data: {\"größe\":\"🐈\"}\r\n\r\n", "\n\n", "id: 7\nretry: 1\ndata:\n\n",
                "data: " + "A".repeat(3_000_000) + "\n\n", "data: [DONE]\n\n");
        try (TestGateway gateway = TestGateway.start()) {
            showing(gateway, previews -> shown.forEach(events -> previews.show(MemoryReply.eventsInAFile(events))));

            try (Watcher watcher = new Watcher(gateway, ORDER)) {
                assertEquals(String.join("", shown) + PICTURE, watcher.rest());
            }
        }
    }

    @Test
    void aClientWhoReadsNothingYetKeepsNobodyFromShowingMore() throws Exception {
        CountDownLatch settled = new CountDownLatch(1);
        List<MemoryReply> previews = Stream.generate(LivePreviewsTest::large).limit(15).toList();
        try (TestGateway gateway = TestGateway.start()) {
            showing(gateway, shown -> {
                previews.forEach(shown::show);
                settled.countDown();
            });

            try (Watcher watcher = new Watcher(gateway, ORDER)) {
                assertTrue(settled.await(20, TimeUnit.SECONDS));
                assertEquals(15 * large().length() + PICTURE.length(), watcher.rest().length());
            }
        }
        for (MemoryReply preview : previews) {
            assertTrue(preview.closed());
        }
    }

    @Test
    void whatIsShownToNobodyDoesNotFillTheMemory() throws Exception {
        CountDownLatch sending = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        String large = "data: " + "A".repeat(30_000) + "\n\n";
        try (TestGateway gateway = TestGateway.start()) {
            showing(gateway, previews -> {
                previews.show(new SlowReply("data: 1\n", sending, goOn, "data: 2\n\n"));
                sending.await();
                MemoryReply last = MemoryReply.events(large);
                int waiting = 0;
                for (; !last.isClosed(); waiting++) {
                    last = MemoryReply.events(large);
                    previews.show(last);
                }
                assertTrue(waiting > 15 && waiting < 20, waiting + " wait");
                goOn.countDown();
            });

            try (Watcher watcher = new Watcher(gateway, ORDER)) {
                String rest = watcher.rest();
                assertTrue(rest.startsWith("data: 1\ndata: 2\n\n" + large), "what was shown first arrives");
                assertTrue(rest.endsWith(large + PICTURE), "and so does what is paid for");
            }
        }
    }

    @Test
    void aClientWhoLeavesHasOrderedAllTheSameAndNothingIsMadeOfIt() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        List<MemoryReply> previews = Stream.generate(LivePreviewsTest::large).limit(15).toList();
        String logged = CapturedLog.during(() -> {
            try (TestGateway gateway = TestGateway.start()) {
                showing(gateway, shown -> {
                    shown.show(MemoryReply.events(preview(0)));
                    gone.await();
                    previews.forEach(shown::show);
                });

                Watcher watcher = new Watcher(gateway, ORDER);
                assertEquals(preview(0), watcher.event());
                watcher.leave();
                gone.countDown();

                assertTrue(picture.closed());
                assertEquals(Credits.of("1"), gateway.ledger.totals(gateway.account).spent());
            }
        });
        for (MemoryReply preview : previews) {
            assertTrue(preview.closed());
        }
        assertEquals("", logged);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aClientWhoLeavesBeforeAnythingIsShownIsNoTroubleEither(boolean previewed) throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        String logged = CapturedLog.during(() -> {
            try (TestGateway gateway = TestGateway.start()) {
                showing(gateway, shown -> {
                    asked.countDown();
                    gone.await();
                    if (previewed) {
                        shown.show(MemoryReply.events(preview(0)));
                    }
                });

                Watcher watcher = new Watcher(gateway, ORDER);
                asked.await();
                watcher.leave();
                gone.countDown();

                assertTrue(picture.closed());
            }
        });
        assertEquals("", logged);
    }

    @Test
    void aPreviewThatCannotBeReadBackIsEndedAndThePictureComes() throws Exception {
        String half = "data: {\"b64_json\":\"" + "A".repeat(1000);
        MemoryReply next = MemoryReply.events(preview(1));
        String logged = CapturedLog.during(() -> {
            try (TestGateway gateway = TestGateway.start()) {
                showing(gateway, shown -> {
                    shown.show(new BrokenReply("text/event-stream", half, 2000));
                    shown.show(next);
                });

                try (Watcher watcher = new Watcher(gateway, ORDER)) {
                    assertEquals(half + "\n\n" + PICTURE, watcher.rest());
                }
            }
        });
        assertTrue(next.closed());
        assertTrue(logged.contains("the disk is gone"), logged);
    }

    @Test
    void silenceIsFilledWithCommentsIfThatIsWanted() throws Exception {
        Semaphore goOn = new Semaphore(0);
        try (TestGateway gateway = TestGateway.keepingAlive(Duration.ofMillis(20))) {
            showing(gateway, previews -> {
                goOn.acquire();
                previews.show(MemoryReply.events(preview(0)));
                goOn.acquire();
            });

            try (Watcher watcher = new Watcher(gateway, ORDER)) {
                assertEquals(":\n", watcher.line());
                assertEquals("text/event-stream", watcher.header("Content-Type"));
                assertEquals("no-cache", watcher.header("Cache-Control"));
                goOn.release();
                assertEquals(preview(0), watcher.event().replace(":\n", ""));
                assertEquals(":\n", watcher.line());
                goOn.release();
                assertEquals(PICTURE, watcher.rest().replace(":\n", ""));
            }
        }
    }

    @Test
    void aCommentIsNeverInsideAnEvent() throws Exception {
        CountDownLatch sending = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        String begin = "data: " + "A".repeat(100_000) + "\n";
        try (TestGateway gateway = TestGateway.keepingAlive(Duration.ofMillis(20))) {
            showing(gateway, previews -> previews.show(new SlowReply(begin, sending, goOn, "data: B\n\n")));

            try (Watcher watcher = new Watcher(gateway, ORDER)) {
                sending.await();
                awaitTenComments(gateway);
                goOn.countDown();
                String stream = watcher.rest();
                assertTrue(stream.contains(begin + "data: B\n\n"), stream.substring(0, 100));
            }
        }
    }

    /** Returns once ten times the interval has passed, by another stream of the same gateway. */
    private static void awaitTenComments(TestGateway gateway) throws IOException {
        CountDownLatch end = new CountDownLatch(1);
        gateway.upstream = (id, route, order, body, previews) -> {
            try {
                end.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return TestGateway.images("{}");
        };
        try (Watcher clock = new Watcher(gateway, ORDER)) {
            for (int i = 0; i < 10; i++) {
                assertEquals(":\n", clock.line());
            }
        } finally {
            end.countDown();
        }
    }

    @Test
    void anOrderThatIsNotStreamedIsNeverKeptAlive() throws Exception {
        try (TestGateway gateway = TestGateway.keepingAlive(Duration.ofMillis(20))) {
            gateway.upstream = (id, route, order, body, previews) -> {
                try {
                    awaitTenComments(gateway);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
                return TestGateway.images("{\"created\":1}");
            };

            try (Watcher watcher = new Watcher(gateway, TestGateway.ORDER)) {
                assertEquals("{\"created\":1}", watcher.rest());
                assertEquals("application/json", watcher.header("Content-Type"));
            }
        }
    }

    @Test
    void aClientWhoLeftIsNotKeptAlive() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        String logged = CapturedLog.during(() -> {
            try (TestGateway gateway = TestGateway.keepingAlive(Duration.ofMillis(20))) {
                showing(gateway, previews -> gone.await());
                Watcher watcher = new Watcher(gateway, ORDER);
                assertEquals(":\n", watcher.line());
                watcher.leave();
                awaitTenComments(gateway);
                gone.countDown();

                assertTrue(picture.closed());
            }
        });
        assertEquals("", logged);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1})
    void anIntervalIsLongerThanNothing(long seconds) {
        assertThrows(IllegalArgumentException.class, () -> TestGateway.keepingAlive(Duration.ofSeconds(seconds)));
    }

    /** Events that come back in two parts. */
    private record SlowReply(String begin, CountDownLatch begun, CountDownLatch goOn, String rest)
            implements ReplyBody {

        @Override
        public String contentType() {
            return "text/event-stream";
        }

        @Override
        public long length() {
            return begin.length() + rest.length();
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            out.write(begin.getBytes(StandardCharsets.US_ASCII));
            begun.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            out.write(rest.getBytes(StandardCharsets.US_ASCII));
        }

        @Override
        public void close() {}
    }
}
