package dev.imagerelay.bootstrap;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.imagerelay.adapters.upstream.MisbehavingUpstream;
import dev.imagerelay.application.port.in.AdministerAccounts;
import dev.imagerelay.domain.account.ApiKeySecret;
import dev.imagerelay.domain.ledger.LedgerEntry;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Conformance cases 17 to 37: what the gateway refuses by itself. Nothing is charged, nothing is even held, and the
 * upstream does not hear of it.
 */
class ConformanceOfRequestErrorsTest {

    private static final String GENERATIONS = "/v1/images/generations";
    private static final String INVALID_REQUEST = "invalid_request_error";
    private static final String USER_ERROR = "image_generation_user_error";
    private static final String FOREIGN_KEY = "sk-proj-" + "Qm9v".repeat(16);

    private static MisbehavingUpstream upstream;
    private static RunningRelay relay;

    private int connections;
    private List<LedgerEntry> entries;

    @BeforeAll
    static void start() throws IOException {
        upstream = MisbehavingUpstream.answering(MisbehavingUpstream.json(200, Exchanges.PICTURE));
        relay = RunningRelay.on(upstream, "10");
    }

    @AfterAll
    static void stop() throws IOException {
        relay.close();
        upstream.close();
    }

    @BeforeEach
    void remember() {
        connections = upstream.connections();
        entries = relay.entries();
    }

    @AfterEach
    void nothingHappened() {
        assertEquals(connections, upstream.connections());
        assertEquals(entries, relay.entries());
    }

    /**
     * A request and the error that answers it.
     *
     * @param code  null: none
     * @param param null: none
     */
    record Refused(String what, HttpRequest.Builder request, int status, String type, String code, String param) {

        /** Sends the request, which must be answered with the error. */
        JsonNode send() throws Exception {
            return check(relay.send(request));
        }

        JsonNode check(HttpResponse<byte[]> response) throws IOException {
            assertEquals(status, response.statusCode(), new String(response.body(), UTF_8));
            JsonNode error = Exchanges.error(response);
            assertEquals(type, error.get("type").textValue());
            assertEquals(code, error.get("code").textValue());
            assertEquals(param, error.get("param").textValue());
            return error;
        }

        @Override
        public String toString() {
            return what;
        }
    }

    static Stream<Refused> noKey() {
        return Stream.of(unauthorized("no Authorization", withoutKey(), null));
    }

    @ParameterizedTest
    @MethodSource("noKey")
    void case17_anOrderWithoutAKeyIsRefused(Refused refused) throws Exception {
        refused.send();
    }

    static Stream<Refused> unknownKeys() {
        String known = relay.key();
        String prefix = ApiKeySecret.read(known).orElseThrow().prefix();
        String secret = "-" + "x".repeat(43);
        return Stream.of(FOREIGN_KEY, prefix + secret, "sk-relay-00000000" + secret, prefix, known + "x")
                .map(ConformanceOfRequestErrorsTest::unknownKey);
    }

    @ParameterizedTest
    @MethodSource({"unknownKeys", "revokedKeys"})
    void case18_anUnknownKeyIsRefusedAndNotRepeated(Refused refused) throws Exception {
        String key = refused.what();
        HttpResponse<byte[]> response = relay.send(refused.request());

        refused.check(response);
        assertTrue(response.headers().firstValue("WWW-Authenticate").orElseThrow().startsWith("Bearer "));
        assertFalse(new String(response.body(), UTF_8).contains(key));
    }

    @Test
    void case18_aKeyIsInNoLog(@TempDir Path directory) throws Exception {
        MisbehavingUpstream gone = MisbehavingUpstream.answering(MisbehavingUpstream.json(200, Exchanges.PICTURE));
        gone.close();
        try (ServerProcess server = ServerProcess.start(
                directory, gone.baseUrl(), "-Dorg.slf4j.simpleLogger.log.dev.imagerelay=trace")) {
            HttpRequest.Builder known = server.request(Exchanges.ORDER);
            HttpRequest.Builder unknown = known.copy().setHeader("Authorization", "Bearer " + FOREIGN_KEY);

            assertEquals(401, relay.send(unknown).statusCode());
            assertEquals(502, relay.send(known).statusCode());

            String log = Files.readString(directory.resolve("log"));
            assertTrue(log.contains("upstream openai failed"), "the second request is logged: " + log);
            assertFalse(log.contains(FOREIGN_KEY), log);
            assertFalse(log.contains(server.key()), log);
        }
    }

    static Stream<Refused> revokedKeys() throws Exception {
        AdministerAccounts administration = relay.wiring().administration();
        ApiKeySecret key = administration.issueKey(administration.open("Bob").id()).orElseThrow().secret();
        HttpRequest.Builder models = HttpRequest.newBuilder(relay.uri("/v1/models"))
                .header("Authorization", "Bearer " + key.reveal());
        assertEquals(200, relay.send(models).statusCode(), "it works until it is revoked");
        assertTrue(administration.revokeKey(key.prefix()));
        return Stream.of(unknownKey(key.reveal()));
    }

    @ParameterizedTest
    @MethodSource("revokedKeys")
    void case19_aRevokedKeyIsRefusedLikeAnUnknownOne(Refused revoked) throws Exception {
        assertEquals(unknownKey(FOREIGN_KEY).send(), revoked.send());
    }

    static Stream<Refused> noBearerKeys() {
        return Stream.of("Basic " + relay.key(), "Token " + relay.key(), relay.key(), "Bearer", "Bearer ", "")
                .map(sent -> unauthorized(
                        "Authorization: " + sent, withoutKey().header("Authorization", sent), null));
    }

    @ParameterizedTest
    @MethodSource("noBearerKeys")
    void case20_anotherSchemeOrAnEmptyTokenIsRefused(Refused refused) throws Exception {
        refused.send();
    }

    /** As DESIGN 6 has it, more than what a JSON parser alone would refuse. */
    static Stream<Refused> malformedJson() {
        String order = Exchanges.ORDER;
        HttpRequest.Builder latin1 =
                order("").POST(BodyPublishers.ofByteArray(order.replace("\"x\"", "\"é\"").getBytes(ISO_8859_1)));
        Stream<Refused> wrongText = Stream.of(
                        "",
                        "{",
                        order.substring(1),
                        order.replace(",", ",,"),
                        order.replace("}", ",}"),
                        order.replace("\"", "'"),
                        order + "}",
                        order + order,
                        "\ufeff" + order,
                        order.replace("}", ",\"n\":1,\"n\":2}"),
                        order.replace("}", ",\"\\u006e\":2}"),
                        order.replace("}", ",\"N\":2}"),
                        order.replace("}", ",\"x\":" + "[".repeat(40) + "]".repeat(40) + "}"))
                .map(json -> wrongBody(json, null, null));
        return Stream.concat(wrongText, Stream.of(badRequest("no UTF-8", latin1, null, null)));
    }

    @ParameterizedTest
    @MethodSource("malformedJson")
    void case21_malformedJsonIsRefused(Refused refused) throws Exception {
        refused.send();
    }

    static Stream<Refused> noObjects() {
        return Stream.of("[]", "[" + Exchanges.ORDER + "]", "\"gpt-image-2\"", "1", "true", "null")
                .map(json -> wrongBody(json, null, null));
    }

    @ParameterizedTest
    @MethodSource("noObjects")
    void case22_aBodyThatIsNoObjectIsRefused(Refused refused) throws Exception {
        refused.send();
    }

    static Stream<Refused> noPrompt() {
        return Stream.of("{\"model\":\"gpt-image-2\"}", "{}")
                .map(json -> wrongBody(json, "missing_required_parameter", "prompt"));
    }

    @ParameterizedTest
    @MethodSource("noPrompt")
    void case23_aMissingPromptIsRefused(Refused refused) throws Exception {
        refused.send();
    }

    static Stream<Refused> emptyPrompt() {
        return Stream.of(wrongBody("{\"model\":\"gpt-image-2\",\"prompt\":\"\"}", "empty_string", "prompt"));
    }

    @ParameterizedTest
    @MethodSource("emptyPrompt")
    void case24_anEmptyPromptIsRefused(Refused refused) throws Exception {
        refused.send();
    }

    @Test
    void case24_aPromptOfOneSpaceReachesTheUpstream() throws Exception {
        String json = "{\"model\":\"gpt-image-2\",\"prompt\":\" \",\"size\":\"1024x1024\"}";
        try (MisbehavingUpstream painter =
                        MisbehavingUpstream.answering(MisbehavingUpstream.json(200, Exchanges.PICTURE));
                RunningRelay shop = RunningRelay.on(painter, "10")) {
            assertEquals(200, shop.generate(json).statusCode());

            assertArrayEquals(json.getBytes(UTF_8), painter.requests().get(0).body());
            assertEquals(RunningRelay.credits("9"), shop.balance());
        }
    }

    static Stream<Refused> noModel() {
        return Stream.of(wrongBody("{\"prompt\":\"x\"}", "missing_required_parameter", "model"));
    }

    @ParameterizedTest
    @MethodSource("noModel")
    void case25_aMissingModelIsRefused(Refused refused) throws Exception {
        refused.send();
    }

    static Stream<Refused> modelsThatAreNoStrings() {
        return Stream.of("null", "2", "[\"gpt-image-2\"]")
                .map(model -> wrongBody("{\"model\":" + model + ",\"prompt\":\"x\"}", "invalid_type", "model"));
    }

    @ParameterizedTest
    @MethodSource("modelsThatAreNoStrings")
    void case26_aModelThatIsNullIsRefused(Refused refused) throws Exception {
        refused.send();
    }

    // Pinned: the convention of the images endpoint, not the 404 of the chat endpoints.
    static Stream<Refused> unknownModels() {
        return Stream.of("dall-e-3", "GPT-IMAGE-2", "", "two words", "x".repeat(1_000))
                .map(model -> "{\"model\":\"" + model + "\",\"prompt\":\"x\"}")
                .map(json -> new Refused(json, order(json), 400, USER_ERROR, "invalid_value", "model"));
    }

    @ParameterizedTest
    @MethodSource("unknownModels")
    void case27_anUnknownModelIsRefusedWithAListOfTheKnownOnes(Refused refused) throws Exception {
        String message = refused.send().get("message").textValue();

        assertTrue(message.contains("'gpt-image-2'"), message);
    }

    static Stream<Refused> wrongN() {
        return Stream.of(
                with("n", "0", "integer_below_min_value"),
                with("n", "-1", "integer_below_min_value"),
                with("n", "11", "integer_above_max_value"),
                with("n", "9".repeat(300), "integer_above_max_value"),
                with("n", "1.5", "invalid_type"),
                with("n", "1.0", "invalid_type"),
                with("n", "1e0", "invalid_type"),
                with("n", "\"2\"", "invalid_type"),
                with("n", "true", "invalid_type"),
                with("n", "[1]", "invalid_type"));
    }

    @ParameterizedTest
    @MethodSource("wrongN")
    void case28_aNumberOfImagesThatIsNoneFrom1To10IsRefused(Refused refused) throws Exception {
        refused.send();
    }

    static Stream<Refused> wrongQualities() {
        return Stream.of("ultra", "xhigh", "HIGH", "", "x".repeat(1_000))
                .map(quality -> with("quality", "\"" + quality + "\"", "invalid_value"));
    }

    @ParameterizedTest
    @MethodSource("wrongQualities")
    void case29_aQualityThatIsNotOfferedIsRefused(Refused refused) throws Exception {
        String message = refused.send().get("message").textValue();

        assertTrue(message.contains("'high'"), message);
    }

    // DESIGN 5: the catalogue's sizes alone are offered, so that 1040x1040, which OpenAI would make, is refused too.
    static Stream<Refused> wrongSizes() {
        return Stream.of("1024x576", "1040x1040", "1024X1024", "1024 x 1024", "")
                .map(size -> "{\"model\":\"gpt-image-2\",\"prompt\":\"x\",\"size\":\"" + size + "\"}")
                .map(json -> new Refused(json, order(json), 400, USER_ERROR, "invalid_value", "size"));
    }

    @ParameterizedTest
    @MethodSource("wrongSizes")
    void case30_aSizeThatIsNotOfferedIsRefused(Refused refused) throws Exception {
        String message = refused.send().get("message").textValue();

        assertTrue(message.contains("'1024x1024'"), message);
    }

    static Stream<Refused> longPrompts() {
        return Stream.of("x", "😀").map(character -> badRequest(
                "32001 times " + character,
                order("{\"model\":\"gpt-image-2\",\"prompt\":\"" + character.repeat(32_001) + "\"}"),
                "string_above_max_length",
                "prompt"));
    }

    @ParameterizedTest
    @MethodSource("longPrompts")
    void case31_aPromptOf32001CharactersIsRefused(Refused refused) throws Exception {
        refused.send();
    }

    static Stream<Refused> unknownPaths() {
        return Stream.of("/v1/images/generationz", "/api/ai/images/generationz", "/images/generations")
                .map(path -> new Refused(
                        path, relay.request(path, Exchanges.ORDER), 404, INVALID_REQUEST, null, null));
    }

    @ParameterizedTest
    @MethodSource("unknownPaths")
    void case32_anUnknownPathIsNamed(Refused refused) throws Exception {
        String message = refused.send().get("message").textValue();

        assertTrue(message.contains("POST " + refused.what()), message);
    }

    static Stream<Refused> wrongMethods() {
        return Stream.of("GET", "PUT", "PATCH", "DELETE")
                .map(method -> new Refused(
                        method,
                        order("").method(method, BodyPublishers.ofString(Exchanges.ORDER)),
                        405,
                        INVALID_REQUEST,
                        "method_not_supported",
                        null));
    }

    @ParameterizedTest
    @MethodSource("wrongMethods")
    void case33_anotherMethodIsToldTheRightOne(Refused refused) throws Exception {
        HttpResponse<byte[]> response = relay.send(refused.request());

        refused.check(response);
        assertEquals("POST", response.headers().firstValue("Allow").orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "/v1/images/generations", "/v1/images/generations/", "/api/ai/images/generations",
        "/api/ai/images/generations/"
    })
    void case34_aTrailingSlashIsNeverRedirected(String path) throws Exception {
        try (MisbehavingUpstream painter =
                        MisbehavingUpstream.answering(MisbehavingUpstream.json(200, Exchanges.PICTURE));
                RunningRelay shop = RunningRelay.on(painter, "10")) {
            assertEquals(200, shop.send(shop.request(path, Exchanges.ORDER)).statusCode());

            assertEquals(1, painter.requests().size());
            assertEquals(RunningRelay.credits("9"), shop.balance());
        }
    }

    static Stream<Refused> largeBodies() {
        String large = " ".repeat(RunningRelay.MAX_BODY_BYTES) + Exchanges.ORDER;
        HttpRequest.Builder announced = order(large);
        HttpRequest.Builder chunked = order("").POST(BodyPublishers.fromPublisher(BodyPublishers.ofString(large)));
        return Stream.of(
                new Refused("announced", announced, 413, INVALID_REQUEST, null, null),
                new Refused("chunked", chunked, 413, INVALID_REQUEST, null, null));
    }

    @ParameterizedTest
    @MethodSource("largeBodies")
    void case35_aBodyOverTheLimitIsRefused(Refused refused) throws Exception {
        refused.send();
    }

    @Test
    void case35_afterALargeBodyTheConnectionGoesOn() throws Exception {
        String answers = relay.raw(postOf(RunningRelay.MAX_BODY_BYTES + 1)
                + " ".repeat(RunningRelay.MAX_BODY_BYTES + 1)
                + "GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        assertTrue(answers.startsWith("HTTP/1.1 413 "), answers);
        assertTrue(answers.contains("}HTTP/1.1 200 OK\r\n"), answers);
    }

    @Test
    void case35_aBodyFarOverTheLimitIsNotWaitedFor() throws Exception {
        String[] answer = relay.raw(postOf(Integer.MAX_VALUE)).split("\r\n\r\n", 2);

        assertTrue(answer[0].startsWith("HTTP/1.1 413 "), answer[0]);
        assertTrue(answer[0].contains("\r\nConnection: close"), answer[0]);
        Exchanges.error(answer[1]);
    }

    private static String postOf(int length) {
        return "POST " + GENERATIONS + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + relay.key()
                + "\r\nContent-Type: application/json\r\nContent-Length: " + length + "\r\n\r\n";
    }

    // Pinned: 400, as a client that sends no JSON at all; OpenAI's own status is not known.
    static Stream<Refused> otherContentTypes() {
        Stream<Refused> named = Stream.of(
                        "text/plain", "text/plain; charset=utf-8", "application/x-www-form-urlencoded",
                        "multipart/form-data; boundary=x", "application/json; charset=iso-8859-1")
                .map(type -> badRequest(
                        type, order(Exchanges.ORDER).setHeader("Content-Type", type), null, null));
        HttpRequest.Builder unnamed = withoutType().header("Authorization", "Bearer " + relay.key());
        return Stream.concat(named, Stream.of(badRequest("no Content-Type", unnamed, null, null)));
    }

    @ParameterizedTest
    @MethodSource("otherContentTypes")
    void case36_aBodyThatIsNotSaidToBeJsonIsRefused(Refused refused) throws Exception {
        refused.send();
    }

    @ParameterizedTest
    @MethodSource({
        "noKey", "unknownKeys", "revokedKeys", "noBearerKeys", "malformedJson", "noObjects", "noPrompt", "emptyPrompt",
        "noModel", "modelsThatAreNoStrings", "unknownModels", "wrongN", "wrongQualities", "wrongSizes", "longPrompts",
        "unknownPaths", "wrongMethods", "largeBodies", "otherContentTypes"
    })
    void case37_everyErrorHasOpenAisForm(Refused refused) throws Exception {
        Exchanges.error(relay.send(refused.request()));
    }

    private static HttpRequest.Builder withoutType() {
        return HttpRequest.newBuilder(relay.uri(GENERATIONS)).POST(BodyPublishers.ofString(Exchanges.ORDER));
    }

    private static HttpRequest.Builder withoutKey() {
        return withoutType().header("Content-Type", "application/json");
    }

    private static HttpRequest.Builder order(String json) {
        return relay.request(GENERATIONS, json);
    }

    private static Refused unauthorized(String what, HttpRequest.Builder request, String code) {
        return new Refused(what, request, 401, INVALID_REQUEST, code, null);
    }

    private static Refused unknownKey(String key) {
        return unauthorized(key, withoutKey().header("Authorization", "Bearer " + key), "invalid_api_key");
    }

    private static Refused badRequest(String what, HttpRequest.Builder request, String code, String param) {
        return new Refused(what, request, 400, INVALID_REQUEST, code, param);
    }

    private static Refused wrongBody(String json, String code, String param) {
        return badRequest(json, order(json), code, param);
    }

    /** A member that is the only thing wrong. */
    private static Refused with(String member, String value, String code) {
        return wrongBody(
                "{\"model\":\"gpt-image-2\",\"prompt\":\"x\",\"" + member + "\":" + value + "}", code, member);
    }
}
