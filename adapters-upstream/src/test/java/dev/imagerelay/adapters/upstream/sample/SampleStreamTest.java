package dev.imagerelay.adapters.upstream.sample;

import static dev.imagerelay.adapters.upstream.sample.SampleClient.CLIENT;
import static dev.imagerelay.adapters.upstream.sample.SampleClient.GENERATIONS;
import static dev.imagerelay.adapters.upstream.sample.SampleClient.JSON;
import static dev.imagerelay.adapters.upstream.sample.SampleClient.PATIENCE;
import static dev.imagerelay.adapters.upstream.sample.SampleClient.body;
import static dev.imagerelay.adapters.upstream.sample.SampleClient.decoded;
import static dev.imagerelay.adapters.upstream.sample.SampleClient.post;
import static dev.imagerelay.adapters.upstream.sample.SampleClient.request;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A generation answered event by event: what the events hold, and when each of them comes. */
@Timeout(60)
class SampleStreamTest {
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

    @Test
    void streamIsLaidOutLikeTheLiveService() throws Exception {
        HttpResponse<byte[]> response =
                post(upstream, streamed("'size': '1024x512', 'quality': 'low', 'n': 2, 'partial_images': 1"));
        String answer = new String(response.body(), US_ASCII).replaceAll("\"iVBOR[^\"]+\"", "PNG");

        assertEquals(200, response.statusCode());
        assertEquals("text/event-stream", response.headers().firstValue("Content-Type").orElseThrow());
        assertEquals("""
                event: image_generation.partial_image
                data: {"type":"image_generation.partial_image","partial_image_index":0,"b64_json":PNG,\
                "created_at":1780000000,\
                "size":"1024x512","quality":"low","background":"opaque","output_format":"png"}

                event: image_generation.completed
                data: {"type":"image_generation.completed","b64_json":PNG,\
                "created_at":1780000000,\
                "usage":{"input_tokens":3,"input_tokens_details":{"image_tokens":0,"text_tokens":3},\
                "output_tokens":236,"total_tokens":239},\
                "size":"1024x512","quality":"low","background":"opaque","output_format":"png"}

                """.repeat(2), answer);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "'n': 1                      | completed",
        "'partial_images': 0         | completed",
        "'partial_images': 1         | 0 completed",
        "'partial_images': 3         | 0 1 2 completed",
        "'partial_images': 2, 'n': 3 | 0 1 completed 0 1 completed 0 1 completed",
        "'response_format': 'url'    | completed"})
    void previewsOfEachPictureComeBeforeIt(String details, String order) throws Exception {
        List<JsonNode> events = events("'size': '256x256', " + details);

        assertEquals(order, String.join(" ", events.stream().map(SampleStreamTest::name).toList()));
        assertEquals(events.size(), events.stream().map(event -> event.get("b64_json")).distinct().count());
    }

    @ParameterizedTest
    @CsvSource({"0, 1056", "1, 1156", "3, 1356"})
    void eachPreviewCountsForAHundredTokens(int previews, int tokens) throws Exception {
        List<JsonNode> events = events("'n': 2, 'partial_images': " + previews);
        List<JsonNode> completed = events.stream().filter(event -> event.has("usage")).toList();

        assertEquals(List.of("completed", "completed"), completed.stream().map(SampleStreamTest::name).toList());
        for (JsonNode event : completed) {
            assertEquals(tokens, event.at("/usage/output_tokens").intValue());
        }
    }

    @Test
    void pictureInTheEndIsTheOneThatComesAtOnceOtherwise() throws Exception {
        String details = "'size': '640x480', 'quality': 'high', 'n': 2";
        JsonNode whole = JSON.readTree(post(upstream, body("a harbour", details)).body());
        List<JsonNode> events = events(details + ", 'partial_images': 1");

        assertArrayEquals(whole.at("/data/0/b64_json").binaryValue(), png(events.get(1)));
        assertArrayEquals(whole.at("/data/1/b64_json").binaryValue(), png(events.get(3)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"200x200", "256x256", "333x517", "1024x1024", "1536x1024", "1024x1536"})
    void eachPreviewIsCloserToThePictureThanTheOneBefore(String size) throws Exception {
        List<JsonNode> events = events("'size': '" + size + "', 'partial_images': 3");
        BufferedImage picture = decoded(png(events.get(3)));
        double before = 255;
        for (JsonNode event : events.subList(0, 3)) {
            BufferedImage preview = decoded(png(event));
            assertEquals(size, preview.getWidth() + "x" + preview.getHeight());

            double difference = difference(preview, picture);
            assertTrue(difference < 0.9 * before, difference + " after " + before);
            assertTrue(difference > 1, "as good as finished: " + difference);
            before = difference;
        }
    }

    @Test
    void eachEventArrivesBeforeTheNextIsBegun() throws Exception {
        Semaphore begun = new Semaphore(0);
        try (SampleUpstream slow = SampleUpstream.start(0, Duration.ofHours(1), pause -> begun.acquire(), NOON)) {
            assertTimeoutPreemptively(PATIENCE, () -> {
                begun.release();
                try (BufferedReader answer = reader(slow, "'size': '64x64', 'n': 2, 'partial_images': 1")) {
                    assertEquals("0", name(next(answer)));
                    for (String name : List.of("completed", "0", "completed")) {
                        begun.release();
                        assertEquals(name, name(next(answer)));
                    }
                    assertNull(answer.readLine());
                }
            });
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "'n': 3                                       |  1 | 4000",
        "'stream': true                               |  1 | 4000",
        "'stream': true, 'partial_images': 3          |  4 | 1000",
        "'stream': true, 'partial_images': 1, 'n': 10 | 20 |  200"})
    void delayIsSpreadEvenlyOverTheEvents(String details, int times, int millis) throws Exception {
        List<Duration> pauses = Collections.synchronizedList(new ArrayList<>());
        try (SampleUpstream paced = SampleUpstream.start(0, Duration.ofSeconds(4), pauses::add, NOON)) {
            assertEquals(200, post(paced, body("a harbour", "'size': '16x16', " + details)).statusCode());

            assertEquals(Collections.nCopies(times, Duration.ofMillis(millis)), pauses);
        }
    }

    @Test
    void failureBeforeTheFirstEventIsAnOrdinaryError() throws Exception {
        Pace failing = pause -> {
            throw new IllegalStateException("Out of paint");
        };
        try (SampleUpstream broken = SampleUpstream.start(0, Duration.ZERO, failing, NOON)) {
            HttpResponse<byte[]> response = post(broken, streamed("'partial_images': 3"));

            assertEquals(500, response.statusCode());
            assertEquals("application/json", response.headers().firstValue("Content-Type").orElseThrow());
            assertEquals("server_error", JSON.readTree(response.body()).at("/error/type").textValue());
        }
    }

    @Test
    void failureInTheMiddleBreaksTheStreamOff() throws Exception {
        AtomicInteger begun = new AtomicInteger();
        CountDownLatch seen = new CountDownLatch(1);
        Pace failing = pause -> {
            if (begun.incrementAndGet() > 1) {
                seen.await();
                throw new IllegalStateException("Out of paint");
            }
        };
        try (SampleUpstream broken = SampleUpstream.start(0, Duration.ZERO, failing, NOON);
                BufferedReader answer = reader(broken, "'size': '64x64', 'partial_images': 3")) {
            assertEquals("0", name(next(answer)));
            seen.countDown();
            assertThrows(IOException.class, answer::readLine);
        }
    }

    @Test
    void nothingMoreIsDrawnForAClientThatLeft() throws Exception {
        AtomicInteger begun = new AtomicInteger();
        CountDownLatch left = new CountDownLatch(1);
        CompletableFuture<Exception> ended = new CompletableFuture<>();
        Pace pace = pause -> {
            if (begun.incrementAndGet() > 1) {
                left.await();
            }
        };
        Generations generations =
                new Generations(Duration.ZERO, pace, NOON, new Studio(), new RecentRecipes(1));
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", exchange -> {
            try {
                generations.answer(exchange);
                ended.complete(null);
            } catch (Exception failure) {
                ended.complete(failure);
            }
        });
        server.start();
        try {
            readOneByteAndLeave(server.getAddress().getPort());
            left.countDown();

            assertInstanceOf(IOException.class, ended.get(PATIENCE.toSeconds(), SECONDS));
            assertTrue(begun.get() <= 3, begun + " of 40 events begun");
        } finally {
            server.stop(0);
        }
    }

    private static void readOneByteAndLeave(int port) throws IOException {
        String body = streamed("'size': '64x64', 'n': 10, 'partial_images': 3");
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            // Closed at once, with what was not read thrown away.
            socket.setSoLinger(true, 0);
            socket.getOutputStream().write(("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                    + body.length() + "\r\n\r\n" + body).getBytes(US_ASCII));
            assertEquals('H', socket.getInputStream().read());
        }
    }

    private static String streamed(String details) {
        return body("a harbour", "'stream': true, " + details);
    }

    private static BufferedReader reader(SampleUpstream from, String details)
            throws IOException, InterruptedException {
        HttpResponse<InputStream> response = CLIENT.send(
                request(from, "POST", GENERATIONS, BodyPublishers.ofString(streamed(details))),
                BodyHandlers.ofInputStream());
        assertEquals(200, response.statusCode());
        return new BufferedReader(new InputStreamReader(response.body(), US_ASCII));
    }

    /** All events of a whole stream. */
    private static List<JsonNode> events(String details) throws IOException, InterruptedException {
        BufferedReader answer = reader(upstream, details);
        List<JsonNode> events = new ArrayList<>();
        for (JsonNode event = next(answer); event != null; event = next(answer)) {
            events.add(event);
        }
        return events;
    }

    /** The data of the next event of a stream, null at its end. */
    private static JsonNode next(BufferedReader answer) throws IOException {
        String name = answer.readLine();
        if (name == null) {
            return null;
        }
        String data = answer.readLine();
        assertTrue(data.startsWith("data: {"), data);
        JsonNode event = JSON.readTree(data.substring("data: ".length()));
        assertEquals("event: " + event.get("type").textValue(), name);
        assertEquals("", answer.readLine());
        return event;
    }

    /** The index of a preview, or the last word of the event's type. */
    private static String name(JsonNode event) {
        String type = event.get("type").textValue();
        return type.equals("image_generation.partial_image")
                ? event.get("partial_image_index").toString()
                : type.substring("image_generation.".length());
    }

    private static byte[] png(JsonNode event) throws IOException {
        return event.get("b64_json").binaryValue();
    }

    /** How far two pictures are apart on average: 0 for the same, 255 for black and white. */
    private static double difference(BufferedImage one, BufferedImage other) {
        long sum = 0;
        for (int y = 0; y < one.getHeight(); y++) {
            for (int x = 0; x < one.getWidth(); x++) {
                Color left = new Color(one.getRGB(x, y));
                Color right = new Color(other.getRGB(x, y));
                sum += Math.abs(left.getRed() - right.getRed()) + Math.abs(left.getGreen() - right.getGreen())
                        + Math.abs(left.getBlue() - right.getBlue());
            }
        }
        return sum / 3.0 / one.getWidth() / one.getHeight();
    }
}
