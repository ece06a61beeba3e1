package dev.imagerelay.bootstrap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.imagerelay.adapters.upstream.MisbehavingUpstream;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.relay.Relay;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** For whatever the built-in catalogue publishes, the price that a quote shows is held and charged. */
@Timeout(120)
class OnePriceTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    @Test
    void whatIsShownIsHeldAndCharged() throws Exception {
        List<ObjectNode> orders = new ArrayList<>();
        List<String> differing;
        try (MisbehavingUpstream upstream = MisbehavingUpstream.answering(OnePriceTest::answer);
                RunningRelay relay = new RunningRelay(
                        List.of(RunningRelay.settings("openai", upstream.baseUrl())), Optional.of(nothingDrawn()),
                        "100000")) {
            HttpResponse<byte[]> catalogue = relay.send(relay.from("/api/ai/models/image/generation"));
            for (JsonNode model : JSON.readTree(catalogue.body()).get("data")) {
                orders.addAll(ordersFor(model));
            }
            differing = orders.parallelStream()
                    .flatMap(order -> difference(relay, order.toString()).stream())
                    .toList();
        }

        assertEquals(List.of(), differing);
        assertTrue(orders.size() > 1_000, orders.size() + " orders");
    }

    /** The built-in catalogue, but for the pictures that would take their time to be drawn. */
    private Path nothingDrawn() throws IOException {
        try (InputStream builtIn = OnePriceTest.class.getResourceAsStream("catalogue.yaml")) {
            String catalogue = new String(builtIn.readAllBytes(), UTF_8);
            return Files.writeString(
                    directory.resolve("catalogue.yaml"), catalogue.replace("upstream: sample", "upstream: openai"));
        }
    }

    private static List<ObjectNode> ordersFor(JsonNode model) {
        List<ObjectNode> orders = new ArrayList<>();
        for (JsonNode size : model.get("sizes")) {
            for (JsonNode quality : model.get("qualities")) {
                for (int n = 1; n <= model.get("maxImages").asInt(); n++) {
                    orders.add(JSON.createObjectNode()
                            .put("model", model.get("name").asText())
                            .put("prompt", "x")
                            .put("size", size.asText())
                            .put("quality", quality.asText())
                            .put("n", n));
                }
            }
        }
        return orders;
    }

    /** What an order was shown and what was booked for it; empty if they agree. */
    private static Optional<String> difference(RunningRelay relay, String order) {
        try {
            JsonNode quote = JSON.readTree(relay.send(relay.request("/v1/images/generations/quote", order)).body());
            HttpResponse<byte[]> response = relay.generate(order);
            Relay booked = relay.booked(response);
            Credits shown = Credits.of(quote.get("total").asText());
            boolean charged = quote.get("rule").asText().equals("exact")
                    ? booked.charged().equals(shown)
                    : shown.covers(booked.charged());
            boolean agree = response.statusCode() == 200 && booked.quoted().equals(shown) && charged
                    && RunningRelay.receipt(response).get(0).equals(booked.charged().toString());
            return agree ? Optional.empty() : Optional.of(order + ": shown " + shown + ", booked " + booked);
        } catch (Exception e) {
            return Optional.of(order + ": " + e);
        }
    }

    /** As many pictures as are wanted. */
    private static void answer(MisbehavingUpstream.Wire wire) throws IOException {
        int wanted = JSON.readTree(wire.request().body()).get("n").asInt();
        String pictures = String.join(",", Collections.nCopies(wanted, "{\"b64_json\":\"QQ==\"}"));
        wire.answer(200, "Content-Type: application/json\r\n",
                ("{\"created\":1,\"data\":[" + pictures + "]}").getBytes(UTF_8));
    }
}
