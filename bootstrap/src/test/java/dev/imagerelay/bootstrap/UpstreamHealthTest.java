package dev.imagerelay.bootstrap;

import static dev.imagerelay.adapters.upstream.MisbehavingUpstream.json;
import static dev.imagerelay.bootstrap.Exchanges.PICTURE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.imagerelay.adapters.upstream.MisbehavingUpstream;
import dev.imagerelay.adapters.upstream.MisbehavingUpstream.Script;
import dev.imagerelay.adapters.upstream.UpstreamSettings;
import dev.imagerelay.adapters.upstream.UpstreamSettings.Breaker;
import dev.imagerelay.adapters.upstream.UpstreamSettings.KeyHeader;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An upstream that fails, or has enough to do, is left alone: the next one is asked, or the customer told when. */
@Timeout(60)
class UpstreamHealthTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ERROR = "{\"error\":{\"message\":\"no\",\"type\":\"x\",\"param\":null,\"code\":null}}";
    private static final Script GOOD = json(200, PICTURE);
    private static final Script BAD = json(500, ERROR);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final CountDownLatch goOn = new CountDownLatch(1);
    private volatile Script answer = GOOD;
    private MisbehavingUpstream first;
    private MisbehavingUpstream second;
    private RunningRelay relay;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        first = MisbehavingUpstream.answering(wire -> answer.play(wire));
        second = MisbehavingUpstream.answering(GOOD);
        String catalogue = """
                models:
                  - {name: alone, label: x, sizes: [1024x1024], pricing: [{size: 1024x1024, price: 1}],
                     routes: [{upstream: first}]}
                  - {name: both, label: x, sizes: [1024x1024], pricing: [{size: 1024x1024, price: 1}],
                     routes: [{upstream: second}, {upstream: first, weight: 1}]}
                """;
        relay = new RunningRelay(
                List.of(settings("first", first), settings("second", second)),
                Optional.of(Files.writeString(directory.resolve("catalogue.yaml"), catalogue)),
                "10");
    }

    private static UpstreamSettings settings(String name, MisbehavingUpstream upstream) {
        Duration limit = Duration.ofSeconds(30);
        return new UpstreamSettings(name, upstream.baseUrl(), Optional.of("upstream-secret"), KeyHeader.BEARER, 1,
                limit, limit, limit, 1 << 20, new Breaker(2, PAUSE));
    }

    @AfterEach
    void stop() throws IOException {
        goOn.countDown();
        relay.close();
        first.close();
        second.close();
    }

    private HttpResponse<byte[]> order(String model) throws Exception {
        return relay.generate(Exchanges.ORDER.replace("gpt-image-2", model));
    }

    private JsonNode status(int upstream) throws Exception {
        HttpResponse<byte[]> told = relay.send(
                relay.admin("/upstreams").header("Authorization", "Bearer " + RunningRelay.ADMIN_TOKEN));
        assertEquals(200, told.statusCode());
        assertFalse(new String(told.body(), StandardCharsets.UTF_8).contains("secret"));
        return JSON.readTree(told.body()).path("data").path(upstream);
    }

    @Test
    void anUpstreamThatFailsIsNotAskedUntilARealOrderShowsThatItWorks() throws Exception {
        answer = BAD;
        assertEquals(502, order("alone").statusCode());
        assertEquals(502, order("alone").statusCode());

        HttpResponse<byte[]> refused = order("alone");
        assertEquals(503, refused.statusCode());
        assertEquals("upstream_unavailable", JSON.readTree(refused.body()).at("/error/code").asText());
        assertEquals("1", refused.headers().firstValue("Retry-After").orElseThrow());
        assertEquals("unavailable", relay.booked(refused).reason().orElseThrow());
        assertEquals(RunningRelay.credits("10"), relay.balance());
        assertEquals("open", status(0).path("state").asText());
        assertEquals(2, status(0).path("failures").asInt());
        assertEquals(200, order("both").statusCode());

        answer = GOOD;
        Thread.sleep(PAUSE.toMillis());
        assertEquals(2, first.requests().size(), "nobody but customers asks");
        assertEquals(200, order("alone").statusCode());
        assertEquals("closed", status(0).path("state").asText());
    }

    @Test
    void anUpstreamWithEnoughToDoIsPassedOverOrRefusedAtOnce() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        answer = wire -> {
            asked.countDown();
            goOn.await();
            GOOD.play(wire);
        };
        CompletableFuture<HttpResponse<byte[]>> busy = relay.sendLater(
                relay.request("/v1/images/generations", Exchanges.ORDER.replace("gpt-image-2", "both")));
        asked.await();

        HttpResponse<byte[]> refused = order("alone");
        assertEquals(429, refused.statusCode());
        assertEquals("1", refused.headers().firstValue("Retry-After").orElseThrow());
        assertEquals(List.of("granted 10", "held 1", "held 1", "released 1"), relay.moves());
        assertEquals(200, order("both").statusCode());
        assertEquals(1, second.requests().size());
        JsonNode status = status(0);
        assertEquals("first", status.path("name").asText());
        assertEquals("127.0.0.1:" + first.baseUrl().getPort(), status.path("host").asText());
        assertEquals(1, status.path("in_flight").asInt());
        assertEquals(1, status.path("most_in_flight").asInt());
        assertTrue(status.hasNonNull("since"));
        goOn.countDown();
        assertEquals(200, busy.get().statusCode());
        assertEquals(0, status(0).path("in_flight").asInt());
    }
}
