package dev.imagerelay.adapters.upstream.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;
import javax.imageio.ImageIO;

/** What the tests ask a sample upstream with. */
final class SampleClient {
    static final String GENERATIONS = "/v1/images/generations";
    static final Duration PATIENCE = Duration.ofSeconds(20);
    static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();
    static final JsonMapper JSON = new JsonMapper();

    private SampleClient() {}

    /** A request body, its details in JSON with single quotes. */
    static String body(String prompt, String details) {
        return ("{'model': 'sample', 'prompt': '" + prompt + "', " + details + "}").replace('\'', '"');
    }

    static HttpResponse<byte[]> post(SampleUpstream to, String body) throws IOException, InterruptedException {
        return send(to, "POST", GENERATIONS, BodyPublishers.ofString(body));
    }

    static HttpResponse<byte[]> send(SampleUpstream to, String method, String path, BodyPublisher body)
            throws IOException, InterruptedException {
        return CLIENT.send(request(to, method, path, body), BodyHandlers.ofByteArray());
    }

    static HttpRequest request(SampleUpstream to, String method, String path, BodyPublisher body) {
        return HttpRequest.newBuilder(to.baseUrl().resolve(path)).timeout(PATIENCE).method(method, body).build();
    }

    static BufferedImage decoded(byte[] png) throws IOException {
        assertArrayEquals(new byte[] {(byte) 0x89, 'P', 'N', 'G'}, Arrays.copyOf(png, 4));
        return ImageIO.read(new ByteArrayInputStream(png));
    }
}
