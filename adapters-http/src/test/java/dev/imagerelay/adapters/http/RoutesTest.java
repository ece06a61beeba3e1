package dev.imagerelay.adapters.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where what is found: models, the public catalogue, health, and the answers to paths and methods that are not. */
class RoutesTest {

    private static final String PAINTER =
            "{\"id\":\"resold/painter-1.5\",\"object\":\"model\",\"created\":1763769600,\"owned_by\":\"image-relay\"}";

    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/models", "/api/ai/models", "/v1/models/"})
    void modelsAreListedInOpenAisForm(String path) throws Exception {
        HttpResponse<String> response = gateway.send(gateway.from(path));

        assertEquals(200, response.statusCode());
        assertEquals(
                "{\"object\":\"list\",\"data\":[{\"id\":\"gpt-image-2\",\"object\":\"model\",\"created\":1763769600,"
                        + "\"owned_by\":\"image-relay\"}," + PAINTER + "]}",
                response.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "/v1/models/resold/painter-1.5", "/v1/models/resold%2Fpainter-1.5", "/v1/models/resold%2fpainter-1%2e5/",
        "/api/ai/models/resold/painter-1.5"
    })
    void aModelIsFoundWhateverItsNameLooksLikeInAPath(String path) throws Exception {
        HttpResponse<String> response = gateway.send(gateway.from(path));

        assertEquals(200, response.statusCode(), response.body());
        assertEquals(PAINTER, response.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "image/generation", "gpt-image-2/x", "gr%C3%B6%C3%9Fer", "a%20b"})
    void anUnknownModelIsNotFound(String id) throws Exception {
        HttpResponse<String> response = gateway.send(gateway.from("/v1/models/" + id));

        assertEquals(404, response.statusCode(), response.body());
        assertEquals("model_not_found", TestGateway.json(response).at("/error/code").textValue());
        assertEquals("model", TestGateway.json(response).at("/error/param").textValue());
    }

    @Test
    void theCatalogueIsPublishedInItsEnvelope() throws Exception {
        HttpResponse<String> response = gateway.send(gateway.to("/api/ai/models/image/generation"));

        assertEquals(200, response.statusCode());
        assertEquals("application/json", response.headers().firstValue("Content-Type").orElseThrow());
        assertEquals(
                "{\"data\":[{\"name\":\"gpt-image-2\",\"label\":\"The gpt-image-2\",\"description\":\"Draws.\","
                        + "\"tags\":[\"Sale\"],\"sizes\":[\"1024x1024\",\"3840x2160\"],"
                        + "\"qualities\":[\"auto\",\"high\",\"low\"],\"styles\":[],\"maxImages\":10,\"pricing\":["
                        + "{\"size\":\"1024x1024\",\"price\":1,\"originPrice\":21.1},"
                        + "{\"size\":\"3840x2160\",\"price\":4,\"originPrice\":71.2},"
                        + "{\"size\":\"3840x2160\",\"quality\":\"high\",\"price\":10,\"originPrice\":10}]},"
                        + "{\"name\":\"resold/painter-1.5\",\"label\":\"The resold/painter-1.5\","
                        + "\"description\":\"Draws.\",\"tags\":[],\"sizes\":[\"1024x1024\"],\"qualities\":[],"
                        + "\"styles\":[\"vivid\"],\"maxImages\":2,\"pricing\":["
                        + "{\"size\":\"1024x1024\",\"price\":0.25,\"originPrice\":0.25}]}],"
                        + "\"code\":0,\"message\":\"请求成功\",\"requestId\":\""
                        + response.headers().firstValue("x-request-id").orElseThrow() + "\"}",
                response.body());
    }

    @Test
    void healthTellsAliveFromReady() throws Exception {
        assertEquals("{\"status\":\"ok\"}", gateway.send(gateway.to("/health/ready")).body());
        gateway.ready = false;

        HttpResponse<String> ready = gateway.send(gateway.to("/health/ready"));
        HttpResponse<String> live = gateway.send(gateway.to("/health/live"));
        gateway.ready = true;

        assertEquals(503, ready.statusCode());
        assertEquals("{\"status\":\"not ready\"}", ready.body());
        assertEquals(200, live.statusCode());
        assertEquals("{\"status\":\"ok\"}", live.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "/v1/models", "/v1/models/none", "/health/live", "/api/ai/models/image/generation", "/none",
        "/v1/images/results/none", "/", "/console/console.css"
    })
    void headIsGetWithoutTheBody(String path) throws Exception {
        HttpResponse<String> get = gateway.send(gateway.from(path));
        HttpResponse<String> head = gateway.send(gateway.from(path).method("HEAD", BodyPublishers.noBody()));

        assertEquals(get.statusCode(), head.statusCode());
        assertEquals("", head.body());
        assertEquals(get.headers().firstValue("Content-Type"), head.headers().firstValue("Content-Type"));
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /v1/images/generations, POST", "PUT, /api/ai/images/generations/, POST",
        "DELETE, /v1/images/generations/quote, POST", "OPTIONS, /v1/images/generations, POST",
        "BEFORE, /v1/images/generations, POST", "DELETE, /v1/models/gpt-image-2, 'GET, HEAD'",
        "POST, /v1/models, 'GET, HEAD'", "POST, /v1/images/results/x, 'GET, HEAD'",
        "POST, /api/ai/credits, 'GET, HEAD'", "POST, /health/live, 'GET, HEAD'"
    })
    void aWrongMethodIsToldTheRightOne(String method, String path, String allowed) throws Exception {
        HttpResponse<String> response =
                gateway.send(gateway.from(path).method(method, BodyPublishers.noBody()));

        assertEquals(405, response.statusCode());
        assertEquals(allowed, response.headers().firstValue("Allow").orElseThrow());
        assertEquals("method_not_supported", TestGateway.json(response).at("/error/code").textValue());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "/v1/images/generationz", "/v1/images", "/V1/images/generations",
        "/v1/images/generations/quote/x", "/images/generations", "/v1/credits"
    })
    void anUnknownPathIsNamedAndNeverRedirected(String path) throws Exception {
        HttpResponse<String> response = gateway.send(gateway.from(path).POST(BodyPublishers.ofString("{}")));

        assertEquals(404, response.statusCode());
        assertEquals(
                "{\"error\":{\"message\":\"Invalid URL (POST " + path + ")\",\"type\":\"invalid_request_error\","
                        + "\"param\":null,\"code\":null}}",
                response.body());
    }

    @Test
    void everyAnswerHasItsOwnName() throws Exception {
        HttpResponse<String> one = gateway.send(gateway.to("/health/live"));
        HttpResponse<String> other = gateway.send(gateway.to("/health/live"));

        assertNotEquals(
                one.headers().firstValue("x-request-id").orElseThrow(),
                other.headers().firstValue("x-request-id").orElseThrow());
    }

    @Test
    void anUpgradeIsIgnored() throws Exception {
        String answer = gateway.raw("GET /health/live HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\n"
                + "HTTP2-Settings: AAMAAABk\r\nSec-WebSocket-Version: 13\r\n"
                + "Connection: Upgrade, HTTP2-Settings, close\r\n\r\n");

        assertEquals("HTTP/1.1 200 OK", answer.lines().findFirst().orElseThrow());
        assertEquals("{\"status\":\"ok\"}", answer.substring(answer.indexOf("\r\n\r\n") + 4));
    }

    @Test
    void anOrderWithAnUpgradeIsAnsweredOverTheSameHttp() throws Exception {
        String answer = gateway.raw(order("/v1/images/generations", "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"
                + "Connection: Upgrade, HTTP2-Settings\r\n"));

        assertEquals("HTTP/1.1 200 OK", answer.lines().findFirst().orElseThrow());
        assertTrue(answer.endsWith("{\"created\":1,\"data\":[{\"b64_json\":\"AA==\"}]}"), answer);
    }

    @Test
    void headersThatMeanNothingHereAreIgnoredAndAnAnswersHeadersAreOurOwn() throws Exception {
        String answer = gateway.raw(order("/v1/images/generations", "OpenAI-Organization: org-1\r\n"
                + "OpenAI-Project: proj_1\r\nCookie: a=b; c=d\r\nCookie: e\r\nX-Stainless-Lang: python\r\n"
                + "Accept: text/html\r\nAccept-Encoding: gzip, br\r\nOrigin: https://app.example.com\r\n"
                + "X-Forwarded-For: 1.2.3.4\r\nx-request-id: mine\r\nX-New: \u00fc\r\n"));

        assertEquals("HTTP/1.1 200 OK", answer.lines().findFirst().orElseThrow());
        assertEquals(
                List.of("Connection", "Content-Length", "Content-Type", "Date", "X-Content-Type-Options",
                        "x-credits-charged", "x-credits-remaining", "x-images-delivered", "x-price-version",
                        "x-request-id"),
                answer.substring(0, answer.indexOf("\r\n\r\n")).lines()
                        .skip(1)
                        .map(line -> line.substring(0, line.indexOf(':')))
                        .sorted(String.CASE_INSENSITIVE_ORDER)
                        .toList());
        assertFalse(answer.contains("mine"), answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "/v1/images/generations/", "/v1/images/generations//", "//v1/images/generations", "/v1//images/generations",
        "/v1/images/%67enerations", "/v1/images%2Fgenerations", "/v1/images/generations%2F",
        "/v1/images/generations%20", "/v1/./images/generations", "/v1/images/x/../generations",
        "/v1/images/generations;x=y", "/v1/images/generations?x=y", "/v1/images/generations#x",
        "/V1/Images/Generations", "http://y/v1/images/generations", "/v1/models/..", "/v1", "/", "*"
    })
    void nobodyIsEverSentElsewhere(String path) throws Exception {
        for (String request : List.of(order(path, ""), order(path, "").replace("POST", "GET"))) {
            String answer = gateway.raw(request);

            assertTrue(answer.matches("(?s)HTTP/1.1 (200|400|404|405) .*"), answer);
            assertFalse(answer.toLowerCase(Locale.ROOT).contains("\r\nlocation:"), answer);
        }
    }

    /** An order with these headers besides, the last on its connection. */
    private static String order(String path, String headers) {
        return "POST " + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + gateway.key + "\r\n" + headers
                + "Connection: close\r\nContent-Type: application/json\r\nContent-Length: "
                + TestGateway.ORDER.length() + "\r\n\r\n" + TestGateway.ORDER;
    }
}
