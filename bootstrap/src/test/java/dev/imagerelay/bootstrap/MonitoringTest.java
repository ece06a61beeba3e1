package dev.imagerelay.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.adapters.upstream.MisbehavingUpstream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Prometheus scrapes a real gateway, and whoever runs it asks for its health. */
class MonitoringTest {

    private static final String DELIVERED = "model=\"gpt-image-2\",outcome=\"delivered\",upstream=\"openai\"";

    private static MisbehavingUpstream upstream;
    private static RunningRelay relay;

    @BeforeAll
    static void start() throws Exception {
        upstream = MisbehavingUpstream.answering(MisbehavingUpstream.json(200, Exchanges.PICTURE));
        relay = RunningRelay.on(upstream, "10");
    }

    @AfterAll
    static void stop() throws Exception {
        relay.close();
        upstream.close();
    }

    @Test
    void whatAGatewayDidIsInItsMetrics() throws Exception {
        Exposition before = scrape();

        assertEquals(200, relay.generate(Exchanges.ORDER).statusCode());
        assertEquals(400, relay.generate("{\"model\":\"unheard-of\",\"prompt\":\"x\"}").statusCode());
        assertEquals(401, relay.send(HttpRequest.newBuilder(relay.uri("/v1/models"))).statusCode());
        awaitAnswered("route=\"/v1/models\",status=\"401\"");

        Exposition after = scrape();
        assertEquals(1, more(before, after, "image_relay_relay_duration_seconds_count{" + DELIVERED + "}"));
        assertEquals(1, more(before, after, "image_relay_relay_duration_seconds_bucket{" + DELIVERED
                + ",le=\"600.0\"}"));
        assertEquals(1, more(before, after,
                "image_relay_images_total{model=\"gpt-image-2\",quality=\"auto\",size=\"1024x1024\"}"));
        assertEquals(1, more(before, after, "image_relay_ledger_credits_total{kind=\"settled\"}"));
        assertEquals(1, more(before, after, "image_relay_declined_total{model=\"other\",reason=\"unknown_model\"}"));
        assertTrue(more(before, after, "image_relay_ledger_changes_total") >= 2);
        assertEquals(1, after.value("image_relay_ready", ""));
        assertEquals(0, after.value("image_relay_unsettled_endings", ""));
        assertEquals(0, after.value("image_relay_open_holds", ""));
        assertEquals(1, after.value("image_relay_catalogue_info", "version=\""
                + relay.wiring().catalogue().current().rateCard().version() + "\""));
        assertTrue(after.samples().keySet().stream().anyMatch(series -> series.startsWith("jvm_memory_used_bytes")));
    }

    private static double more(Exposition before, Exposition after, String series) {
        return after.valueIfAny(series) - before.valueIfAny(series);
    }

    /** A request is counted once it is answered, so the client may know first. */
    private static void awaitAnswered(String labels) throws Exception {
        while (scrape().valueIfAny("image_relay_requests_total{" + labels + "}") == 0) {
            Thread.sleep(5);
        }
    }

    private static Exposition scrape() throws Exception {
        HttpResponse<byte[]> response = get("/metrics", RunningRelay.METRICS_TOKEN);
        assertEquals(200, response.statusCode());
        assertEquals(
                "text/plain; version=0.0.4; charset=utf-8",
                response.headers().firstValue("Content-Type").orElseThrow());
        return Exposition.read(new String(response.body(), StandardCharsets.UTF_8));
    }

    @Test
    void inventedNamesAddNoSeries() throws Exception {
        askForWhatThereIsNot("first");
        awaitAnswered("route=\"/v1/images/generations\",status=\"400\"");
        awaitAnswered("route=\"/v1/models/<id>\",status=\"404\"");
        Set<String> series = scrape().ours();

        for (int i = 0; i < 100; i++) {
            askForWhatThereIsNot("invented-" + i);
        }

        assertEquals(series, scrape().ours());
    }

    private static void askForWhatThereIsNot(String name) throws Exception {
        String order = "{\"model\":\"%s\",\"prompt\":\"x\",\"size\":\"%s\",\"quality\":\"%s\"}";
        assertEquals(400, relay.generate(order.formatted(name, name, name)).statusCode());
        assertEquals(404, relay.send(relay.from("/v1/models/" + name)).statusCode());
    }

    @ParameterizedTest
    @CsvSource({
        "/metrics, administrator, 200",
        "/metrics, prometheus, 200",
        "/metrics, somebody, 401",
        "/admin/accounts, prometheus, 401",
        "/admin/settings, administrator, 200",
        "/health/live, somebody, 200",
        "/health/ready, somebody, 200",
    })
    void everyTokenOpensItsOwnDoors(String path, String token, int status) throws Exception {
        assertEquals(status, get(path, token).statusCode());
    }

    @Test
    void customersDoNotSeeTheMetrics() throws Exception {
        assertEquals(404, relay.send(relay.from("/metrics")).statusCode());
    }

    private static HttpResponse<byte[]> get(String path, String token) throws Exception {
        return relay.send(HttpRequest.newBuilder(relay.adminUri(path)).header("Authorization", "Bearer " + token));
    }
}
