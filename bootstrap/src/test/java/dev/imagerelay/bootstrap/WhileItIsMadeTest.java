package dev.imagerelay.bootstrap;

import static dev.imagerelay.adapters.upstream.MisbehavingUpstream.json;
import static dev.imagerelay.bootstrap.Exchanges.ORDER;
import static dev.imagerelay.bootstrap.Exchanges.PICTURE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.adapters.upstream.MisbehavingUpstream;
import dev.imagerelay.adapters.upstream.MisbehavingUpstream.Script;
import dev.imagerelay.application.port.in.AdministerAccounts;
import dev.imagerelay.application.port.in.AdministerAccounts.GrantOrder;
import dev.imagerelay.domain.account.ApiKeySecret;
import dev.imagerelay.domain.ledger.GrantSource;
import dev.imagerelay.domain.ledger.Intent;
import dev.imagerelay.domain.ledger.LedgerEntry.Note;
import dev.imagerelay.domain.ledger.Posting;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.relay.RelayId;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of an order if its key, its credits or its hold change while the upstream is at work. */
@Timeout(60)
class WhileItIsMadeTest {

    private static final Note NOTE = new Note("test", "to see what happens");

    private static MisbehavingUpstream upstream;
    private static RunningRelay relay;
    private static AdministerAccounts administration;
    private static volatile Script answer;

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch mayAnswer = new CountDownLatch(1);

    @BeforeAll
    static void start() throws IOException {
        upstream = MisbehavingUpstream.answering(wire -> answer.play(wire));
        relay = RunningRelay.patientlyOn(upstream, "0");
        administration = relay.wiring().administration();
    }

    @AfterAll
    static void stop() throws IOException {
        relay.close();
        upstream.close();
    }

    @BeforeEach
    void serveSomebodyElse() {
        relay.nextCustomer("10");
        answerWhenTold(json(200, PICTURE));
    }

    private void answerWhenTold(Script then) {
        answer = wire -> {
            asked.countDown();
            mayAnswer.await();
            then.play(wire);
        };
    }

    /** An order that the upstream is at work on. */
    private CompletableFuture<HttpResponse<byte[]>> order() throws InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> ordered =
                relay.sendLater(relay.request("/v1/images/generations", ORDER));
        asked.await();
        return ordered;
    }

    private void assertDelivered(CompletableFuture<HttpResponse<byte[]>> ordered) throws Exception {
        mayAnswer.countDown();
        assertEquals(200, ordered.get().statusCode());
        assertEquals(PICTURE, new String(ordered.get().body(), UTF_8));
    }

    @Test
    void aKeyThatIsRevokedOrdersNothingMoreAndItsOrderIsDelivered() throws Exception {
        CompletableFuture<HttpResponse<byte[]>> ordered = order();

        assertTrue(administration.revokeKey(ApiKeySecret.read(relay.key()).orElseThrow().prefix()));

        assertEquals(401, relay.generate(ORDER).statusCode());
        assertDelivered(ordered);
        assertEquals(List.of("granted 10", "held 1", "settled 1"), relay.moves());
    }

    @Test
    void onlyWhatIsNotHeldCanBeTakenAway() throws Exception {
        CompletableFuture<HttpResponse<byte[]>> ordered = order();

        assertInstanceOf(
                Posting.Insufficient.class, administration.adjustDown(relay.account(), Credits.of("10"), NOTE));
        assertInstanceOf(Posting.Posted.class, administration.adjustDown(relay.account(), Credits.of("9"), NOTE));

        assertDelivered(ordered);
        assertEquals(RunningRelay.credits("0"), relay.balance());
        assertEquals(List.of("granted 10", "held 1", "adjusted_down 9", "settled 1"), relay.moves());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatExpiresMeanwhilePaysForThePictureAndIsWrittenOffIfThereIsNone(boolean made) throws Exception {
        relay.nextCustomer("0");
        Instant expiry = Instant.now().plusSeconds(2);
        administration.grant(relay.account(), new GrantOrder(
                Credits.of("1"), GrantSource.PROMOTIONAL, 0, Optional.of(expiry), Optional.empty()));
        answerWhenTold(made ? json(200, PICTURE) : json(500, "{}"));
        CompletableFuture<HttpResponse<byte[]>> ordered = order();
        while (Instant.now().isBefore(expiry)) {
            Thread.sleep(10);
        }
        mayAnswer.countDown();

        assertEquals(made ? 200 : 502, ordered.get().statusCode());
        assertEquals(RunningRelay.credits("0"), relay.balance());
        assertEquals(
                made ? List.of("granted 1", "held 1", "settled 1")
                        : List.of("granted 1", "held 1", "released 1", "expired 1"),
                relay.moves());
    }

    @Test
    void whoseHoldWasGivenBackByAnotherGatewayGetsNoPictures() throws Exception {
        int before = upstream.requests().size();
        CompletableFuture<HttpResponse<byte[]>> ordered = order();
        RelayId id = new RelayId(upstream.requests().get(before).header("X-Client-Request-Id").orElseThrow());
        relay.wiring().database().ledger().post(Intent.release(relay.account(), id, "gateway_died"));
        mayAnswer.countDown();

        UpstreamTrouble.TOO_LATE.isToldBy(ordered.get(), "10");

        assertEquals(List.of("granted 10", "held 1", "released 1"), relay.moves());
        assertEquals(Optional.of("gateway_died"), relay.booked(ordered.get()).reason());
        assertEquals(404, relay.send(relay.from("/api/ai/images/results/" + id)).statusCode());
    }

    @Test
    void aThousandWhoNeverFinishTheirHeadersKeepNobodyOut() throws Exception {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 1_000; i++) {
                Socket socket = new Socket("127.0.0.1", relay.port());
                slow.add(socket);
                socket.getOutputStream().write("POST /v1/images/generations HTTP/1.1\r\nHost:".getBytes(ISO_8859_1));
            }
            assertDelivered(order());
            assertEquals(List.of("granted 10", "held 1", "settled 1"), relay.moves());
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }
}
