package dev.imagerelay.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.imagerelay.domain.ledger.EntryKind;
import dev.imagerelay.domain.ledger.LedgerEntry;
import dev.imagerelay.domain.pricing.Credits;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Whatever a customer sends, to any route that either document names, no account has more credits than before. */
class NothingForNothingTest {

    private static final List<String> BODIES = List.of(
            "{\"amount\":1000,\"source\":\"purchased\",\"reason\":\"x\"}",
            "{\"model\":\"gpt-image-2\",\"prompt\":\"x\",\"size\":\"1024x1024\",\"credits\":\"-1000\"}");
    private static final Set<EntryKind> OF_AN_ORDER =
            Set.of(EntryKind.HELD, EntryKind.SETTLED, EntryKind.RELEASED);

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void noRequestOfACustomerRaisesABalance() throws Exception {
        try (RunningRelay relay = RunningRelay.onSample("100")) {
            Set<String> operations = operations(relay.uri("/openapi.json"));
            operations.addAll(operations(relay.adminUri("/openapi.json")));
            Set<Integer> statuses = new TreeSet<>();
            Credits least = relay.balance().available();
            for (String operation : operations) {
                for (String body : BODIES) {
                    statuses.add(send(relay, operation, body));
                    relay.awaitNothingHeld();
                    Credits available = relay.balance().available();
                    assertTrue(available.compareTo(least) <= 0, operation + " " + body);
                    least = available;
                }
            }

            assertTrue(statuses.containsAll(Set.of(200, 400, 404)), statuses.toString());
            assertTrue(least.compareTo(Credits.of("100")) < 0, "something was ordered");
            assertEquals(List.of(EntryKind.GRANTED), relay.entries().stream()
                    .map(LedgerEntry::kind)
                    .filter(kind -> !OF_AN_ORDER.contains(kind))
                    .toList());
        }
    }

    /** What a document names, such as {@code POST /v1/images/generations}. */
    private Set<String> operations(URI documentUri) throws IOException, InterruptedException {
        JsonNode document = new ObjectMapper().readTree(client.send(
                        HttpRequest.newBuilder(documentUri).build(), BodyHandlers.ofString())
                .body());
        Set<String> operations = new LinkedHashSet<>();
        document.get("paths").properties().forEach(path -> {
            for (JsonNode server : path.getValue().path("servers").isEmpty()
                    ? document.get("servers")
                    : path.getValue().get("servers")) {
                String base = server.get("url").textValue().replaceAll("/$", "");
                path.getValue().fieldNames().forEachRemaining(member -> {
                    if (Set.of("get", "post", "put", "patch", "delete").contains(member)) {
                        operations.add(member.toUpperCase(Locale.ROOT) + " " + base + path.getKey());
                    }
                });
            }
        });
        return operations;
    }

    private int send(RunningRelay relay, String operation, String body) throws IOException, InterruptedException {
        String method = operation.substring(0, operation.indexOf(' '));
        String path = operation.substring(operation.indexOf(' ') + 1)
                .replace("{account}", relay.account().value())
                .replaceAll("\\{[^}]*}", "x");
        HttpRequest request = relay.from(path)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body))
                .build();
        return client.send(request, BodyHandlers.discarding()).statusCode();
    }
}
