package dev.imagerelay.bootstrap;

import static dev.imagerelay.adapters.upstream.MisbehavingUpstream.answering;
import static dev.imagerelay.adapters.upstream.MisbehavingUpstream.json;
import static dev.imagerelay.bootstrap.Exchanges.ORDER;
import static dev.imagerelay.bootstrap.Exchanges.PICTURE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.openai.client.OpenAIClient;
import com.openai.errors.NotFoundException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.images.ImagesResponse;
import com.openai.models.models.Model;
import dev.imagerelay.adapters.upstream.MisbehavingUpstream;
import dev.imagerelay.adapters.upstream.MisbehavingUpstream.Script;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Conformance cases 70 to 75: the models, browsers, the root, and what an official client makes of it all. */
@Timeout(60)
class ConformanceOfModelsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PAGE = "https://app.example.com";

    private static final List<String> SENT_BY_OPENAI_NODE = List.of(
            "authorization", "content-type", "x-stainless-arch", "x-stainless-lang", "x-stainless-os",
            "x-stainless-package-version", "x-stainless-retry-count", "x-stainless-runtime",
            "x-stainless-runtime-version", "x-stainless-timeout");

    // There is one catalogue for every caller, so all of it is the caller's.
    @Test
    void case70_theModelsAreListed() throws Exception {
        try (RunningRelay relay = RunningRelay.onSample("0")) {
            HttpResponse<byte[]> response = relay.send(relay.from("/v1/models"));

            assertEquals(200, response.statusCode());
            assertEquals(Optional.of("application/json"), response.headers().firstValue("Content-Type"));
            JsonNode list = JSON.readTree(response.body());
            assertEquals(Set.of("object", "data"), names(list));
            assertEquals("list", list.get("object").textValue());
            List<String> ids = new ArrayList<>();
            for (JsonNode model : list.get("data")) {
                assertEquals(Set.of("id", "object", "created", "owned_by"), names(model));
                assertEquals("model", model.get("object").textValue());
                assertTrue(model.get("created").isIntegralNumber(), model.toString());
                assertTrue(model.get("owned_by").isTextual(), model.toString());
                ids.add(model.get("id").textValue());
            }
            assertEquals(List.of("gpt-image-2", "sample"), ids);
        }
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new HashSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void case70_anOfficialClientListsThem() throws Exception {
        try (RunningRelay relay = RunningRelay.onSample("0");
                CountingProxy door = new CountingProxy(relay.port())) {
            OpenAIClient client = OpenAiJava.client(door, relay.key());

            List<String> ids = new ArrayList<>();
            for (Model model : client.models().list().autoPager()) {
                ids.add(model.validate().id());
            }

            assertEquals(List.of("gpt-image-2", "sample"), ids);
            assertEquals(ids, client.async().models().list().join().data().stream().map(Model::id).toList());
            assertEquals(2, door.requests(), "there are no further pages");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "/v1/models/resold/painter-1.5", "/v1/models/resold%2Fpainter-1.5", "/v1/models/resold%2fpainter-1%2E5"
    })
    void case71_aModelIsFoundByItsName(String path, @TempDir Path directory) throws Exception {
        try (RunningRelay relay = selling("resold/painter-1.5", directory)) {
            HttpResponse<byte[]> response = relay.send(relay.from(path));

            assertEquals(200, response.statusCode());
            JsonNode model = JSON.readTree(response.body());
            JsonNode list = JSON.readTree(relay.send(relay.from("/v1/models")).body());
            assertEquals(list.at("/data/0"), model);
            assertEquals("resold/painter-1.5", model.get("id").textValue());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "painter-1.5", "resold", "resold%2Fpainter-1x5"})
    void case71_anUnknownModelIsNotFound(String id, @TempDir Path directory) throws Exception {
        try (RunningRelay relay = selling("resold/painter-1.5", directory)) {
            HttpResponse<byte[]> response = relay.send(relay.from("/v1/models/" + id));

            assertEquals(404, response.statusCode());
            JsonNode error = Exchanges.error(response);
            assertEquals("invalid_request_error", error.get("type").textValue());
            assertEquals("model_not_found", error.get("code").textValue());
            assertEquals("model", error.get("param").textValue());
        }
    }

    @Test
    void case71_anOfficialClientFindsAModelByItsName(@TempDir Path directory) throws Exception {
        try (RunningRelay relay = selling("resold/painter-1.5", directory);
                CountingProxy door = new CountingProxy(relay.port())) {
            OpenAIClient client = OpenAiJava.client(door, relay.key());

            assertEquals("resold/painter-1.5", client.models().retrieve("resold/painter-1.5").validate().id());
            NotFoundException unknown =
                    assertThrows(NotFoundException.class, () -> client.models().retrieve("resold/painter-2.0"));
            assertEquals(Optional.of("model_not_found"), unknown.code());
            assertEquals(Optional.of("model"), unknown.param());
            assertEquals(2, door.requests());
        }
    }

    private static RunningRelay selling(String model, Path directory) throws Exception {
        Path catalogue = Files.writeString(directory.resolve("catalogue.yaml"), """
                models:
                  - name: %s
                    label: Painter
                    sizes: [1024x1024]
                    routes: [{upstream: sample}]
                    pricing: [{size: 1024x1024, price: 1}]
                """.formatted(model));
        return new RunningRelay(List.of(), Optional.of(catalogue), "0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/models", "/v1/models/gpt-image-2", "/v1/models/none"})
    void case72_nobodySeesModelsWithoutAKey(String path) throws Exception {
        try (RunningRelay relay = RunningRelay.onSample("0")) {
            HttpResponse<byte[]> response = relay.send(HttpRequest.newBuilder(relay.uri(path)));

            assertEquals(401, response.statusCode());
            assertEquals("invalid_request_error", Exchanges.error(response).get("type").textValue());
            assertTrue(response.headers().firstValue("WWW-Authenticate").orElseThrow().startsWith("Bearer "));
        }
    }

    @Test
    void case73_aBrowserMayNotAskUnlessToldOtherwise() throws Exception {
        try (RunningRelay relay = RunningRelay.onSample("0")) {
            HttpResponse<byte[]> preflight = relay.send(preflight(relay, PAGE));
            HttpResponse<byte[]> models = relay.send(relay.from("/v1/models").header("Origin", PAGE));

            assertEquals(405, preflight.statusCode());
            Exchanges.error(preflight);
            assertEquals(200, models.statusCode());
            assertEquals(Set.of(), corsHeaders(preflight));
            assertEquals(Set.of(), corsHeaders(models));
        }
    }

    @Test
    void case73_aBrowserMayAskForAPageOfAListedOrigin() throws Exception {
        try (MisbehavingUpstream upstream = answering(json(200, PICTURE));
                RunningRelay relay = listing(PAGE, upstream)) {
            HttpResponse<byte[]> preflight = relay.send(preflight(relay, PAGE));

            assertEquals(2, preflight.statusCode() / 100);
            assertEquals(List.of(PAGE), preflight.headers().allValues("Access-Control-Allow-Origin"));
            assertTrue(listed(preflight, "Access-Control-Allow-Methods").contains("post"));
            assertTrue(listed(preflight, "Access-Control-Allow-Headers").containsAll(SENT_BY_OPENAI_NODE));
            assertEquals(List.of("granted 10"), relay.moves());

            HttpRequest.Builder order = relay.request("/v1/images/generations", ORDER).header("Origin", PAGE);
            HttpResponse<byte[]> pictures = relay.send(order);
            HttpResponse<byte[]> refusal = relay.send(order.copy().setHeader("Authorization", "Bearer x"));

            assertEquals(200, pictures.statusCode());
            assertEquals(401, refusal.statusCode());
            for (HttpResponse<byte[]> response : List.of(pictures, refusal)) {
                assertEquals(List.of(PAGE), response.headers().allValues("Access-Control-Allow-Origin"));
                assertTrue(listed(response, "Access-Control-Expose-Headers").contains("x-request-id"));
            }
            assertEquals(List.of("granted 10", "held 1", "settled 1"), relay.moves());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "http://app.example.com", "https://app.example.com:8443", "https://app.example.com.evil.com",
        "https://evil.com", "null"
    })
    void case73_aPageOfAnotherOriginIsToldNothing(String origin) throws Exception {
        try (MisbehavingUpstream upstream = answering(json(200, PICTURE));
                RunningRelay relay = listing(PAGE, upstream)) {
            assertEquals(Set.of(), corsHeaders(relay.send(preflight(relay, origin))));
            assertEquals(Set.of(), corsHeaders(relay.send(relay.from("/v1/models").header("Origin", origin))));
        }
    }

    private static RunningRelay listing(String origin, MisbehavingUpstream upstream) throws Exception {
        return new RunningRelay(
                RunningRelay.listener(Optional.empty(), List.of(origin)),
                List.of(RunningRelay.settings("openai", upstream.baseUrl())),
                Optional.empty(),
                "10");
    }

    private static HttpRequest.Builder preflight(RunningRelay relay, String origin) {
        return HttpRequest.newBuilder(relay.uri("/v1/images/generations"))
                .method("OPTIONS", BodyPublishers.noBody())
                .header("Origin", origin)
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", String.join(",", SENT_BY_OPENAI_NODE));
    }

    private static Set<String> corsHeaders(HttpResponse<?> response) {
        return response.headers().map().keySet().stream()
                .filter(name -> name.toLowerCase(Locale.ROOT).startsWith("access-control-"))
                .collect(Collectors.toSet());
    }

    private static List<String> listed(HttpResponse<?> response, String header) {
        String names = response.headers().firstValue(header).orElse("");
        return List.of(names.toLowerCase(Locale.ROOT).split(" *, *"));
    }

    @ParameterizedTest
    @CsvSource({"GET, /", "HEAD, /", "GET, /?x=1"})
    void case74_atTheRootIsAPageForPeople(String method, String path) throws Exception {
        try (RunningRelay relay = RunningRelay.onSample("0")) {
            HttpResponse<byte[]> response = relay.send(
                    HttpRequest.newBuilder(relay.uri(path)).method(method, BodyPublishers.noBody()));

            assertEquals(200, response.statusCode());
            assertEquals(Optional.of("text/html;charset=utf-8"), response.headers().firstValue("Content-Type"));
            assertEquals(method.equals("HEAD"), response.body().length == 0);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /, 405", "DELETE, /, 405", "GET, /v1, 404", "HEAD, /v1/, 404", "POST, /v1, 404",
        "GET, /index.html, 404", "GET, /playground.html, 404", "GET, /console, 404"
    })
    void case74_anythingElseThereIsAJsonErrorLikeAnyOther(String method, String path, int status) throws Exception {
        try (RunningRelay relay = RunningRelay.onSample("0")) {
            HttpResponse<byte[]> response = relay.send(
                    HttpRequest.newBuilder(relay.uri(path)).method(method, BodyPublishers.noBody()));

            assertEquals(status, response.statusCode());
            assertEquals(
                    status == 405 ? Optional.of("GET, HEAD") : Optional.empty(),
                    response.headers().firstValue("Allow"));
            if (method.equals("HEAD")) {
                assertEquals(Optional.of("application/json"), response.headers().firstValue("Content-Type"));
                assertEquals(0, response.body().length);
            } else {
                assertEquals("invalid_request_error", Exchanges.error(response).get("type").textValue());
            }
        }
    }

    // Of case 75 the Java client; those of other languages are run by hand, streams are cases 57 and 64.

    @ParameterizedTest
    @EnumSource
    void case75_asCase1_theJavaClientGetsThePicture(OpenAiJava way) throws Exception {
        try (MisbehavingUpstream upstream = answering(json(200, PICTURE));
                RunningRelay relay = RunningRelay.on(upstream, "10");
                CountingProxy door = new CountingProxy(relay.port())) {
            ImagesResponse answer = way.generate(door, relay.key()).validate();

            assertEquals(Optional.of("QQ=="), answer.data().orElseThrow().get(0).b64Json());
            assertEquals(1, answer.data().orElseThrow().size());
            assertEquals(1, door.requests());
            assertEquals(List.of("granted 10", "held 1", "settled 1"), relay.moves());
        }
    }

    @ParameterizedTest
    @EnumSource
    void case75_asCase18_theJavaClientKnowsAWrongKey(OpenAiJava way) throws Exception {
        try (MisbehavingUpstream upstream = answering(json(200, PICTURE));
                RunningRelay relay = RunningRelay.on(upstream, "10");
                CountingProxy door = new CountingProxy(relay.port())) {
            String wrong = relay.key().substring(0, relay.key().length() - 1) + "!";

            UnauthorizedException refusal =
                    assertThrows(UnauthorizedException.class, () -> way.generate(door, wrong));

            assertEquals(Optional.of("invalid_api_key"), refusal.code());
            assertEquals(Optional.of("invalid_request_error"), refusal.type());
            assertFalse(refusal.getMessage().contains(wrong), refusal.getMessage());
            assertEquals(1, door.requests());
            assertEquals(0, upstream.connections());
            assertEquals(List.of("granted 10"), relay.moves());
        }
    }

    @ParameterizedTest
    @EnumSource
    void case75_asCase38_theJavaClientDoesNotRepeatWhatItCannotPay(OpenAiJava way) throws Exception {
        try (MisbehavingUpstream upstream = answering(json(200, PICTURE));
                RunningRelay relay = RunningRelay.on(upstream, "0.5");
                CountingProxy door = new CountingProxy(relay.port())) {
            RateLimitException refusal =
                    assertThrows(RateLimitException.class, () -> way.generate(door, relay.key()));

            assertEquals(Optional.of("insufficient_quota"), refusal.code());
            assertEquals(Optional.of("insufficient_quota"), refusal.type());
            assertEquals(1, door.requests());
            assertEquals(0, upstream.connections());
            assertEquals(List.of("granted 0.5"), relay.moves());
        }
    }

    @ParameterizedTest
    @EnumSource
    void case75_asCase50_theJavaClientRepeatsWhatMetARateLimit(OpenAiJava way) throws Exception {
        Script busy = wire -> wire.answer(
                429, "Content-Type: application/json\r\nRetry-After: 1\r\n", "{\"error\":{}}".getBytes());
        try (MisbehavingUpstream upstream = answering(busy);
                RunningRelay relay = RunningRelay.on(upstream, "10");
                CountingProxy door = new CountingProxy(relay.port())) {
            RateLimitException refusal =
                    assertThrows(RateLimitException.class, () -> way.generate(door, relay.key()));

            assertEquals(Optional.of("rate_limit_exceeded"), refusal.code());
            assertEquals(Optional.of("requests"), refusal.type());
            assertEquals(3, door.requests());
            assertEquals(
                    List.of("granted 10", "held 1", "released 1", "held 1", "released 1", "held 1", "released 1"),
                    relay.moves());
        }
    }
}
