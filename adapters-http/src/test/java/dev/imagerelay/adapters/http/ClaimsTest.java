package dev.imagerelay.adapters.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.application.port.out.InMemoryResults;
import dev.imagerelay.domain.ledger.Balance;
import dev.imagerelay.domain.pricing.Credits;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is a key, which keys are the same, and which counts of an SDK mean that it sends an order again. */
class ClaimsTest {

    private static final String GENERATIONS = "/v1/images/generations";

    private final TestGateway gateway = TestGateway.keeping(new InMemoryResults());
    private final AtomicInteger made = new AtomicInteger();

    @BeforeEach
    void countWhatIsMade() {
        gateway.upstream = (id, route, order, body, previews) ->
                TestGateway.images("{\"created\":" + made.incrementAndGet() + "}");
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private HttpResponse<String> order(String header, String value) throws IOException, InterruptedException {
        return gateway.send(gateway.post(GENERATIONS, TestGateway.ORDER).header(header, value));
    }

    static Stream<String> keys() {
        return Stream.of(
                "x", "k".repeat(255), "8e03978e-40d5-43dd-bc93-6894a57f9324", "!~", "a\"b\"", "a\\b", "a,b",
                "\"8e03978e-40d5-43dd-bc93-6894a57f9324\"", "\"x\"", "\"" + "k".repeat(255) + "\"",
                "\"a\\\"b\\\\c\"", "\"" + "\\\"".repeat(255) + "\"");
    }

    @ParameterizedTest
    @MethodSource("keys")
    void anOrderIsMadeOnceForAKey(String key) throws Exception {
        HttpResponse<String> first = order("Idempotency-Key", key);
        HttpResponse<String> second = order("Idempotency-Key", key);

        assertEquals(200, first.statusCode(), first.body());
        assertEquals(first.body(), second.body());
        assertEquals(1, made.get());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "abc  | \"abc\"    | 1",
        "a\"b | \"a\\\"b\" | 1",
        "a\\b | \"a\\\\b\" | 1",
        "abc  | Abc        | 2",
        "abc  | abcd       | 2",
        "a\\\"b | \"a\\\"b\" | 2"
    })
    void quotesAreNoPartOfAKey(String one, String other, int orders) throws Exception {
        assertEquals(200, order("Idempotency-Key", one).statusCode());
        assertEquals(200, order("Idempotency-Key", other).statusCode());

        assertEquals(orders, made.get());
    }

    static Stream<String> noKeys() {
        return Stream.of(
                "", " ", "\"\"", "\"", "\"x", "\"x\"y", "\"x\";a=b", "\"a\"b\"", "\"a\\b\"", "\"a\\\"", "\"a b\"",
                "a b", "a\tb", "k".repeat(256), "\"" + "k".repeat(256) + "\"", "k".repeat(10_000),
                "\"" + "k".repeat(10_000) + "\"", "\"" + "\\\"".repeat(5_000) + "\"", "schl\u00fcssel",
                "\"schl\u00fcssel\"", "\u00a0");
    }

    @ParameterizedTest
    @MethodSource("noKeys")
    void whatIsNoKeyIsRefusedAndNothingIsHeld(String key) throws Exception {
        refused(raw("Idempotency-Key: " + key + "\r\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0000", "\u0001", "\u001f", "\u007f", "\u0085"})
    void aKeyHasNoControlCharacters(String control) throws Exception {
        String answer = raw("Idempotency-Key: a" + control + "b\r\n");

        assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
        nothingHappened();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "b", ""})
    void twoKeysAreNone(String second) throws Exception {
        refused(raw("Idempotency-Key: a\r\nidempotency-key: " + second + "\r\n"));
    }

    private String raw(String headers) throws IOException {
        return gateway.raw("POST " + GENERATIONS + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + gateway.key
                + "\r\n" + headers + "Connection: close\r\nContent-Type: application/json\r\nContent-Length: "
                + TestGateway.ORDER.length() + "\r\n\r\n" + TestGateway.ORDER);
    }

    private void refused(String answer) {
        assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
        assertTrue(answer.contains("\"code\":\"invalid_idempotency_key\""), answer);
        assertTrue(answer.contains("Nothing was charged. Send a new UUID with every order,"), answer);
        nothingHappened();
    }

    private void nothingHappened() {
        assertEquals(0, made.get());
        assertEquals(new Balance(Credits.of("99.5"), Credits.ZERO), gateway.ledger.balance(gateway.account));
        assertEquals(Credits.ZERO, gateway.ledger.totals(gateway.account).spent());
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, 1", "0, 2, 1", "00, 01, 1", "0, 999999999, 1", "1, 1, 1", "1, 2, 1",
        "0, 0, 2", "1, 0, 2", "0, x, 2", "0, -1, 2", "0, +1, 2", "0, 1.0, 2", "0, '1, 1', 2", "0, '', 2",
        "0, 9999999999, 2", "x, 1, 2"
    })
    void aCountAboveZeroMeansTheSameOrderAgain(String first, String second, int orders) throws Exception {
        HttpResponse<String> one = order("X-Stainless-Retry-Count", first);
        HttpResponse<String> other = order("X-Stainless-Retry-Count", second);

        assertEquals("{\"created\":1}", one.body());
        assertEquals("{\"created\":" + orders + "}", other.body());
        assertEquals(orders, made.get());
    }

    @Test
    void aCountMeansNothingForAnotherBodyOrAnotherKey() throws Exception {
        order("X-Stainless-Retry-Count", "0");

        gateway.send(gateway.post(GENERATIONS, TestGateway.ORDER + " ").header("X-Stainless-Retry-Count", "1"));
        String key = gateway.administration.issueKey(gateway.account).orElseThrow().secret().reveal();
        gateway.send(gateway.post(GENERATIONS, TestGateway.ORDER)
                .setHeader("Authorization", "Bearer " + key)
                .header("X-Stainless-Retry-Count", "1"));

        assertEquals(3, made.get());
    }

    @Test
    void whereThereIsAKeyACountMeansNothing() throws Exception {
        order("X-Stainless-Retry-Count", "0");

        gateway.send(gateway.post(GENERATIONS, TestGateway.ORDER)
                .header("X-Stainless-Retry-Count", "1")
                .header("Idempotency-Key", "k"));

        assertEquals(2, made.get());
    }

    @ParameterizedTest
    @CsvSource({"Idempotency-Key, 'no key'", "X-Stainless-Retry-Count, 1"})
    void aQuoteIsNeverTheSameAgain(String header, String value) throws Exception {
        order("X-Stainless-Retry-Count", "0");

        HttpResponse<String> quote =
                gateway.send(gateway.post(GENERATIONS + "/quote", TestGateway.ORDER).header(header, value));

        assertEquals(200, quote.statusCode());
        assertEquals("98.5", TestGateway.json(quote).get("available").toString());
    }
}
