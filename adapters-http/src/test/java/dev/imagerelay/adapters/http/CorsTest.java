package dev.imagerelay.adapters.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.adapters.http.RelayHttpServer.Settings;
import dev.imagerelay.domain.relay.UpstreamFailure;
import dev.imagerelay.domain.relay.UpstreamReply;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which pages may ask from within a browser: none, or exactly those of the listed origins, and these anything. */
class CorsTest {

    private static final String GENERATIONS = "/v1/images/generations";
    private static final String LISTED = "https://app.example.com";

    private static TestGateway open;
    private static TestGateway closed;

    @BeforeAll
    static void start() {
        open = TestGateway.allowing("http://localhost:3000", LISTED);
        closed = TestGateway.start();
        open.upstream = (id, route, order, body, previews) -> UpstreamReply.Failed.of(UpstreamFailure.BUSY);
    }

    @AfterAll
    static void stop() {
        open.close();
        closed.close();
    }

    private static HttpRequest.Builder preflight(TestGateway gateway, String path, String origin, String headers) {
        return gateway.to(path)
                .method("OPTIONS", BodyPublishers.noBody())
                .header("Origin", origin)
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", headers);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/images/generations", "/v1/models/a%2Fb", "/api/ai/credits", "/health/live", "/none"})
    void aListedOriginMaySendWhatItAsksFor(String path) throws Exception {
        String headers = "authorization,content-type, x-stainless-retry-count ,idempotency-key,x-max-credits";

        HttpResponse<String> response = open.send(preflight(open, path, LISTED, headers));

        assertEquals(204, response.statusCode());
        assertEquals("", response.body());
        assertEquals(LISTED, header(response, "Access-Control-Allow-Origin"));
        assertEquals("GET, HEAD, POST", header(response, "Access-Control-Allow-Methods"));
        assertEquals(headers, header(response, "Access-Control-Allow-Headers"));
        assertEquals("86400", header(response, "Access-Control-Max-Age"));
        assertEquals("Origin", header(response, "Vary"));
        assertTrue(header(response, "x-request-id").startsWith("req_"));
        assertTrue(response.headers().firstValue("Access-Control-Allow-Credentials").isEmpty());
    }

    @Test
    void aListedOriginMaySendAnyNumberOfHeaders() throws Exception {
        String headers = "a" + ",b".repeat(7_000);

        HttpResponse<String> response = open.send(preflight(open, GENERATIONS, LISTED, headers));

        assertEquals(headers, header(response, "Access-Control-Allow-Headers"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*", "a,*", "a b", "a,,b", "a:", "<script>", "a\u00fc"})
    void headersThatCannotBeAreNotPermitted(String headers) throws Exception {
        HttpResponse<String> response = open.send(preflight(open, GENERATIONS, LISTED, headers));

        assertEquals(204, response.statusCode());
        assertTrue(response.headers().firstValue("Access-Control-Allow-Headers").isEmpty(), headers);
    }

    @Test
    void everyAnswerMayBeReadByAListedOrigin() throws Exception {
        for (HttpResponse<String> response : List.of(
                open.send(open.from("/v1/models").header("Origin", LISTED)),
                open.send(open.to("/v1/models").header("Origin", LISTED)),
                open.send(open.from("/none").header("Origin", LISTED)),
                open.send(open.from(GENERATIONS).header("Origin", LISTED)),
                open.send(open.post(GENERATIONS, "{").header("Origin", LISTED)),
                open.send(open.post(GENERATIONS, TestGateway.ORDER).header("Origin", LISTED)),
                open.send(open.from("/v1//models").header("Origin", LISTED)),
                open.send(open.to("/health/live").header("Origin", LISTED)),
                open.send(open.to("/health/live")
                        .header("Origin", LISTED)
                        .method("OPTIONS", BodyPublishers.noBody())))) {
            assertEquals(LISTED, header(response, "Access-Control-Allow-Origin"));
            assertEquals(
                    "x-request-id, x-credits-charged, x-credits-remaining, x-images-delivered, x-price-version,"
                            + " idempotency-replayed, x-original-request-id, x-should-retry, retry-after,"
                            + " ratelimit, ratelimit-policy",
                    header(response, "Access-Control-Expose-Headers"));
            assertEquals("Origin", header(response, "Vary"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "https://other.example.com", "http://app.example.com", "https://app.example.com:8443",
        "https://app.example.com/", "https://app.example.com.evil.com", "https://APP.example.com", "app.example.com",
        "null", "*", ""
    })
    void anyOtherOriginIsToldNothing(String origin) throws Exception {
        HttpResponse<String> preflight = open.send(preflight(open, GENERATIONS, origin, "authorization"));
        HttpResponse<String> read = open.send(open.from("/v1/models").header("Origin", origin));

        assertEquals(405, preflight.statusCode());
        assertEquals(200, read.statusCode());
        for (HttpResponse<String> response : List.of(preflight, read)) {
            saysNothing(response);
            assertEquals("Origin", header(response, "Vary"));
        }
    }

    @Test
    void anAnswerToNobodysPageVariesAllTheSame() throws Exception {
        HttpResponse<String> response = open.send(open.to("/health/live"));

        saysNothing(response);
        assertEquals("Origin", header(response, "Vary"));
    }

    @Test
    void withoutAListNothingIsSaidOfIt() throws Exception {
        HttpResponse<String> preflight = closed.send(preflight(closed, GENERATIONS, LISTED, "authorization"));
        HttpResponse<String> read = closed.send(closed.from("/v1/models").header("Origin", LISTED));

        assertEquals(405, preflight.statusCode());
        assertEquals("POST", header(preflight, "Allow"));
        assertEquals(200, read.statusCode());
        for (HttpResponse<String> response : List.of(preflight, read)) {
            saysNothing(response);
            assertTrue(response.headers().firstValue("Vary").isEmpty());
        }
    }

    @Test
    void whatTheServerItselfRefusesMayBeReadToo() throws Exception {
        String answer = open.raw("GET / HTTP/1.1\r\nHost: x\r\nOrigin: " + LISTED
                + "\r\nExpect: a miracle\r\nConnection: close\r\n\r\n");

        assertTrue(answer.startsWith("HTTP/1.1 417 "), answer);
        assertTrue(answer.contains("\r\nAccess-Control-Allow-Origin: " + LISTED + "\r\n"), answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "https://app.example.com", "http://localhost:3000", "http://127.0.0.1:80800", "https://[::1]:8443",
        "http://example.com:443", "app+beta://localhost", "https://xn--bcher-kva.example"
    })
    void anOriginIsListedAsABrowserSendsIt(String origin) {
        assertEquals(List.of(origin), settings(origin).corsOrigins());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "*", "null", "app.example.com", "https://", "https://*.example.com", "https://app.example.com/",
        "https://app.example.com/path", "https://App.example.com", "HTTPS://app.example.com", "//app.example.com",
        "https://app.example.com:443", "http://app.example.com:80", "https://app.example.com:", "https://a b.example",
        "https://app.example.com:0443", "https://user@app.example.com", "https://b\u00fccher.example",
        "https://a.example,https://b.example", " https://app.example.com", "https://app.example.com\n"
    })
    void whatABrowserNeverSendsIsNoOrigin(String origin) {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> settings(origin));

        assertTrue(refused.getMessage().startsWith("'" + origin + "' in corsOrigins is no origin: write it as"),
                refused.getMessage());
    }

    private static Settings settings(String origin) {
        return new Settings("127.0.0.1", 0, 1000, 1, Duration.ZERO, Optional.empty(), List.of(origin));
    }

    private static void saysNothing(HttpResponse<String> response) {
        assertFalse(
                response.headers().map().keySet().stream()
                        .anyMatch(name -> name.toLowerCase(Locale.ROOT).startsWith("access-control")),
                response.headers().toString());
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElseThrow(() -> new AssertionError("no " + name));
    }
}
