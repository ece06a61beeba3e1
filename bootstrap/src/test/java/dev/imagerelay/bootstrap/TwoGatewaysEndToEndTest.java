package dev.imagerelay.bootstrap;

import static dev.imagerelay.adapters.upstream.MisbehavingUpstream.json;
import static dev.imagerelay.bootstrap.Exchanges.PICTURE;
import static dev.imagerelay.bootstrap.StreamedExchanges.COMPLETED;
import static dev.imagerelay.bootstrap.StreamedExchanges.stream;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.imagerelay.adapters.persistence.PostgresServer;
import dev.imagerelay.adapters.upstream.MisbehavingUpstream;
import dev.imagerelay.adapters.upstream.MisbehavingUpstream.Script;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gateways on one PostgreSQL are one to their customers, whichever of them a request reaches. */
@Timeout(60)
class TwoGatewaysEndToEndTest {

    private final PostgresServer server = PostgresServer.shared();
    private final String url = server.newDatabase();
    private volatile Script answer = json(200, PICTURE);
    private MisbehavingUpstream upstream;
    private RunningRelay one;
    private RunningRelay two;

    @BeforeEach
    void start() throws IOException {
        upstream = MisbehavingUpstream.answering(wire -> answer.play(wire));
        one = RunningRelay.patientlyOn(upstream, "10", url);
        two = RunningRelay.patientlyOn(upstream, "0", url);
    }

    @AfterEach
    void stop() throws IOException {
        one.close();
        two.close();
        server.drop(url);
        upstream.close();
    }

    /** By turns from one and the other, all for the same account. */
    private List<HttpResponse<byte[]>> atOnce(int many, String order, Optional<String> key) throws Exception {
        List<CompletableFuture<HttpResponse<byte[]>>> orders = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            RunningRelay gateway = i % 2 == 0 ? one : two;
            HttpRequest.Builder request = gateway.request("/v1/images/generations", order)
                    .setHeader("Authorization", "Bearer " + one.key());
            key.ifPresent(name -> request.header("Idempotency-Key", name));
            orders.add(gateway.sendLater(request));
        }
        List<HttpResponse<byte[]>> answers = new ArrayList<>();
        for (CompletableFuture<HttpResponse<byte[]>> each : orders) {
            answers.add(each.get());
        }
        return answers;
    }

    @ParameterizedTest(name = "streamed: {0}")
    @ValueSource(booleans = {false, true})
    void aStormOnOneKeyIsOnePurchase(boolean streamed) throws Exception {
        answer = streamed ? stream(COMPLETED) : json(200, PICTURE);
        for (int round = 1; round <= 3; round++) {
            List<HttpResponse<byte[]>> answers = atOnce(
                    32, streamed ? StreamedExchanges.order(0) : Exchanges.ORDER, Optional.of("k" + round));

            Set<String> relays = new TreeSet<>();
            int replays = 0;
            for (HttpResponse<byte[]> each : answers) {
                assertEquals(200, each.statusCode());
                assertEquals(streamed ? COMPLETED : PICTURE, new String(each.body(), UTF_8));
                Optional<String> original = each.headers().firstValue("x-original-request-id");
                replays += original.isPresent() ? 1 : 0;
                relays.add(original.or(() -> each.headers().firstValue("x-request-id")).orElseThrow());
            }
            assertEquals(31, replays);
            assertEquals(1, relays.size());
            assertEquals(round, upstream.requests().size());
        }
        assertEquals(RunningRelay.credits("7"), one.balance());
        assertEquals(3, Collections.frequency(one.moves(), "settled 1"));
    }

    @Test
    void theLastCreditIsSpentOnce() throws Exception {
        for (int round = 1; round <= 5; round++) {
            one.nextCustomer("1");

            List<Integer> statuses = atOnce(8, Exchanges.ORDER, Optional.empty()).stream()
                    .map(HttpResponse::statusCode)
                    .toList();

            assertEquals(1, Collections.frequency(statuses, 200), statuses.toString());
            assertEquals(7, Collections.frequency(statuses, 429), statuses.toString());
            assertEquals(round, upstream.requests().size());
            assertEquals(List.of("granted 1", "held 1", "settled 1"), one.moves());
        }
    }
}
