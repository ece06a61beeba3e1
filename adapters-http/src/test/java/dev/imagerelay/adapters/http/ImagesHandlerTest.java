package dev.imagerelay.adapters.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.domain.image.Delivery;
import dev.imagerelay.domain.ledger.Balance;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.relay.ReplyBody;
import dev.imagerelay.domain.relay.UpstreamFailure;
import dev.imagerelay.domain.relay.UpstreamReply;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an order sends upstream, what comes back for it, and what its receipt says. */
class ImagesHandlerTest {

    private static final String GENERATIONS = "/v1/images/generations";

    private final TestGateway gateway = TestGateway.start();

    @BeforeEach
    void failLoudlyIfAskedForNothing() {
        gateway.upstream = (id, route, order, body, previews) -> {
            throw new AssertionError("nobody should have asked the upstream");
        };
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private MemoryReply answering(MemoryReply reply, int images) {
        gateway.upstream = (id, route, order, body, previews) -> new UpstreamReply.Images(reply, Delivery.of(images));
        return reply;
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/images/generations", "/api/ai/images/generations", "/v1/images/generations/"})
    void theUpstreamsBytesComeBackWithAReceipt(String path) throws Exception {
        String json = "{\n  \"created\": 1e3,\n  \"data\":[ {\"b64_json\":\"AA\\u003d\\u003d\"} ],\"neu\":\"ü\"}\n\n";
        MemoryReply reply = answering(MemoryReply.json(json), 1);

        HttpResponse<String> response = gateway.send(gateway.post(path, TestGateway.ORDER));

        assertEquals(200, response.statusCode());
        assertEquals(json, response.body());
        assertEquals("application/json", header(response, "Content-Type"));
        assertEquals(reply.length(), response.headers().firstValueAsLong("Content-Length").orElseThrow());
        receipt(response, "1", "98.5", "1");
        assertTrue(reply.closed());
    }

    @Test
    void aLargeAnswerArrivesWholeAndUnchanged() throws Exception {
        byte[] bytes = new byte[20_000_000];
        new Random(1).nextBytes(bytes);
        answering(new MemoryReply("application/json;charset=utf-8", bytes), 1);

        HttpResponse<byte[]> response = HttpClient.newHttpClient()
                .send(gateway.post(GENERATIONS, TestGateway.ORDER).build(), BodyHandlers.ofByteArray());

        assertArrayEquals(bytes, response.body());
        assertEquals("application/json;charset=utf-8", header(response, "Content-Type"));
    }

    @Test
    void theReceiptCountsWhatWasDelivered() throws Exception {
        answering(MemoryReply.json("{}"), 2);

        HttpResponse<String> response =
                gateway.send(gateway.post(GENERATIONS, TestGateway.ORDER.replace("{", "{\"n\":3,")));

        receipt(response, "2", "97.5", "2");
    }

    @Test
    void theBodyGoesUpstreamAsItCameUnderTheNameOfItsAnswer() throws Exception {
        AtomicReference<String> seen = new AtomicReference<>();
        AtomicReference<String> name = new AtomicReference<>();
        gateway.upstream = (id, route, order, body, previews) -> {
            name.set(id.value());
            seen.set(new String(body.unchanged(), StandardCharsets.UTF_8));
            return TestGateway.images("{}");
        };
        String order = "{ \"foo\":{\"n\":[1,null]},\n\"model\":\"gpt-image-2\", \"prompt\":\"🐈 ü\",\"n\":null }";

        HttpResponse<String> response = gateway.send(gateway.post(GENERATIONS, order));

        assertEquals(200, response.statusCode());
        assertEquals(order, seen.get());
        assertEquals(name.get(), header(response, "x-request-id"));
    }

    @Test
    void anUpstreamsRefusalComesBackUnchangedAndFree() throws Exception {
        String json = "{ \"error\": {\"code\":\"moderation_blocked\",\"moderation_details\":{}} }";
        MemoryReply reply = MemoryReply.json(json);
        gateway.upstream = (id, route, order, body, previews) -> new UpstreamReply.Refused(400, reply);

        HttpResponse<String> response = gateway.send(gateway.post(GENERATIONS, TestGateway.ORDER));

        assertEquals(400, response.statusCode());
        assertEquals(json, response.body());
        receipt(response, "0", "99.5", "0");
        assertTrue(reply.closed());
    }

    @Test
    void aFailedUpstreamIsAnErrorWithAReceipt() throws Exception {
        gateway.upstream = (id, route, order, body, previews) -> new UpstreamReply.Failed(
                UpstreamFailure.BUSY, Optional.of(7));

        HttpResponse<String> response = gateway.send(gateway.post(GENERATIONS, TestGateway.ORDER));

        assertEquals(429, response.statusCode());
        assertEquals("rate_limit_exceeded", TestGateway.json(response).at("/error/code").textValue());
        assertEquals("7", header(response, "Retry-After"));
        receipt(response, "0", "99.5", "0");
    }

    @Test
    void anOrderBeyondTheCreditsGoesNowhere() throws Exception {
        HttpResponse<String> response = gateway.send(gateway.post(
                GENERATIONS, "{\"model\":\"gpt-image-2\",\"prompt\":\"x\",\"n\":10}"));

        assertEquals(429, response.statusCode());
        assertEquals("false", header(response, "x-should-retry"));
        assertEquals(Optional.empty(), response.headers().firstValue("Retry-After"));
        String message = TestGateway.json(response).at("/error/message").textValue();
        assertTrue(message.contains("up to 100,") && message.contains("99.5"), message);
    }

    @ParameterizedTest
    @CsvSource({"1, 200", "1.000000, 200", "12.5, 200", "0.999999, 400", "0, 400"})
    void aCallerMayLimitThePrice(String limit, int status) throws Exception {
        answering(MemoryReply.json("{}"), 1);

        HttpResponse<String> response =
                gateway.send(gateway.post(GENERATIONS, TestGateway.ORDER).header("x-max-credits", limit));

        assertEquals(status, response.statusCode());
        if (status == 400) {
            assertEquals("price_above_max_credits", TestGateway.json(response).at("/error/code").textValue());
            assertEquals(new Balance(Credits.of("99.5"), Credits.ZERO), gateway.ledger.balance(gateway.account));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "1e3", "1.0000001", "0x10", "ten", "9999999999999", "1,5"})
    void aLimitThatIsNoAmountIsRefused(String limit) throws Exception {
        limitRefused(gateway.send(gateway.post(GENERATIONS, TestGateway.ORDER).header("x-max-credits", limit)));
    }

    @Test
    void twoLimitsAreNone() throws Exception {
        limitRefused(gateway.send(gateway.post(GENERATIONS, TestGateway.ORDER)
                .header("x-max-credits", "1")
                .header("x-max-credits", "2")));
    }

    private static void limitRefused(HttpResponse<String> response) throws IOException {
        assertEquals(400, response.statusCode());
        assertTrue(TestGateway.json(response).at("/error/message").textValue().contains("x-max-credits"));
        assertTrue(TestGateway.json(response).at("/error/param").isNull());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "application/json | 200", "application/json; charset=utf-8 | 200", "Application/JSON;charset=\"UTF-8\" | 200",
        "application/json; charset=latin1 | 400", "text/plain | 400", "application/jsonx | 400"
    })
    void theBodyMustBeCalledJson(String type, int status) throws Exception {
        answering(MemoryReply.json("{}"), 1);

        assertEquals(status, gateway.send(gateway.from(GENERATIONS)
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString(TestGateway.ORDER))).statusCode());
    }

    @ParameterizedTest
    @CsvSource({"0, true, 200", "1, true, 413", "0, false, 200", "1, false, 413"})
    void aBodyMayBeAsLargeAsTheLimit(int beyond, boolean announced, int status) throws Exception {
        answering(MemoryReply.json("{}"), 1);
        byte[] body = (TestGateway.ORDER + " ".repeat(TestGateway.MAX_BODY - TestGateway.ORDER.length() + beyond))
                .getBytes(StandardCharsets.UTF_8);

        HttpResponse<String> response = gateway.send(gateway.from(GENERATIONS)
                .header("Content-Type", "application/json")
                .POST(announced
                        ? BodyPublishers.ofByteArray(body)
                        : BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))));

        assertEquals(status, response.statusCode());
    }

    @Test
    void whoSendsFarTooMuchGetsToReadTheAnswer() throws Exception {
        String answer = gateway.raw(request("x".repeat(30_000_000)).replace("Host: x", "Host: x\r\nConnection: close"));

        assertTrue(answer.startsWith("HTTP/1.1 413 "), answer);
    }

    @ParameterizedTest
    @CsvSource({"200001, Expect: 100-continue", "200001, expect: 100-Continue", "67308865, Accept: */*",
        "9223372036854775807, Accept: */*"})
    void aBodyAnnouncedFarTooLargeOrOnApprovalIsRefusedUnread(long announced, String header) throws Exception {
        String answer = gateway.raw(request("")
                .replace("Content-Length: 0", header + "\r\nContent-Length: " + announced));

        assertTrue(answer.startsWith("HTTP/1.1 413 "), answer);
        assertTrue(answer.contains("\r\nConnection: close\r\n"), answer);
    }

    @Test
    void aBodyOnApprovalIsAskedForIfItIsNotTooLarge() throws Exception {
        answering(MemoryReply.json("{}"), 1);

        String answer = gateway.raw(request(TestGateway.ORDER)
                .replace("Host: x", "Host: x\r\nExpect: 100-continue\r\nConnection: close"));

        assertTrue(answer.contains("HTTP/1.1 200 "), answer);
    }

    @Test
    void aBodyThatBreaksOffIsRefused() throws Exception {
        String answer = gateway.raw("POST /v1/images/generations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                + gateway.key + "\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");

        assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
        assertTrue(answer.contains("The body did not arrive whole."), answer);
    }

    @Test
    void aCallerWhoLeavesBeforeTheEndHasPaidAndTheAnswerIsGivenUp() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        gateway.upstream = (id, route, order, body, previews) -> new UpstreamReply.Images(
                new EndlessReply(gone, closed), Delivery.of(1));

        try (Socket socket = new Socket("127.0.0.1", gateway.server.port())) {
            socket.setSoLinger(true, 0);
            socket.getOutputStream().write(request(TestGateway.ORDER).getBytes(StandardCharsets.UTF_8));
            assertEquals('H', socket.getInputStream().read());
        }
        gone.countDown();

        assertTrue(closed.await(20, TimeUnit.SECONDS));
        assertEquals(Credits.of("1"), gateway.ledger.totals(gateway.account).spent());
    }

    private String request(String json) {
        return "POST /v1/images/generations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + gateway.key
                + "\r\nContent-Type: application/json\r\nContent-Length: " + json.length() + "\r\n\r\n" + json;
    }

    /** An answer that is written until nobody is left to take it. */
    private record EndlessReply(CountDownLatch gone, CountDownLatch closed) implements ReplyBody {

        @Override
        public String contentType() {
            return "application/json";
        }

        @Override
        public long length() {
            return Long.MAX_VALUE;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            byte[] some = new byte[100_000];
            out.write(some);
            try {
                gone.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            for (int i = 0; i < 10_000; i++) {
                out.write(some);
            }
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }

    @Test
    void anAnswerThatCannotBeReadBackIsCutOffAndNeverLooksComplete() throws Exception {
        String begin = "x".repeat(100_000);
        // It breaks off where just the error that is then due would fit in.
        BrokenReply broken = new BrokenReply(
                "application/json", begin, begin.length() + ErrorMapping.unexpected().json().bytes().length);
        gateway.upstream = (id, route, order, body, previews) -> new UpstreamReply.Images(broken, Delivery.of(1));

        String answer = gateway.raw(request(TestGateway.ORDER));

        assertTrue(answer.contains("\r\nContent-Length: " + broken.length() + "\r\n"), answer);
        assertEquals(begin, answer.substring(answer.indexOf("\r\n\r\n") + 4));
    }

    @Test
    void anAnswerThatCannotBeReadBackIsAnErrorIfNothingOfItIsOnTheWay() throws Exception {
        gateway.upstream = (id, route, order, body, previews) -> new UpstreamReply.Images(
                new BrokenReply("application/json", "{\"created\":", 1000), Delivery.of(1));

        HttpResponse<String> response = gateway.send(gateway.post(GENERATIONS, TestGateway.ORDER));

        assertEquals(500, response.statusCode());
        assertEquals(
                new String(ErrorMapping.unexpected().json().bytes(), StandardCharsets.UTF_8), response.body());
        receipt(response, "1", "98.5", "1");
    }

    @Test
    void aQuoteTellsWhatTheSameOrderWouldBeHeldAt() throws Exception {
        HttpResponse<String> response = gateway.send(gateway.post(
                "/v1/images/generations/quote", "{\"model\":\"gpt-image-2\",\"prompt\":\"x\",\"n\":10}"));

        String version = TestGateway.catalogue().rateCard().version().value();
        assertEquals(
                "{\"object\":\"image.quote\",\"model\":\"gpt-image-2\",\"size\":\"auto\",\"quality\":\"auto\",\"n\":10,"
                        + "\"unit_price\":10,\"total\":100,"
                        + "\"priced_as\":{\"size\":\"3840x2160\",\"quality\":\"high\"},\"rule\":\"dearest_possible\","
                        + "\"price_version\":\"" + version + "\",\"available\":99.5,\"held\":0,\"covered\":false}",
                response.body());
        assertEquals(200, response.statusCode());
        assertEquals(new Balance(Credits.of("99.5"), Credits.ZERO), gateway.ledger.balance(gateway.account));
    }

    @Test
    void aQuoteForAStreamIsTheSame() throws Exception {
        HttpResponse<String> plain =
                gateway.send(gateway.post("/v1/images/generations/quote", TestGateway.ORDER));
        HttpResponse<String> streamed = gateway.send(gateway.post(
                "/v1/images/generations/quote",
                TestGateway.ORDER.replace("{", "{\"stream\":true,\"partial_images\":3,")));

        assertEquals(200, streamed.statusCode());
        assertEquals(plain.body(), streamed.body());
    }

    @Test
    void aQuoteOfAModelWithoutQualitiesNamesNone() throws Exception {
        HttpResponse<String> response = gateway.send(gateway.post("/api/ai/images/generations/quote",
                "{\"model\":\"resold/painter-1.5\",\"prompt\":\"x\",\"n\":2,\"size\":\"1024x1024\"}"));

        String version = TestGateway.catalogue().rateCard().version().value();
        assertEquals(
                "{\"object\":\"image.quote\",\"model\":\"resold/painter-1.5\",\"size\":\"1024x1024\",\"quality\":null,"
                        + "\"n\":2,\"unit_price\":0.25,\"total\":0.5,"
                        + "\"priced_as\":{\"size\":\"1024x1024\",\"quality\":null},\"rule\":\"exact\","
                        + "\"price_version\":\"" + version + "\",\"available\":99.5,\"held\":0,\"covered\":true}",
                response.body());
    }

    @Test
    void aQuoteIsDeclinedLikeItsOrder() throws Exception {
        String order = TestGateway.ORDER.replace("1024x1024", "1x1");

        HttpResponse<String> quote = gateway.send(gateway.post("/v1/images/generations/quote", order));
        HttpResponse<String> made = gateway.send(gateway.post(GENERATIONS, order));

        assertEquals(400, made.statusCode());
        assertEquals(made.body(), quote.body());
        assertFalse(made.headers().firstValue("x-credits-charged").isPresent());
    }

    private static void receipt(HttpResponse<String> response, String charged, String remaining, String images) {
        assertEquals(charged, header(response, "x-credits-charged"));
        assertEquals(remaining, header(response, "x-credits-remaining"));
        assertEquals(images, header(response, "x-images-delivered"));
        assertEquals(
                TestGateway.catalogue().rateCard().version().value(), header(response, "x-price-version"));
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElseThrow(() -> new AssertionError("no " + name));
    }
}
