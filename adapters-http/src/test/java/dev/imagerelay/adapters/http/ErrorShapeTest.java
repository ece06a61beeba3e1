package dev.imagerelay.adapters.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.imagerelay.application.port.out.StoreUnavailable;
import dev.imagerelay.domain.relay.UpstreamFailure;
import dev.imagerelay.domain.relay.UpstreamReply;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever goes wrong, and whoever notices it: the error has OpenAI's form, and its answer a name. */
class ErrorShapeTest {

    private static final String GENERATIONS = "/v1/images/generations";

    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start();
        gateway.upstream = (id, route, order, body, previews) -> UpstreamReply.Failed.of(UpstreamFailure.CUT_OFF);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    static Stream<Arguments> failingRequests() {
        return Stream.of(
                failing("no key", 401, g -> g.to("/v1/models")),
                failing("unknown key", 401, g -> g.to("/v1/models").header("Authorization", "Bearer x")),
                failing("no body", 400, g -> g.from(GENERATIONS).POST(BodyPublishers.noBody())),
                failing("no JSON", 400, g -> g.post(GENERATIONS, "{")),
                failing("a member amiss", 400, g -> g.post(GENERATIONS, "{\"prompt\":\"\"}")),
                failing("unknown model", 400, g -> g.post(GENERATIONS, "{\"prompt\":\"x\",\"model\":\"y\"}")),
                failing("half a character", 400, g ->
                        g.post(GENERATIONS, "{\"prompt\":\"x\",\"model\":\"\\ud83d\"}")),
                failing("form data", 400, g -> g.from(GENERATIONS)
                        .header("Content-Type", "multipart/form-data; boundary=x")
                        .POST(BodyPublishers.ofString("--x--"))),
                failing("compressed", 415, g -> g.post(GENERATIONS, TestGateway.ORDER)
                        .header("Content-Encoding", "gzip")),
                failing("too large", 413, g -> g.post(GENERATIONS, "x".repeat(TestGateway.MAX_BODY + 1))),
                failing("too dear", 400, g -> g.post(GENERATIONS, TestGateway.ORDER).header("x-max-credits", "0")),
                failing("a limit in words", 400, g -> g.post(GENERATIONS, TestGateway.ORDER)
                        .header("x-max-credits", "lots")),
                failing("a key that is none", 400, g -> g.post(GENERATIONS, TestGateway.ORDER)
                        .header("Idempotency-Key", "")),
                failing("no credits left", 429, g -> g.post(GENERATIONS, TestGateway.ORDER
                        .replace("1024x1024", "3840x2160").replace("low", "high").replace("{", "{\"n\":10,"))),
                failing("upstream failed", 502, g -> g.post(GENERATIONS, TestGateway.ORDER)),
                failing("no such model", 404, g -> g.from("/v1/models/none")),
                failing("no such result", 404, g -> g.from("/v1/images/results/none")),
                failing("no such page", 400, g -> g.from("/api/ai/credits/entries?limit=x")),
                failing("no such path", 404, g -> g.from("/v1/images/generationz")),
                failing("no such part of the console", 404, g -> g.to("/console/none.js")),
                failing("wrong method", 405, g -> g.from(GENERATIONS)),
                failing("unheard-of method", 405, g -> g.to(GENERATIONS).method("BREW", BodyPublishers.noBody())),
                failing("a doubled slash", 400, g -> g.to("/v1//images/generations")),
                failing("a hidden step up", 400, g -> g.to("/v1/%2e%2e/models")),
                failing("a hidden end", 400, g -> g.from("/v1/models/x%00")),
                failing("headers too large", 431, g -> g.to("/health/live").header("x", "x".repeat(20_000))));
    }

    private static Arguments failing(String name, int status, Function<TestGateway, HttpRequest.Builder> request) {
        return Arguments.of(name, status, request);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("failingRequests")
    void everyErrorHasTheFourMembersAndAName(
            String name, int status, Function<TestGateway, HttpRequest.Builder> request) throws Exception {
        HttpResponse<String> response = gateway.send(request.apply(gateway));

        assertEquals(status, response.statusCode(), response.body());
        hasTheForm(response);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "NONSENSE\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/3.7\r\nHost: x\r\n\r\n",
        "GET /v1/models/%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nA: b\u0000c\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nExpect: a miracle\r\nConnection: close\r\n\r\n",
        "POST /v1/images/generations HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
        "POST /v1/images/generations HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0"
    })
    void whatIsNoHttpRequestGetsTheSameForm(String request) throws IOException {
        String[] answer = gateway.raw(request).split("\r\n\r\n", 2);

        assertTrue(answer[0].matches("(?s)HTTP/1.1 (400|417|505) .*"), answer[0]);
        assertTrue(answer[0].contains("\r\nContent-Type: application/json\r\n"), answer[0]);
        assertTrue(answer[0].matches("(?s).*\r\nx-request-id: req_[0-9a-f]{32}\r\n.*"), answer[0]);
        hasTheForm(new ObjectMapper().readTree(answer[1]));
    }

    @Test
    void whatTheServerItselfRefusesIsTheRequestsFault() throws IOException {
        String[] answer = gateway.raw("OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                .split("\r\n\r\n", 2);

        assertTrue(answer[0].startsWith("HTTP/1.1 404 "), answer[0]);
        JsonNode body = new ObjectMapper().readTree(answer[1]);
        hasTheForm(body);
        assertEquals("invalid_request_error", body.at("/error/type").textValue());
    }

    @Test
    void anUnexpectedExceptionTellsNothingOfItself() throws Exception {
        unexpected(new IllegalStateException("secret detail"));
    }

    @Test
    void soDoesAnErrorOfTheMachine() throws Exception {
        unexpected(new StackOverflowError("secret detail"));
    }

    private static void unexpected(Throwable thrown) throws Exception {
        try (TestGateway broken = failingWith(thrown)) {
            HttpResponse<String> response = broken.send(broken.post(GENERATIONS, TestGateway.ORDER));

            assertEquals(500, response.statusCode());
            hasTheForm(response);
            assertEquals("false", response.headers().firstValue("x-should-retry").orElseThrow());
            assertFalse(response.body().contains("secret"), response.body());
            assertFalse(response.body().contains("java"), response.body());
            assertFalse(response.body().contains("Error\""), response.body());
        }
    }

    @Test
    void aLostLedgerSaysWhetherToTryAgain() throws Exception {
        try (TestGateway broken = failingWith(StoreUnavailable.before("no connection"))) {
            HttpResponse<String> response = broken.send(broken.post(GENERATIONS, TestGateway.ORDER));
            assertEquals(503, response.statusCode());
            hasTheForm(response);
            assertEquals("5", response.headers().firstValue("Retry-After").orElseThrow());
        }
        try (TestGateway broken = failingWith(StoreUnavailable.during("cut", new IOException("disk")))) {
            HttpResponse<String> response = broken.send(broken.post(GENERATIONS, TestGateway.ORDER));
            assertEquals(503, response.statusCode());
            hasTheForm(response);
            assertEquals("false", response.headers().firstValue("x-should-retry").orElseThrow());
        }
    }

    private static TestGateway failingWith(Throwable thrown) {
        return TestGateway.start(useCases -> new RelayHttpServer.UseCases(
                useCases.authenticate(),
                (command, previews) -> {
                    if (thrown instanceof Error error) {
                        throw error;
                    }
                    throw (RuntimeException) thrown;
                },
                useCases.quoteImages(),
                useCases.listModels(),
                useCases.readCredits(),
                useCases.readResult()));
    }

    private static void hasTheForm(HttpResponse<String> response) throws IOException {
        assertEquals("application/json", response.headers().firstValue("Content-Type").orElseThrow());
        assertEquals("nosniff", response.headers().firstValue("X-Content-Type-Options").orElseThrow());
        assertTrue(response.headers().firstValue("x-request-id").orElseThrow().matches("req_[0-9a-f]{32}"));
        assertTrue(response.headers().firstValue("Server").isEmpty());
        assertTrue(response.headers().firstValue("Set-Cookie").isEmpty());
        hasTheForm(TestGateway.json(response));
    }

    private static void hasTheForm(JsonNode body) {
        assertEquals(List.of("error"), names(body));
        JsonNode error = body.get("error");
        assertEquals(List.of("message", "type", "param", "code"), names(error));
        assertTrue(error.get("message").textValue().length() > 10, error.toString());
        assertFalse(error.get("type").textValue().isEmpty(), error.toString());
        for (String member : List.of("param", "code")) {
            assertTrue(error.get(member).isNull() || !error.get(member).textValue().isEmpty(), error.toString());
        }
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
