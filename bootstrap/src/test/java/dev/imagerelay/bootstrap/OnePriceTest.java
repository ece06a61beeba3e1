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
import java.util.Set;
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
        List<String> differing = new ArrayList<>();
        int orders = 0;
        try (MisbehavingUpstream upstream = MisbehavingUpstream.answering(OnePriceTest::answer);
                RunningRelay relay = new RunningRelay(
                        List.of(RunningRelay.settings("openai", upstream.baseUrl())), Optional.of(nothingDrawn()),
                        "100000")) {
            HttpResponse<byte[]> catalogue = relay.send(relay.from("/api/ai/models/image/generation"));
            for (JsonNode model : JSON.readTree(catalogue.body()).get("data")) {
                for (ObjectNode order : ordersFor(model)) {
                    orders++;
                    check(relay, order.toString(), differing);
                }
            }
        }

        assertEquals(List.of(), differing);
        assertTrue(orders > 200, orders + " orders");
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
                for (int n : Set.of(1, model.get("maxImages").asInt())) {
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

    private static void check(RunningRelay relay, String order, List<String> differing) throws Exception {
        JsonNode quote = JSON.readTree(relay.send(relay.request("/v1/images/generations/quote", order)).body());
        HttpResponse<byte[]> response = relay.generate(order);
        Relay booked = relay.booked(response);
        Credits shown = Credits.of(quote.get("total").asText());
        boolean charged = quote.get("rule").asText().equals("exact")
                ? booked.charged().equals(shown)
                : shown.covers(booked.charged());
        if (response.statusCode() != 200 || !booked.quoted().equals(shown) || !charged
                || !RunningRelay.receipt(response).get(0).equals(booked.charged().toString())) {
            differing.add(order + ": shown " + shown + ", booked " + booked);
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
