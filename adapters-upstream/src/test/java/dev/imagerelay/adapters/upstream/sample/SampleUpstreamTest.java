package dev.imagerelay.adapters.upstream.sample;

import static dev.imagerelay.adapters.upstream.sample.SampleClient.CLIENT;
import static dev.imagerelay.adapters.upstream.sample.SampleClient.GENERATIONS;
import static dev.imagerelay.adapters.upstream.sample.SampleClient.JSON;
import static dev.imagerelay.adapters.upstream.sample.SampleClient.PATIENCE;
import static dev.imagerelay.adapters.upstream.sample.SampleClient.body;
import static dev.imagerelay.adapters.upstream.sample.SampleClient.decoded;
import static dev.imagerelay.adapters.upstream.sample.SampleClient.post;
import static dev.imagerelay.adapters.upstream.sample.SampleClient.request;
import static dev.imagerelay.adapters.upstream.sample.SampleClient.send;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SampleUpstreamTest {
    private static final InstantSource NOON = InstantSource.fixed(Instant.ofEpochSecond(1_780_000_000));

    private static SampleUpstream upstream;

    @BeforeAll
    static void start() throws IOException {
        upstream = SampleUpstream.start(0, Duration.ZERO, NOON);
    }

    @AfterAll
    static void stop() {
        upstream.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1024x1024", "1536x1024", "320x640", "16x16"})
    void pictureInPlaceIsAPngOfTheAskedSize(String size) throws Exception {
        BufferedImage picture = decoded(inPlace(generated("a harbour", "'size': '" + size + "'"), 0));

        assertEquals(size, picture.getWidth() + "x" + picture.getHeight());
    }

    @Test
    void linkLeadsToThePictureThatComesInPlaceOtherwise() throws Exception {
        String details = "'size': '256x192', 'quality': 'high', 'n': 2";
        JsonNode linked = generated("a harbour", details + ", 'response_format': 'url'");
        HttpResponse<byte[]> picture = CLIENT.send(
                HttpRequest.newBuilder(URI.create(linked.at("/data/1/url").textValue())).build(),
                BodyHandlers.ofByteArray());

        assertEquals(200, picture.statusCode());
        assertEquals("image/png", picture.headers().firstValue("Content-Type").orElseThrow());
        assertArrayEquals(inPlace(generated("a harbour", details), 1), picture.body());
    }

    @Test
    void linkNamesTheHostThatTheClientCalled() throws Exception {
        int port = upstream.baseUrl().getPort();
        String body = "{\"model\":\"sample\",\"prompt\":\"a harbour\",\"response_format\":\"url\"}";
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream().write(("POST /v1/images/generations HTTP/1.1\r\nHost: pictures.example:81\r\n"
                    + "Connection: close\r\nContent-Length: " + body.length() + "\r\n\r\n" + body).getBytes(US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), US_ASCII);

            assertTrue(answer.contains("\"http://pictures.example:81/images/"), answer);
        }
    }

    @Test
    void sameRequestGivesTheSameAnswerToTheLastByte() throws Exception {
        String body = body("a harbour", "'size': '640x480', 'n': 2");

        assertArrayEquals(post(upstream, body).body(), post(upstream, body).body());
    }

    @Test
    void threePicturesOfOnePromptAreThreeDifferentOnes() throws Exception {
        JsonNode answer = generated("a harbour", "'size': '256x256', 'n': 3");
        Set<String> pictures = new TreeSet<>();
        answer.get("data").forEach(picture -> pictures.add(picture.get("b64_json").textValue()));

        assertEquals(3, answer.get("data").size());
        assertEquals(3, pictures.size());
    }

    @Test
    void answerIsLaidOutLikeTheLiveService() throws Exception {
        HttpResponse<byte[]> response =
                post(upstream, body("a harbour", "'size': '1536x1024', 'n': 2, 'response_format': 'url'"));
        String answer = new String(response.body(), US_ASCII)
                .replaceAll("http://127.0.0.1:" + upstream.baseUrl().getPort() + "/images/[0-9a-f]{32}\\.png", "LINK")
                .replaceAll("a harbour, with [^\"]+", "WORDS");

        assertEquals("application/json", response.headers().firstValue("Content-Type").orElseThrow());
        assertEquals("""
                {
                  "created": 1780000000,
                  "background": "opaque",
                  "data": [
                    {
                      "url": "LINK",
                      "revised_prompt": "WORDS"
                    },
                    {
                      "url": "LINK",
                      "revised_prompt": "WORDS"
                    }
                  ],
                  "output_format": "png",
                  "quality": "medium",
                  "size": "1536x1024",
                  "usage": {
                    "input_tokens": 3,
                    "input_tokens_details": {
                      "image_tokens": 0,
                      "text_tokens": 3
                    },
                    "output_tokens": 3168,
                    "total_tokens": 3171
                  }
                }""", answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "'user': 'me'",
        "'size': 'auto', 'quality': 'auto'",
        "'size': null, 'quality': null, 'n': null, 'response_format': null",
        "'background': 'auto', 'output_format': 'webp', 'moderation': {'deep': [1, 2]}"})
    void whatIsOmittedOrUnknownLeavesOneMediumSquareInPlace(String details) throws Exception {
        JsonNode answer = generated("a harbour", details);

        assertEquals("1024x1024", answer.get("size").textValue());
        assertEquals("medium", answer.get("quality").textValue());
        assertEquals(1, answer.get("data").size());
        assertTrue(answer.at("/data/0").has("b64_json"));
        assertFalse(answer.at("/data/0").has("url"));
    }

    @ParameterizedTest
    @CsvSource({"low, 272", "medium, 1056", "high, 4160"})
    void betterQualityCountsForMoreTokens(String quality, int tokens) throws Exception {
        JsonNode answer = generated("a", "'response_format': 'url', 'quality': '" + quality + "'");

        assertEquals(tokens, answer.at("/usage/output_tokens").intValue());
    }

    @Test
    void mistakeIsRefusedInTheFormOfOpenAi() throws Exception {
        HttpResponse<byte[]> response = post(upstream, body("a harbour", "'size': '15x1024'"));

        assertEquals(400, response.statusCode());
        assertEquals("application/json", response.headers().firstValue("Content-Type").orElseThrow());
        assertEquals("""
                {
                  "error": {
                    "message": "Invalid size '15x1024'. Width and height must each be between 16 and 3840 pixels.",
                    "type": "image_generation_user_error",
                    "param": "size",
                    "code": "invalid_value"
                  }
                }""", new String(response.body(), US_ASCII));
    }

    @ParameterizedTest
    @CsvSource({
        "GET,    /v1/images/generations,  405, POST",
        "HEAD,   /v1/images/generations,  405, POST",
        "DELETE, /images/0123abcd.png,    405, GET",
        "GET,    /images/0123abcd.png,    404,",
        "GET,    /,                       404,",
        "POST,   /v1/images/edits,        404,",
        "POST,   /v1/images/generations2, 404,"})
    void wrongPathOrMethodIsAnError(String method, String path, int status, String allowed) throws Exception {
        HttpResponse<byte[]> response = send(upstream, method, path, BodyPublishers.noBody());

        assertEquals(status, response.statusCode());
        assertEquals(allowed, response.headers().firstValue("Allow").orElse(null));
        if (!method.equals("HEAD")) {
            assertEquals("invalid_request_error", JSON.readTree(response.body()).at("/error/type").textValue());
        }
    }

    @Test
    void delayPassesBeforeAnAnswer() throws Exception {
        Duration delay = Duration.ofMillis(150);
        try (SampleUpstream slow = SampleUpstream.start(0, delay, NOON)) {
            long start = System.nanoTime();
            int status = send(slow, "POST", GENERATIONS, smallest()).statusCode();

            assertEquals(200, status);
            assertTrue(System.nanoTime() - start >= delay.toNanos());
        }
    }

    @Test
    void mistakeIsRefusedWithoutDelay() throws Exception {
        try (SampleUpstream slow = SampleUpstream.start(0, Duration.ofHours(1), NOON)) {
            assertTimeoutPreemptively(PATIENCE, () -> assertEquals(400,
                    send(slow, "POST", GENERATIONS, BodyPublishers.ofString("{}")).statusCode()));
        }
    }

    @Test
    void manyRequestsWaitAtTheSameTime() throws Exception {
        Duration delay = Duration.ofMillis(400);
        int many = 120;
        try (SampleUpstream slow = SampleUpstream.start(0, delay, NOON)) {
            HttpRequest request = request(slow, "POST", GENERATIONS, smallest());
            assertTimeoutPreemptively(delay.multipliedBy(many / 4), () -> {
                List<CompletableFuture<HttpResponse<Void>>> answers = Stream
                        .generate(() -> CLIENT.sendAsync(request, BodyHandlers.discarding())).limit(many).toList();
                for (CompletableFuture<HttpResponse<Void>> answer : answers) {
                    assertEquals(200, answer.get().statusCode());
                }
            });
        }
    }

    @Test
    void closingBreaksOffWhoIsWaiting() throws Exception {
        SampleUpstream slow = SampleUpstream.start(0, Duration.ofHours(1), NOON);
        String body = "{\"model\":\"sample\",\"prompt\":\"a\"}";
        try (Socket socket = new Socket("127.0.0.1", slow.baseUrl().getPort())) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            OutputStream request = socket.getOutputStream();
            request.write(("POST /v1/images/generations HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
                    + "Content-Length: " + body.length() + "\r\n\r\n").getBytes(US_ASCII));
            InputStream answer = socket.getInputStream();
            assertEquals("HTTP/1.1 100", new String(answer.readNBytes(12), US_ASCII));
            request.write(body.getBytes(US_ASCII));

            slow.close();

            assertFalse(rest(answer).contains("HTTP/1.1"));
        }
    }

    @Test
    void closedUpstreamIsReachedByNobodyAndClosesOnceMore() throws Exception {
        SampleUpstream closed = SampleUpstream.start(0, Duration.ZERO, NOON);
        closed.close();
        closed.close();

        assertThrows(IOException.class, () -> send(closed, "POST", GENERATIONS, smallest()));
    }

    @Test
    void portInUseIsAnIoException() {
        assertThrows(IOException.class,
                () -> SampleUpstream.start(upstream.baseUrl().getPort(), Duration.ZERO, NOON).close());
    }

    @Test
    void delayIsNotNegative() {
        assertThrows(IllegalArgumentException.class,
                () -> SampleUpstream.start(0, Duration.ofMillis(-1), NOON).close());
    }

    private static JsonNode generated(String prompt, String details) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = post(upstream, body(prompt, details));
        assertEquals(200, response.statusCode());
        return JSON.readTree(response.body());
    }

    private static byte[] inPlace(JsonNode answer, int index) throws IOException {
        return answer.at("/data/" + index + "/b64_json").binaryValue();
    }

    private static String rest(InputStream answer) throws IOException {
        try {
            return new String(answer.readAllBytes(), US_ASCII);
        } catch (SocketException reset) {
            return "";
        }
    }

    private static BodyPublisher smallest() {
        return BodyPublishers.ofString(body("a", "'size': '16x16', 'quality': 'low'"));
    }
}
