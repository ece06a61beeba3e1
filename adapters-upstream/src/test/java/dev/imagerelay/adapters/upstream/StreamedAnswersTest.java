package dev.imagerelay.adapters.upstream;

import static dev.imagerelay.adapters.upstream.Asking.ORDER;
import static dev.imagerelay.adapters.upstream.Asking.TIME;
import static dev.imagerelay.adapters.upstream.Asking.filesIn;
import static dev.imagerelay.adapters.upstream.Asking.settings;
import static dev.imagerelay.adapters.upstream.Asking.text;
import static dev.imagerelay.adapters.upstream.MisbehavingUpstream.answering;
import static dev.imagerelay.adapters.upstream.MisbehavingUpstream.json;
import static dev.imagerelay.adapters.upstream.SentEvents.CHUNKED;
import static dev.imagerelay.adapters.upstream.SentEvents.DONE;
import static dev.imagerelay.adapters.upstream.SentEvents.TYPE;
import static dev.imagerelay.adapters.upstream.SentEvents.completed;
import static dev.imagerelay.adapters.upstream.SentEvents.partial;
import static dev.imagerelay.adapters.upstream.SentEvents.stream;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.imagerelay.adapters.upstream.MisbehavingUpstream.Script;
import dev.imagerelay.adapters.upstream.MisbehavingUpstream.Wire;
import dev.imagerelay.domain.image.Delivery;
import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.image.ImageQuality;
import dev.imagerelay.domain.image.ImageSize;
import dev.imagerelay.domain.relay.UpstreamFailure;
import dev.imagerelay.domain.relay.UpstreamReply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Of a stream that goes well the previews are shown at once, the pictures kept and counted, and nothing is changed. */
@Timeout(60)
class StreamedAnswersTest {

    @TempDir
    Path spools;

    private final Shown shown = new Shown();

    /** Sends the beginning of a stream, waits until some of it was shown, and sends the rest. */
    private interface Framing {
        void play(Wire wire, String beginning, Shown shown, String rest) throws IOException, InterruptedException;
    }

    static Stream<Arguments> framings() {
        return Stream.of(
                framing("in chunks", (wire, beginning, shown, rest) -> {
                    wire.begin(CHUNKED);
                    wire.chunk(beginning.getBytes(UTF_8));
                    shown.awaitSomething();
                    wire.chunk(rest.getBytes(UTF_8));
                    wire.chunk(new byte[0]);
                }),
                framing("to the end of the connection", (wire, beginning, shown, rest) -> {
                    wire.begin(TYPE);
                    wire.send(beginning);
                    shown.awaitSomething();
                    wire.send(rest);
                    wire.hangUp();
                }),
                framing("gzipped", (wire, beginning, shown, rest) -> {
                    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
                    GZIPOutputStream gzip = new GZIPOutputStream(zipped, true);
                    wire.begin(CHUNKED + "Content-Encoding: gzip\r\n");
                    gzip.write(beginning.getBytes(UTF_8));
                    gzip.flush();
                    wire.chunk(zipped.toByteArray());
                    shown.awaitSomething();
                    zipped.reset();
                    gzip.write(rest.getBytes(UTF_8));
                    gzip.finish();
                    wire.chunk(zipped.toByteArray());
                    wire.chunk(new byte[0]);
                }));
    }

    private static Arguments framing(String name, Framing framing) {
        return Arguments.of(name, framing);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("framings")
    void whatComesBeforeThePictureIsShownWhileTheUpstreamIsAtWork(String name, Framing framing) throws IOException {
        String beginning = ": hello\n\n" + partial();
        String rest = completed() + DONE;
        try (MisbehavingUpstream upstream = answering(wire -> framing.play(wire, beginning, shown, rest))) {
            UpstreamReply.Images images = ask(upstream, ORDER.streamed(1));
            assertEquals(beginning, shown.text());
            assertEquals(rest, text(images.body()));
            assertEquals(rest.length(), images.body().length());
            assertEquals(delivery(1, "1024x1024", "high"), images.delivery());
            assertEquals(Optional.empty(), images.cutShort());
            images.discard();
        }
        assertEquals(0, filesIn(spools));
    }

    @Test
    void everythingFromTheFirstPictureOnIsKeptInItsOrder() throws IOException {
        String beginning = partial() + "\r\n: x\n\n" + partial();
        String rest = completed() + partial() + ":\n\n" + completed() + DONE + ": bye\r\n\r\n";
        try (MisbehavingUpstream upstream = answering(stream(beginning + rest))) {
            UpstreamReply.Images images = ask(upstream, ORDER.streamed(2).times(2));
            assertEquals(beginning, shown.text());
            assertEquals(rest, text(images.body()));
            assertEquals(delivery(2, "1024x1024", "high"), images.delivery());
        }
    }

    static Stream<Arguments> deliveries() {
        String size = "data: {\"url\":\"u\",\"size\":\"512x512\"}\n\n";
        return Stream.of(
                Arguments.of("two alike", completed() + completed(), delivery(2, "1024x1024", "high")),
                Arguments.of("two of different sizes", completed() + completed("512x512", "high"),
                        delivery(2, null, "high")),
                Arguments.of("two of different qualities", completed() + completed("1024x1024", "low"),
                        delivery(2, "1024x1024", null)),
                Arguments.of("one that does not say its quality", completed("512x512", "low") + size,
                        delivery(2, "512x512", null)),
                Arguments.of("nothing named", completed("auto", "auto"), Delivery.of(1)),
                Arguments.of("a size by another name", completed("2K", "hd"), delivery(1, "2K", "hd")),
                Arguments.of("a link", size, delivery(1, "512x512", null)),
                Arguments.of("three in one event", "data: {\"data\":[{\"url\":\"u\"},{\"url\":\"u\"},{},{\"b64_json\":"
                        + "\"QQ==\"}],\"size\":\"1K\"}\n\n", delivery(3, "1K", null)),
                Arguments.of("one picture at a time, then what they used",
                        "data: {\"type\":\"x.partial_succeeded\",\"url\":\"u\",\"size\":\"2048x2048\"}\n\n"
                                + "data: {\"type\":\"x.completed\",\"usage\":{\"total_tokens\":1}}\n\n",
                        delivery(1, "2048x2048", null)),
                Arguments.of("previews between and behind them", partial() + completed() + partial(),
                        delivery(1, "1024x1024", "high")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("deliveries")
    void whatWasDeliveredIsReadFromThePicturesAlone(String what, String events, Delivery delivery) throws IOException {
        try (MisbehavingUpstream upstream = answering(stream(partial() + events))) {
            UpstreamReply.Images images = ask(upstream, ORDER.streamed(1));
            assertEquals(delivery, images.delivery());
            assertEquals(partial() + events, shown.text() + text(images.body()));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"event: e|'\n\n'", "'data: x\n'|'\n'", "data: [DONE]|'\n\n'", ":|'\n\n'"})
    void aBlankLineThatIsMissingAtTheEndIsAdded(String end, String added) throws IOException {
        try (MisbehavingUpstream upstream = answering(stream(completed() + end))) {
            assertEquals(completed() + end + added, text(ask(upstream, ORDER.streamed(0)).body()));
        }
        String picture = completed().stripTrailing();
        try (MisbehavingUpstream upstream = answering(stream(picture))) {
            assertEquals(picture + "\n\n", text(ask(upstream, ORDER.streamed(0)).body()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/event-stream", "text/event-stream; charset=utf-8", "Text/Event-Stream;charset=UTF-8"})
    void theContentTypeIsTheUpstreams(String type) throws IOException {
        byte[] events = (partial() + completed()).getBytes(UTF_8);
        try (MisbehavingUpstream upstream =
                answering(wire -> wire.answer(200, "Content-Type: " + type + "\r\n", events))) {
            assertEquals(type, ask(upstream, ORDER.streamed(1)).body().contentType());
            assertEquals(Set.of(type), shown.types());
        }
    }

    @Test
    void eventsAreAskedForWhereTheyAreOrdered() throws IOException {
        try (MisbehavingUpstream upstream = answering(stream(completed()))) {
            ask(upstream, ORDER.streamed(3));
            assertEquals(Optional.of("text/event-stream"), upstream.requests().get(0).header("Accept"));
        }
    }

    @Test
    void theConnectionIsUsedAgainAfterAStreamThatWasReadToItsEnd() throws IOException {
        try (MisbehavingUpstream upstream = answering(stream(partial() + completed()));
                OpenAiUpstreams upstreams = new OpenAiUpstreams(List.of(settings(upstream.baseUrl())), spools, TIME)) {
            for (int i = 0; i < 3; i++) {
                assertInstanceOf(UpstreamReply.Images.class, Asking.ask(upstreams, ORDER.streamed(1), shown));
            }
            assertEquals(3, upstream.requests().size());
            assertEquals(1, upstream.connections());
        }
    }

    @Test
    void anUpstreamThatLingersAfterEverythingCameIsLeftAfterASecond() throws IOException {
        Script script = wire -> {
            wire.begin(CHUNKED);
            wire.chunk((completed() + completed()).getBytes(UTF_8));
            while (true) {
                wire.chunk(":\n\n".getBytes(UTF_8));
                wire.pause(20);
            }
        };
        try (MisbehavingUpstream upstream = answering(script)) {
            long start = System.nanoTime();
            UpstreamReply.Images images = ask(upstream, ORDER.streamed(0).times(2));
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            assertTrue(took.compareTo(Duration.ofSeconds(1)) >= 0, took.toString());
            assertTrue(took.compareTo(Duration.ofSeconds(15)) < 0, took.toString());
            assertTrue(text(images.body()).startsWith(completed() + completed() + ":\n\n"));
            assertEquals(delivery(2, "1024x1024", "high"), images.delivery());
            assertEquals(Optional.empty(), images.cutShort());
        }
    }

    @Test
    void anUpstreamThatHasMoreToSayIsGivenItsTime() throws IOException {
        Script script = wire -> {
            wire.begin(CHUNKED);
            wire.chunk(completed().getBytes(UTF_8));
            wire.pause(1_200);
            wire.chunk(completed().getBytes(UTF_8));
            wire.chunk(new byte[0]);
        };
        try (MisbehavingUpstream upstream = answering(script)) {
            UpstreamReply.Images images = ask(upstream, ORDER.streamed(0).times(2));
            assertEquals(delivery(2, "1024x1024", "high"), images.delivery());
            assertEquals(Optional.empty(), images.cutShort());
        }
    }

    @Test
    void fewerPicturesThanOrderedAreWhatTheyAre() throws IOException {
        try (MisbehavingUpstream upstream = answering(stream(completed() + completed()))) {
            UpstreamReply.Images images = ask(upstream, ORDER.streamed(0).times(3));
            assertEquals(delivery(2, "1024x1024", "high"), images.delivery());
            assertEquals(Optional.empty(), images.cutShort());
        }
    }

    @Test
    void largeEventsArePutTogetherFromTheirFiles() throws IOException {
        String large = "data: {\"b64_json\":\"" + "QUJD".repeat(10_000) + "\",\"type\":\"x%s\"}\n\n";
        String preview = large.formatted(".partial_image");
        String picture = large.formatted("");
        try (MisbehavingUpstream upstream = answering(stream(preview + picture + ":\n\n" + picture))) {
            UpstreamReply.Images images =
                    assertInstanceOf(UpstreamReply.Images.class, large(upstream, ORDER.streamed(1).times(2)));
            assertEquals(preview, shown.text());
            assertEquals(picture + ":\n\n" + picture, text(images.body()));
            assertEquals(1, filesIn(spools));
            images.discard();
        }
        assertEquals(0, filesIn(spools));
    }

    @Test
    void aLineOf20MebibytesPassesThroughAFileAndNotThroughTheHeap() throws Exception {
        int picture = 20 * 1024 * 1024;
        MessageDigest sent = MessageDigest.getInstance("SHA-256");
        Script script = wire -> {
            byte[] start = "data: {\"error\":null,\"b64_json\":\"".getBytes(UTF_8);
            byte[] piece = "QUJD".repeat(16 * 1024).getBytes(UTF_8);
            byte[] end = "\",\"size\":\"1024x1024\"}\n\n".getBytes(UTF_8);
            wire.begin(TYPE + "Content-Length: " + (start.length + picture + end.length) + "\r\n");
            send(start, wire, sent);
            for (int at = 0; at < picture; at += piece.length) {
                send(piece, wire, sent);
            }
            send(end, wire, sent);
        };
        try (MisbehavingUpstream small = answering(stream(partial() + completed()));
                MisbehavingUpstream large = answering(script)) {
            // The first answer of a process loads classes.
            ask(small, ORDER.streamed(0));
            ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = thread.getCurrentThreadAllocatedBytes();
            UpstreamReply.Images images =
                    assertInstanceOf(UpstreamReply.Images.class, large(large, ORDER.streamed(0)));
            DigestOutputStream received =
                    new DigestOutputStream(OutputStream.nullOutputStream(), MessageDigest.getInstance("SHA-256"));
            images.body().writeTo(received);
            long allocated = thread.getCurrentThreadAllocatedBytes() - before;
            assertEquals(delivery(1, "1024x1024", null), images.delivery());
            assertArrayEquals(sent.digest(), received.getMessageDigest().digest());
            assertTrue(allocated < 512 * 1024, "the relay allocated " + allocated + " bytes");
            images.discard();
            assertEquals(0, filesIn(spools));
        }
    }

    private static void send(byte[] bytes, Wire wire, MessageDigest digest) throws IOException {
        wire.send(bytes);
        digest.update(bytes);
    }

    @Test
    void aStreamAsAnAnswerToAPlainOrderIsUnusable() throws IOException {
        try (MisbehavingUpstream upstream = answering(stream(partial() + completed()))) {
            assertEquals(UpstreamReply.Failed.of(UpstreamFailure.UNUSABLE_ANSWER),
                    Asking.ask(settings(upstream.baseUrl()), spools, ORDER, shown));
            assertEquals("", shown.text());
        }
        assertEquals(0, filesIn(spools));
    }

    @Test
    void aRefusalOfAStreamedOrderIsTheUpstreamsJson() throws IOException {
        String body = "{ \"error\": {\"message\":\"no\",\"code\":\"moderation_blocked\"}}\n";
        try (MisbehavingUpstream upstream = answering(json(400, body))) {
            UpstreamReply.Refused refused = assertInstanceOf(
                    UpstreamReply.Refused.class,
                    Asking.ask(settings(upstream.baseUrl()), spools, ORDER.streamed(2), shown));
            assertEquals(400, refused.status());
            assertEquals(body, text(refused.body()));
            assertEquals("application/json", refused.body().contentType());
            assertEquals("", shown.text());
        }
    }

    private UpstreamReply.Images ask(MisbehavingUpstream upstream, ImageOrder order) throws IOException {
        return assertInstanceOf(
                UpstreamReply.Images.class, Asking.ask(settings(upstream.baseUrl()), spools, order, shown));
    }

    private UpstreamReply large(MisbehavingUpstream upstream, ImageOrder order) throws IOException {
        UpstreamSettings settings = UpstreamSettings.of("main", upstream.baseUrl(), Optional.empty());
        return Asking.ask(settings, spools, order, shown);
    }

    private static Delivery delivery(int images, String size, String quality) {
        return new Delivery(
                images,
                Optional.ofNullable(size).map(ImageSize::new),
                Optional.ofNullable(quality).map(ImageQuality::new));
    }
}
