package dev.imagerelay.bootstrap;

import static dev.imagerelay.adapters.upstream.MisbehavingUpstream.json;
import static dev.imagerelay.bootstrap.Exchanges.PICTURE;
import static dev.imagerelay.bootstrap.StreamedExchanges.COMPLETED;
import static dev.imagerelay.bootstrap.StreamedExchanges.partial;
import static dev.imagerelay.bootstrap.StreamedExchanges.stream;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.openai.client.OpenAIClient;
import com.openai.errors.OpenAIInvalidDataException;
import com.openai.models.images.ImagesResponse;
import dev.imagerelay.adapters.http.Contract;
import dev.imagerelay.adapters.upstream.MisbehavingUpstream;
import dev.imagerelay.adapters.upstream.MisbehavingUpstream.Script;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * However often an order is sent, by a double click, by an SDK or by a person who lost the answer: pictures are made
 * once and paid for once, as long as the order can be recognised.
 */
@Timeout(60)
class OrderedOnceTest {

    private static final String GENERATIONS = "/v1/images/generations";
    private static final String PLAIN = Exchanges.ORDER;
    private static final String STREAMED = StreamedExchanges.ORDER;

    private static MisbehavingUpstream upstream;
    private static RunningRelay relay;
    private static volatile Script answer;

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch mayAnswer = new CountDownLatch(1);
    private CountingProxy door;
    private int before;

    @BeforeAll
    static void start() throws IOException {
        upstream = MisbehavingUpstream.answering(wire -> answer.play(wire));
        relay = RunningRelay.patientlyOn(upstream, "0");
    }

    @AfterAll
    static void stop() throws IOException {
        relay.close();
        upstream.close();
    }

    @BeforeEach
    void serveSomebodyElse() throws IOException {
        relay.nextCustomer("10");
        door = new CountingProxy(relay.port());
        before = upstream.requests().size();
        answer = this::anotherEachTime;
    }

    @AfterEach
    void letEverybodyGo() throws IOException {
        mayAnswer.countDown();
        door.close();
    }

    /** How often the upstream was asked. */
    private int made() {
        return upstream.requests().size() - before;
    }

    /** A picture, or two previews and a picture, with the number of the request in it. */
    private void anotherEachTime(MisbehavingUpstream.Wire wire) throws IOException, InterruptedException {
        boolean streamed = wire.request().header("Accept").equals(Optional.of("text/event-stream"));
        Script script = streamed
                ? stream(partial(0), partial(1), pictureEvent(made()))
                : json(200, picture(made()));
        script.play(wire);
    }

    private static String picture(int number) {
        return PICTURE.replace(":1,", ":" + number + ",");
    }

    private static String pictureEvent(int number) {
        return COMPLETED.replace(":1780051200,", ":" + number + ",");
    }

    private void answerWhenTold() {
        answer = wire -> {
            asked.countDown();
            mayAnswer.await();
            anotherEachTime(wire);
        };
    }

    private void assertMadeAndPaidOnce() {
        assertEquals(1, made());
        assertEquals(RunningRelay.credits("9"), relay.balance());
        assertEquals(List.of("granted 10", "held 1", "settled 1"), relay.moves());
    }

    private HttpResponse<byte[]> order(String order, String header, String value) throws Exception {
        return relay.send(relay.request(GENERATIONS, order).header(header, value));
    }

    private static Optional<String> header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name);
    }

    @ParameterizedTest(name = "{0} at once, streamed: {1}, all sent before the answer: {2}")
    @CsvSource({
        "2, false, true", "2, false, false", "2, true, true", "2, true, false",
        "32, false, true", "32, false, false", "32, true, true", "32, true, false"
    })
    void aStormOnOneKeyIsOnePurchase(int many, boolean streamed, boolean sentBefore) throws Exception {
        String order = streamed ? STREAMED : PLAIN;
        for (int round = 1; round <= 5; round++) {
            CountDownLatch sent = new CountDownLatch(sentBefore ? 1 : 0);
            answer = wire -> {
                sent.await();
                anotherEachTime(wire);
            };
            List<CompletableFuture<HttpResponse<byte[]>>> storm = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                storm.add(relay.sendLater(relay.request(GENERATIONS, order).header("Idempotency-Key", "k" + round)));
            }
            sent.countDown();

            assertOnePurchase(storm, streamed, round);
            assertEquals(round, made());
        }
        assertEquals(RunningRelay.credits("5"), relay.balance());
        assertEquals(1 + 5 * 2, relay.moves().size());
    }

    private static void assertOnePurchase(
            List<CompletableFuture<HttpResponse<byte[]>>> storm, boolean streamed, int number) throws Exception {
        List<String> bought = new ArrayList<>();
        List<String> replayed = new ArrayList<>();
        for (CompletableFuture<HttpResponse<byte[]>> each : storm) {
            HttpResponse<byte[]> response = each.get();
            String body = new String(response.body(), UTF_8);
            boolean isReplay = header(response, "Idempotency-Replayed").equals(Optional.of("true"));
            assertEquals(200, response.statusCode(), body);
            if (isReplay) {
                replayed.add(header(response, "x-original-request-id").orElseThrow());
                assertEquals(Optional.of("0"), header(response, "x-credits-charged"));
            } else {
                bought.add(header(response, "x-request-id").orElseThrow());
            }
            String previews = streamed && !isReplay ? partial(0) + partial(1) : ""; // those are not kept
            assertEquals(previews + (streamed ? pictureEvent(number) : picture(number)), body);
        }
        assertEquals(1, bought.size());
        assertEquals(storm.size() - 1, replayed.size());
        assertTrue(replayed.stream().allMatch(bought.get(0)::equals));
    }

    private static Stream<Arguments> sdkCuts() {
        return Stream.of(OpenAiJava.values()).flatMap(way -> Stream.of(true, false)
                .map(usedBefore -> Arguments.of(way, usedBefore)));
    }

    @ParameterizedTest(name = "{0}, used before: {1}")
    @MethodSource("sdkCuts")
    void whatAnSdkSendsAgainBecauseItsAnswerWasCutOffIsBoughtOnce(OpenAiJava way, boolean usedBefore)
            throws Exception {
        OpenAIClient client = OpenAiJava.client(door, relay.key());
        if (usedBefore) {
            way.generate(client, OpenAiJava.order().build());
        }
        door.cutNextAnswerAfter(20);

        ImagesResponse response = way.generate(client, OpenAiJava.order().build());

        assertBoughtOnce(usedBefore, response);
    }

    @ParameterizedTest(name = "{0}, used before: {1}")
    @MethodSource("sdkCuts")
    void whatAnSdkSendsAgainBecauseItsConnectionBrokeWhileItWaitedIsBoughtOnce(OpenAiJava way, boolean usedBefore)
            throws Exception {
        OpenAIClient client = OpenAiJava.client(door, relay.key());
        if (usedBefore) {
            way.generate(client, OpenAiJava.order().build());
        }
        answerWhenTold();
        CompletableFuture<ImagesResponse> response =
                CompletableFuture.supplyAsync(() -> way.generate(client, OpenAiJava.order().build()));
        asked.await();
        int sent = door.requests();
        door.cut();
        while (door.requests() == sent) {
            Thread.onSpinWait();
        }
        mayAnswer.countDown();

        assertBoughtOnce(usedBefore, response.get());
    }

    private void assertBoughtOnce(boolean usedBefore, ImagesResponse response) {
        int purchases = usedBefore ? 2 : 1;
        assertEquals(purchases, response.created());
        assertEquals(purchases, made());
        assertEquals(purchases + 1, door.requests());
        assertEquals(1 + 2 * purchases, relay.moves().size());
        assertEquals(RunningRelay.credits(String.valueOf(10 - purchases)), relay.balance());
    }

    @ParameterizedTest
    @EnumSource
    void whoseAnswerBreaksOffInThePicturesGetsThemAgainByTheKey(OpenAiJava way) throws Exception {
        OpenAIClient client = OpenAiJava.client(door, relay.key());
        door.cutNextAnswerAfter(500); // the head has fewer; of the body the SDK says so itself, and does not try again
        answer = json(200, PICTURE.replace("QQ==", "QUJD".repeat(1000)));

        assertThrows(OpenAIInvalidDataException.class, () -> way.generate(
                client, OpenAiJava.order().putAdditionalHeader("Idempotency-Key", "k").build()));
        ImagesResponse again = way.generate(
                client, OpenAiJava.order().putAdditionalHeader("Idempotency-Key", "k").build());

        assertEquals("QUJD".repeat(1000), again.data().orElseThrow().get(0).b64Json().orElseThrow());
        assertMadeAndPaidOnce();
    }

    private static Stream<Arguments> cuts() {
        return Stream.of("X-Stainless-Retry-Count", "Idempotency-Key").flatMap(header -> Stream.of(PLAIN, STREAMED)
                .flatMap(order -> Stream.of(10, 600).map(length ->
                        Arguments.of(header, order.equals(STREAMED), length))));
    }

    @ParameterizedTest(name = "{0}, streamed: {1}, cut at byte {2}")
    @MethodSource("cuts")
    void whoseConnectionWasCutInTheAnswerGetsTheSameAgain(String header, boolean streamed, int length)
            throws Exception {
        door.cutNextAnswerAfter(length);
        String order = streamed ? STREAMED : PLAIN.replace("\"x\"", "\"" + "x".repeat(5_000) + "\"");
        answer = streamed ? answer : json(200, PICTURE.replace("QQ==", "QUJD".repeat(1000)));

        assertThrows(IOException.class, () -> throughTheDoor(order, header, "0"));
        relay.awaitNothingHeld();
        HttpResponse<byte[]> again =
                throughTheDoor(order, header, header.equals("Idempotency-Key") ? "0" : "1");

        assertEquals(200, again.statusCode());
        assertEquals(Optional.of("true"), header(again, "Idempotency-Replayed"));
        assertEquals(
                streamed ? pictureEvent(1) : PICTURE.replace("QQ==", "QUJD".repeat(1000)),
                new String(again.body(), UTF_8));
        assertMadeAndPaidOnce();
    }

    private HttpResponse<byte[]> throughTheDoor(String order, String header, String value) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + door.port() + GENERATIONS))
                .header("Authorization", "Bearer " + relay.key())
                .header("Content-Type", "application/json")
                .header(header, value)
                .POST(BodyPublishers.ofString(order))
                .build();
        return Contract.CUSTOMERS.checked(HttpClient.newHttpClient().send(request, BodyHandlers.ofByteArray()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoLeavesWhileItIsBeingMadeGetsItByItsName(boolean streamed) throws Exception {
        answerWhenTold();
        CompletableFuture<HttpResponse<byte[]>> left = CompletableFuture.supplyAsync(() -> {
            try {
                return throughTheDoor(streamed ? STREAMED : PLAIN, "Idempotency-Key", "k");
            } catch (Exception e) {
                return null;
            }
        });
        asked.await();
        String id = upstream.requests().get(before).header("X-Client-Request-Id").orElseThrow();
        door.cut();
        left.get();
        mayAnswer.countDown();
        relay.awaitNothingHeld();

        HttpResponse<byte[]> result = relay.send(relay.from("/api/ai/images/results/" + id));

        assertEquals(streamed ? pictureEvent(1) : picture(1), new String(result.body(), UTF_8));
        assertMadeAndPaidOnce();
    }

    @Test
    void anOrderOfWhichNothingCameIsMadeAnewUnderItsKey() throws Exception {
        answer = json(500, "{}");
        assertEquals(502, order(PLAIN, "Idempotency-Key", "k").statusCode());
        answer = json(200, PICTURE);

        HttpResponse<byte[]> again = order(PLAIN, "Idempotency-Key", "k");

        assertEquals(200, again.statusCode());
        assertEquals(Optional.empty(), header(again, "Idempotency-Replayed"));
        assertEquals(List.of("granted 10", "held 1", "released 1", "held 1", "settled 1"), relay.moves());
    }

    @Test
    void aKeyIsForOneBodyAndItsAccountsOwn() throws Exception {
        order(PLAIN, "Idempotency-Key", "k");
        for (String other : List.of(PLAIN + " ", PLAIN.replace("\"x\"", "\"y\""), STREAMED)) {
            HttpResponse<byte[]> refused = order(other, "Idempotency-Key", "k");

            assertEquals(422, refused.statusCode());
            assertEquals("idempotency_key_reused", Exchanges.error(refused).get("code").textValue());
            assertEquals(Optional.empty(), header(refused, "Retry-After"));
        }
        assertMadeAndPaidOnce();

        relay.nextCustomer("10");
        HttpResponse<byte[]> another = order(PLAIN, "Idempotency-Key", "k");

        assertEquals(picture(2), new String(another.body(), UTF_8));
        assertEquals(List.of("granted 10", "held 1", "settled 1"), relay.moves());
    }

    private static Stream<Arguments> noKeys() {
        return Stream.of(
                Arguments.of("none", ""),
                Arguments.of("256 characters", "k".repeat(256)),
                Arguments.of("10,000 characters", "k".repeat(10_000)),
                Arguments.of("half a quotation", "\"k"),
                Arguments.of("quotes within quotes", "\"k\"k\""),
                Arguments.of("a tab", "k\tk"),
                Arguments.of("a control character", "k\u0001k"),
                Arguments.of("NUL", "k\u0000k"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("noKeys")
    void whatIsNoKeyCostsNothing(String what, String key) throws Exception {
        String refusal = relay.raw("POST " + GENERATIONS + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                + relay.key() + "\r\nIdempotency-Key: " + key + "\r\nConnection: close\r\nContent-Type: application/json\r\n"
                + "Content-Length: " + PLAIN.length() + "\r\n\r\n" + PLAIN);

        assertTrue(refusal.startsWith("HTTP/1.1 400 "), refusal);
        Exchanges.error(refusal.substring(refusal.indexOf("\r\n\r\n") + 4));
        assertEquals(0, made());
        assertEquals(List.of("granted 10"), relay.moves());
    }

    @Test
    void withoutAKeyADoubleClickIsTwoPurchases() throws Exception {
        for (int i = 1; i <= 2; i++) {
            assertEquals(picture(i), new String(relay.generate(PLAIN).body(), UTF_8));
        }

        assertEquals(List.of("granted 10", "held 1", "settled 1", "held 1", "settled 1"), relay.moves());
    }
}
