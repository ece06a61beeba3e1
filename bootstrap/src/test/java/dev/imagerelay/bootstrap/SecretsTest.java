package dev.imagerelay.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.adapters.upstream.MisbehavingUpstream;
import dev.imagerelay.adapters.upstream.MisbehavingUpstream.Script;
import dev.imagerelay.adapters.upstream.MisbehavingUpstream.Wire;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.sdk.testing.junit5.OpenTelemetryExtension;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Canaries are sent through everything that can become of an order: in its prompt, as its key, wherever a caller can
 * write something, and as the picture and the words of an upstream. None is found in the log, a metric or a
 * span, no answer tells the key to the upstream, and no file that is left behind has what lets anybody in.
 */
class SecretsTest {

    private static final String PROMPT = "canary-prompt";
    private static final String WRONG_KEY = "sk-relay-canary77-canarykeycanarykeycanarykeycanarykeycanary7";
    private static final String PICTURE = "Y2FuYXJ5UGljdHVyZWNhbmFyeVBpY3R1cmU=";
    private static final String PICTURES = "{\"created\":1,\"data\":[{\"b64_json\":\"" + PICTURE + "\"}]}";
    private static final String ECHO = "{\"error\":{\"message\":\"" + PROMPT + " " + PICTURE + "\",\"type\":\"x\","
            + "\"param\":null,\"code\":\"canary-code\"}}";
    private static final String OUR_KEY = ECHO.replace(PROMPT, "Incorrect API key provided: upstream-secret.");
    private static final String EVENTS = "Content-Type: text/event-stream\r\nConnection: close\r\n";

    /** What the upstream does, by the last word of the prompt. */
    private static final Map<String, Script> SCRIPTS = scripts();

    private static Map<String, Script> scripts() {
        Map<String, Script> scripts = new LinkedHashMap<>();
        scripts.put("success", MisbehavingUpstream.json(200, PICTURES));
        scripts.put("refused", MisbehavingUpstream.json(400, ECHO));
        scripts.put("forbidden", MisbehavingUpstream.json(401, OUR_KEY));
        scripts.put("missing", MisbehavingUpstream.json(404, OUR_KEY));
        scripts.put("busy", MisbehavingUpstream.json(429, OUR_KEY));
        scripts.put("broken", MisbehavingUpstream.json(500, OUR_KEY));
        scripts.put("garbage", MisbehavingUpstream.json(200, PROMPT + PICTURE));
        scripts.put("imageless", MisbehavingUpstream.json(200, "{\"created\":1,\"data\":[],\"x\":\"" + PROMPT + "\"}"));
        scripts.put("nonsense", wire -> {
            wire.send("HTTP/1.1 " + PROMPT + " " + PICTURE + "\r\n\r\n");
            wire.hangUp();
        });
        scripts.put("truncated", wire -> {
            wire.begin("Content-Type: application/json\r\nContent-Length: 9999\r\n");
            wire.send(PICTURES.substring(0, PICTURES.length() - 5));
            wire.reset();
        });
        scripts.put("streamed", wire -> stream(wire, picture("partial_image") + picture("completed")));
        scripts.put("streamed-garbage", wire -> stream(wire, "data: " + PROMPT + PICTURE + "\n\n"));
        scripts.put("streamed-error", wire -> stream(wire, picture("partial_image") + "data: " + ECHO + "\n\n"));
        return scripts;
    }

    private static String picture(String kind) {
        return "event: image_generation." + kind + "\ndata: {\"type\":\"image_generation." + kind
                + "\",\"b64_json\":\"" + PICTURE + "\"}\n\n";
    }

    private static void stream(Wire wire, String events) throws IOException {
        wire.begin(EVENTS);
        wire.send(events);
        wire.hangUp();
    }

    private static MisbehavingUpstream upstream() {
        return MisbehavingUpstream.answering(wire -> {
            String body = new String(wire.request().body(), StandardCharsets.UTF_8);
            String last = SCRIPTS.keySet().stream()
                    .filter(word -> body.contains(PROMPT + " " + word + "\""))
                    .findFirst()
                    .orElseThrow();
            SCRIPTS.get(last).play(wire);
        });
    }

    @TempDir
    Path directory;

    @Test
    void theLogSaysHowEveryOrderEndedAndTellsNoSecret() throws Exception {
        String key;
        try (MisbehavingUpstream upstream = upstream();
                ServerProcess server = ServerProcess.start(
                        directory, upstream.baseUrl(), "-Dorg.slf4j.simpleLogger.log.dev.imagerelay=trace")) {
            key = server.key();
            sendEverything("http://127.0.0.1:" + server.port(), key);
            server.askToStop();
            server.exitCode();
        }

        String log = Files.readString(directory.resolve("log"));
        assertNothingOf(secrets(key), log);
        Map<String, Long> outcomes = log.lines()
                .filter(line -> line.contains("relays - request=req_"))
                .map(line -> line.replaceAll(".* status=(\\d+)( outcome=(\\w+).*)?.*", "$1 $3").strip())
                .collect(Collectors.groupingBy(outcome -> outcome, Collectors.counting()));
        assertEquals(
                "{200 delivered=2, 200 failed_upstream=1, 200 refused_upstream=1, 400=3, 400 declined=3,"
                        + " 400 refused_upstream=1, 401=2, 404=1, 413=1, 415=1, 429 failed_upstream=1,"
                        + " 502 failed_upstream=7}",
                new TreeMap<>(outcomes).toString());
        assertNothingIsKeptThatLetsAnybodyIn(key);
    }

    /** The books, the results and whatever else lies about; the books have no more of a key than its prefix. */
    private void assertNothingIsKeptThatLetsAnybodyIn(String key) throws IOException {
        Map<Path, String> kept = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                kept.put(directory.relativize(file), Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        assertEquals(key, kept.remove(Path.of("key")), "the file of the test");
        assertTrue(kept.get(Path.of("ledger.mv.db")).contains(prefix(key)), kept.keySet().toString());
        for (String text : kept.values()) {
            assertNothingOf(List.of(secret(key), WRONG_KEY, "upstream-secret", PROMPT), text);
        }
    }

    private static String prefix(String key) {
        return key.substring("sk-relay-".length(), key.lastIndexOf('-'));
    }

    private static String secret(String key) {
        return key.substring(key.lastIndexOf('-') + 1);
    }

    @Test
    void metricsAndSpansTellNoSecret() throws Exception {
        OpenTelemetryExtension traces = OpenTelemetryExtension.create();
        GlobalOpenTelemetry.resetForTest();
        GlobalOpenTelemetry.set(traces.getOpenTelemetry());
        try (MisbehavingUpstream upstream = upstream();
                RunningRelay relay = RunningRelay.on(upstream, "100")) {
            sendEverything("http://127.0.0.1:" + relay.port(), relay.key());

            String metrics = new String(
                    relay.send(HttpRequest.newBuilder(relay.adminUri("/metrics"))
                                    .header("Authorization", "Bearer " + RunningRelay.METRICS_TOKEN))
                            .body(),
                    StandardCharsets.UTF_8);
            assertNothingOf(secrets(relay.key()), metrics);
            assertNothingOf(List.of(relay.account().value(), prefix(relay.key()), "req_"), metrics);
            String spans = traces.getSpans().toString();
            assertNothingOf(secrets(relay.key()), spans);
            assertTrue(spans.contains("generate_content gpt-image-2"), spans);
        } finally {
            GlobalOpenTelemetry.resetForTest();
        }
    }

    private static List<String> secrets(String key) {
        return List.of("canary", PICTURE.substring(0, 16), key, secret(key), "upstream-secret");
    }

    private static void assertNothingOf(List<String> secrets, String text) {
        for (String secret : secrets) {
            List<String> found = text.lines().filter(line -> line.contains(secret)).toList();
            assertEquals(List.of(), found, secret);
        }
    }

    /** Every kind of order, and returns once all of them are answered, none of them with the key to the upstream. */
    private static void sendEverything(String base, String key) throws Exception {
        List<HttpRequest> requests = new ArrayList<>();
        for (String word : SCRIPTS.keySet()) {
            requests.add(post(base, key, order(word, "gpt-image-2", "1024x1024")).build());
        }
        requests.add(post(base, WRONG_KEY, order("success", "gpt-image-2", "1024x1024")).build());
        requests.add(post(base, "canary " + key, order("success", "gpt-image-2", "1024x1024")).build());
        requests.add(post(base, key, order("success", key, "1024x1024")).build());
        requests.add(post(base, key, order("success", "canary-model", "1024x1024")).build());
        requests.add(post(base, key, order("success", "gpt-image-2", "canary")).build());
        requests.add(post(base, key, "{\"prompt\": \"" + PROMPT + "\", canary").build());
        requests.add(post(base, key, "\"" + PROMPT + "x".repeat(RunningRelay.MAX_BODY_BYTES) + "\"").build());
        requests.add(post(base, key, order("success", "gpt-image-2", "1024x1024"))
                .header("Idempotency-Key", "canary key")
                .build());
        requests.add(post(base, key, order("success", "gpt-image-2", "1024x1024"))
                .header("x-max-credits", "canary")
                .build());
        requests.add(post(base, key, order("success", "gpt-image-2", "1024x1024"))
                .header("traceparent", "canary")
                .header("Content-Encoding", "canary")
                .build());
        requests.add(HttpRequest.newBuilder(URI.create(base + "/canary/images/generations?key=" + key))
                .POST(BodyPublishers.ofString(PROMPT))
                .build());
        requests.add(HttpRequest.newBuilder(URI.create(base + "/v1/models/canary?key=" + key)).build());
        requests.add(HttpRequest.newBuilder(URI.create(base + "/v1/images/generations"))
                .method("CANARY", BodyPublishers.ofString(PROMPT))
                .build());
        for (HttpRequest request : requests) {
            HttpClient onConnectionOfItsOwn = HttpClient.newHttpClient(); // after some of these the server closes it
            HttpResponse<String> answer = onConnectionOfItsOwn.send(request, BodyHandlers.ofString());
            assertNothingOf(List.of("upstream-secret"), answer.headers().map() + answer.body());
        }
    }

    private static HttpRequest.Builder post(String base, String key, String json) {
        return HttpRequest.newBuilder(URI.create(base + "/v1/images/generations"))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json));
    }

    private static String order(String word, String model, String size) {
        String stream = word.startsWith("streamed") ? ",\"stream\":true,\"partial_images\":1" : "";
        return "{\"model\":\"" + model + "\",\"prompt\":\"" + PROMPT + " " + word + "\",\"size\":\"" + size + "\""
                + stream + "}";
    }
}
