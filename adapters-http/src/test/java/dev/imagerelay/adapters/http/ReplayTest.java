package dev.imagerelay.adapters.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.application.port.out.InMemoryResults;
import dev.imagerelay.domain.image.Delivery;
import dev.imagerelay.domain.ledger.Balance;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.relay.UpstreamReply;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An order that is given again with its key is made once and paid for once, and answered with the same bytes. */
@Timeout(60)
class ReplayTest {

    private static final String GENERATIONS = "/v1/images/generations";
    private static final String STREAMED = TestGateway.ORDER.replace("{", "{\"stream\":true,");
    private static final String PREVIEW = "event: image_generation.partial_image\ndata: {}\n\n";

    private final InMemoryResults results = new InMemoryResults();
    private final TestGateway gateway = TestGateway.keeping(results);
    private final AtomicInteger made = new AtomicInteger();
    private final CountDownLatch upstreamAsked = new CountDownLatch(1);
    private final CountDownLatch upstreamAnswers = new CountDownLatch(1);

    @BeforeEach
    void answerAtOnceAndEachTimeDifferently() {
        gateway.upstream = (id, route, order, body, previews) -> {
            previews.show(MemoryReply.events(PREVIEW));
            return picture(order.isStreamed());
        };
    }

    private UpstreamReply picture(boolean streamed) {
        int number = made.incrementAndGet();
        return new UpstreamReply.Images(
                streamed ? MemoryReply.events(events(number)) : MemoryReply.json(json(number)), Delivery.of(1));
    }

    private static String json(int number) {
        return "{\r\n \"created\": " + number + ",\"neu\":\"\u00fc\"}\n";
    }

    private static String events(int number) {
        return "event: image_generation.completed\r\ndata: {\"created\": " + number + ",\"neu\":\"\u00fc\"}\r\n\r\n";
    }

    private void answerWhenTold(TestGateway slow) {
        slow.upstream = (id, route, order, body, previews) -> {
            upstreamAsked.countDown();
            try {
                upstreamAnswers.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return picture(order.isStreamed());
        };
    }

    @AfterEach
    void stop() {
        upstreamAnswers.countDown();
        gateway.close();
    }

    private HttpResponse<String> order(String order, String key) throws IOException, InterruptedException {
        return gateway.send(gateway.post(GENERATIONS, order).header("Idempotency-Key", key));
    }

    private static Watcher watch(TestGateway gateway, String order) throws IOException {
        return new Watcher(gateway, order, "Idempotency-Key: k");
    }

    private void madeAndPaidForOnce(TestGateway gateway) {
        assertEquals(1, made.get());
        assertEquals(Credits.of("1"), gateway.ledger.totals(gateway.account).spent());
        assertEquals(new Balance(Credits.of("98.5"), Credits.ZERO), gateway.ledger.balance(gateway.account));
    }

    @Test
    void theSameBytesComeAgainAndNothingIsCharged() throws Exception {
        HttpResponse<String> first = order(TestGateway.ORDER, "k");
        HttpResponse<String> again = order(TestGateway.ORDER, "k");

        assertEquals(200, again.statusCode());
        assertEquals(json(1), first.body());
        assertEquals(json(1), again.body());
        assertEquals(header(first, "Content-Type"), header(again, "Content-Type"));
        assertEquals(header(first, "Content-Length"), header(again, "Content-Length"));
        assertEquals("1", header(first, "x-credits-charged"));
        assertNull(header(first, "Idempotency-Replayed"));
        isAReplayOf(first, again);
        madeAndPaidForOnce(gateway);
    }

    @Test
    void aStreamedOrderGetsItsPicturesAgainInAStream() throws Exception {
        HttpResponse<String> first = order(STREAMED, "k");
        HttpResponse<String> again = order(STREAMED, "k");

        assertEquals(200, again.statusCode());
        assertEquals(PREVIEW + events(1), first.body());
        assertEquals(events(1), again.body());
        for (String name : List.of("Content-Type", "Cache-Control", "X-Accel-Buffering")) {
            assertEquals(header(first, name), header(again, name));
        }
        isAReplayOf(first, again);
        madeAndPaidForOnce(gateway);
    }

    private static void isAReplayOf(HttpResponse<String> first, HttpResponse<String> again) {
        assertEquals("true", header(again, "Idempotency-Replayed"));
        assertEquals(header(first, "x-request-id"), header(again, "x-original-request-id"));
        assertEquals("0", header(again, "x-credits-charged"));
        for (String name : List.of("x-credits-remaining", "x-images-delivered", "x-price-version")) {
            assertNull(header(again, name), name);
        }
    }

    @Test
    void whileTheFirstIsBeingMadeTheSecondWaitsForIt() throws Exception {
        answerWhenTold(gateway);

        try (Watcher first = watch(gateway, TestGateway.ORDER)) {
            upstreamAsked.await();
            try (Watcher second = watch(gateway, TestGateway.ORDER)) {
                awaitTwoInFlight();
                upstreamAnswers.countDown();

                assertEquals(json(1), first.rest());
                assertEquals(json(1), second.rest());
                assertEquals("true", second.header("Idempotency-Replayed"));
                assertEquals(first.header("x-request-id"), second.header("x-original-request-id"));
            }
        }
        madeAndPaidForOnce(gateway);
    }

    private void awaitTwoInFlight() {
        while (gateway.server.inFlight() < 2) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aStreamThatHasBegunWhileItWaitedEndsInTheSamePictures() throws Exception {
        try (TestGateway commenting = TestGateway.keepingAlive(Duration.ofMillis(50), results)) {
            answerWhenTold(commenting);

            try (Watcher first = watch(commenting, STREAMED)) {
                upstreamAsked.await();
                try (Watcher second = watch(commenting, STREAMED)) {
                    assertEquals(":\n", second.line());
                    upstreamAnswers.countDown();

                    assertEquals(events(1), withoutComments(first.rest()));
                    assertEquals(events(1), withoutComments(second.rest()));
                    assertNull(second.header("Idempotency-Replayed"), "nobody knew when the headers were sent");
                }
            }
            madeAndPaidForOnce(commenting);
        }
    }

    private static String withoutComments(String stream) {
        return stream.replaceFirst("^(:\n)+", "");
    }

    @Test
    void aKeyIsForOneOrderOnly() throws Exception {
        HttpResponse<String> first = order(TestGateway.ORDER, "k");
        HttpResponse<String> other = order(TestGateway.ORDER.replace("cat", "dog"), "k");

        assertEquals(422, other.statusCode());
        assertEquals("idempotency_key_reused", TestGateway.json(other).at("/error/code").textValue());
        assertTrue(other.body().contains(header(first, "x-request-id")), other.body());
        madeAndPaidForOnce(gateway);
    }

    @Test
    void anotherAccountsKeyIsAnotherKey() throws Exception {
        order(TestGateway.ORDER, "k");

        HttpResponse<String> others = gateway.send(gateway.post(GENERATIONS, TestGateway.ORDER)
                .setHeader("Authorization", "Bearer " + gateway.anotherKey())
                .header("Idempotency-Key", "k"));

        assertEquals(json(2), others.body());
        assertEquals("1", header(others, "x-credits-charged"));
        assertEquals(Credits.of("1"), gateway.ledger.totals(gateway.account).spent());
    }

    @Test
    void aResultThatIsForgottenIsNotMadeAgain() throws Exception {
        HttpResponse<String> first = order(TestGateway.ORDER, "k");
        results.forgetAll();

        HttpResponse<String> again = order(TestGateway.ORDER, "k");

        assertEquals(410, again.statusCode());
        assertEquals("idempotency_result_gone", TestGateway.json(again).at("/error/code").textValue());
        assertEquals("false", header(again, "x-should-retry"));
        assertTrue(again.body().contains(header(first, "x-request-id")), again.body());
        madeAndPaidForOnce(gateway);
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse(null);
    }
}
