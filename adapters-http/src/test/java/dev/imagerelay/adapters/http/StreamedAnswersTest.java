package dev.imagerelay.adapters.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.imagerelay.adapters.http.RelayHttpServer.UseCases;
import dev.imagerelay.application.port.out.StoreUnavailable;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.relay.Declined;
import dev.imagerelay.domain.relay.Receipt;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.RelayOutcome;
import dev.imagerelay.domain.relay.UpstreamFailure;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a streamed answer ends, whether it had begun or not: with every picture, or with an error that no SDK misses. */
@Timeout(60)
class StreamedAnswersTest {

    private static final String PREVIEW =
            "event: image_generation.partial_image\r\ndata: {\"b64_json\":\"ü\"}\r\n\r\n";
    private static final String PICTURE = "event: image_generation.completed\ndata: {\"b64_json\":\"AA==\"}\n\n";
    private static final RelayId ORIGINAL = new RelayId("req_" + "a".repeat(32));
    private static final Receipt FREE = receipt("0", 0);
    private static final Receipt PAID = receipt("2", 2);

    private final MemoryReply preview = MemoryReply.events(PREVIEW);
    private final MemoryReply picture = MemoryReply.events(PICTURE);
    private Supplier<RelayOutcome> end = () -> new RelayOutcome.Delivered(picture, PAID);
    private boolean shown;
    private final TestGateway gateway = TestGateway.start(useCases -> new UseCases(
            useCases.authenticate(),
            (command, previews) -> {
                if (shown) {
                    previews.show(preview);
                }
                return end.get();
            },
            useCases.quoteImages(),
            useCases.listModels(),
            useCases.readCredits(),
            useCases.readResult()));

    private static Receipt receipt(String charged, int images) {
        return new Receipt(
                Credits.of(charged),
                Optional.of(Credits.of("97.5")),
                images,
                TestGateway.catalogue().rateCard().version());
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private Watcher watch() throws IOException {
        return new Watcher(gateway, TestGateway.ORDER.replace("{", "{\"stream\":true,"));
    }

    @Test
    void picturesFollowThePreviews() throws Exception {
        shown = true;
        try (Watcher watcher = watch()) {
            isAStream(watcher);
            assertNull(watcher.header("x-credits-charged"), "nothing was charged when the headers were sent");
            assertEquals(PREVIEW + PICTURE, watcher.rest());
        }
        assertTrue(preview.closed() && picture.closed());
    }

    @Test
    void picturesThatNothingWasShownOfComeWithAReceipt() throws Exception {
        try (Watcher watcher = watch()) {
            isAStream(watcher);
            hasReceipt(watcher, PAID);
            assertEquals(PICTURE, watcher.rest());
        }
        assertTrue(picture.closed());
    }

    @Test
    void aReceiptThatCannotTellWhatRemainsLeavesItOut() throws Exception {
        end = () -> new RelayOutcome.Delivered(
                picture, new Receipt(PAID.charged(), Optional.empty(), PAID.images(), PAID.version()));

        try (Watcher watcher = watch()) {
            assertEquals("2", watcher.header("x-credits-charged"));
            assertEquals("2", watcher.header("x-images-delivered"));
            assertNull(watcher.header("x-credits-remaining"));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void picturesThatAreMissingAreAnErrorAfterThoseThatCame(boolean begun) throws Exception {
        shown = begun;
        end = () -> new RelayOutcome.Delivered(picture, PAID, Optional.of(UpstreamFailure.CUT_OFF));

        try (Watcher watcher = watch()) {
            isAStream(watcher);
            String stream = watcher.rest();
            assertTrue(stream.startsWith((begun ? PREVIEW : "") + PICTURE + "event: error\n"), stream);
            JsonNode error = error(stream);
            assertEquals("upstream_cut_off", error.get("code").textValue());
            assertTrue(error.get("message").textValue().contains("only those that came: 2."), stream);
        }
        assertTrue(picture.closed());
    }

    static Stream<Arguments> errors() {
        return Stream.of(
                ending("upstream failed", 504, () -> new RelayOutcome.FailedUpstream(
                        UpstreamFailure.TIMED_OUT, Optional.empty(), FREE)),
                ending("declined", 429, () -> new RelayOutcome.NotAccepted(new Declined.InsufficientCredits(
                        Credits.of("9"), Credits.of("1"), Credits.of("3")))),
                ending("still being made", 409, () -> new RelayOutcome.NotAccepted(
                        new Declined.AlreadyOrdered(ORIGINAL, true))),
                ending("key of another order", 422, () -> new RelayOutcome.NotAccepted(
                        new Declined.AlreadyOrdered(ORIGINAL, false))),
                ending("result forgotten", 410, () -> new RelayOutcome.NotAccepted(new Declined.ResultGone(ORIGINAL))),
                ending("store lost before", 503, () -> {
                    throw StoreUnavailable.before("no connection");
                }),
                ending("store lost meanwhile", 503, () -> {
                    throw StoreUnavailable.during("cut", new IOException("disk"));
                }),
                ending("a mistake of ours", 500, () -> {
                    throw new IllegalStateException("secret detail");
                }),
                ending("no more memory", 500, () -> {
                    throw new OutOfMemoryError("secret detail");
                }));
    }

    private static Arguments ending(String name, int status, Supplier<RelayOutcome> end) {
        return Arguments.of(name, status, end);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("errors")
    void anErrorIsAnAnswerBeforeTheStreamHasBegunAndItsLastEventAfterwards(
            String name, int status, Supplier<RelayOutcome> error) throws Exception {
        end = error;
        String answer;
        try (Watcher watcher = watch()) {
            assertTrue(watcher.statusLine().startsWith("HTTP/1.1 " + status + " "), watcher.statusLine());
            assertEquals("application/json", watcher.header("Content-Type"));
            answer = watcher.rest();
        }
        assertTrue(answer.startsWith("{\"error\":{"), answer);

        shown = true;
        try (Watcher watcher = watch()) {
            isAStream(watcher);
            assertEquals(
                    PREVIEW + "event: error\ndata: {\"type\":\"error\"," + answer.substring(1) + "\n\n",
                    watcher.rest());
        }
        assertTrue(preview.closed());
    }

    @Test
    void anUpstreamsRefusalIsAnAnswerBeforeTheStreamHasBegun() throws Exception {
        MemoryReply refusal = MemoryReply.json("{\r\n  \"error\": {\"code\": \"moderation_blocked\"}\n}\n");
        end = () -> new RelayOutcome.RefusedUpstream(400, refusal, FREE);

        try (Watcher watcher = watch()) {
            assertTrue(watcher.statusLine().startsWith("HTTP/1.1 400 "), watcher.statusLine());
            assertEquals("application/json", watcher.header("Content-Type"));
            hasReceipt(watcher, FREE);
            assertEquals("{\r\n  \"error\": {\"code\": \"moderation_blocked\"}\n}\n", watcher.rest());
        }
        assertTrue(refusal.closed());
    }

    @Test
    void anUpstreamsRefusalIsTheLastEventAfterwardsInOneLine() throws Exception {
        shown = true;
        MemoryReply refusal = MemoryReply.json("{\r\n  \"error\": {\"code\": \"blocked\", \"param\":\"ü\"}\n}\n");
        end = () -> new RelayOutcome.RefusedUpstream(400, refusal, FREE);

        try (Watcher watcher = watch()) {
            isAStream(watcher);
            assertEquals(
                    PREVIEW + "event: error\ndata: {  \"error\": {\"code\": \"blocked\", \"param\":\"ü\"}}\n\n",
                    watcher.rest());
        }
        assertTrue(refusal.closed());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anUpstreamsOwnErrorEventStaysWhatItIs(boolean begun) throws Exception {
        shown = begun;
        String event = "event: error\ndata: {\"type\":\"error\",\"error\":{\"code\":\"image_generation_failed\"}}\n\n";
        MemoryReply refusal = MemoryReply.events(event);
        end = () -> new RelayOutcome.RefusedUpstream(200, refusal, FREE);

        try (Watcher watcher = watch()) {
            isAStream(watcher);
            assertEquals((begun ? PREVIEW : "") + event, watcher.rest());
        }
        assertTrue(refusal.closed());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anEventThatCannotBeReadBackIsFollowedByAnErrorThatIsNoPartOfIt(boolean begun) throws Exception {
        shown = begun;
        String half = "event: image_generation.completed\ndata: {\"b64_json\":\"" + "A".repeat(100_000);
        end = () -> new RelayOutcome.Delivered(new BrokenReply("text/event-stream", half, 200_000), PAID);

        try (Watcher watcher = watch()) {
            isAStream(watcher);
            String stream = watcher.rest();
            assertTrue(stream.startsWith((begun ? PREVIEW : "") + half + "\n\nevent: error\n"));
            assertTrue(error(stream).get("code").isNull(), stream);
        }
    }

    private static void isAStream(Watcher watcher) throws IOException {
        assertEquals("HTTP/1.1 200 OK", watcher.statusLine());
        assertTrue(watcher.header("Content-Type").startsWith("text/event-stream"), watcher.header("Content-Type"));
        assertEquals("no-cache", watcher.header("Cache-Control"));
        assertEquals("no", watcher.header("X-Accel-Buffering"));
        assertTrue(watcher.header("x-request-id").startsWith("req_"));
    }

    private static void hasReceipt(Watcher watcher, Receipt receipt) throws IOException {
        assertEquals(receipt.charged().toString(), watcher.header("x-credits-charged"));
        assertEquals(receipt.remaining().orElseThrow().toString(), watcher.header("x-credits-remaining"));
        assertEquals(receipt.version().toString(), watcher.header("x-price-version"));
        assertEquals(String.valueOf(receipt.images()), watcher.header("x-images-delivered"));
    }

    /** The error that a stream ends with. */
    private static JsonNode error(String stream) throws IOException {
        List<SentEvent> events = SentEvent.parse(stream);
        SentEvent last = events.get(events.size() - 1);
        assertEquals("error", last.name());
        JsonNode data = new ObjectMapper().readTree(last.data());
        assertEquals("error", data.get("type").textValue());
        return data.get("error");
    }
}
