package dev.imagerelay.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.adapters.persistence.Database;
import dev.imagerelay.adapters.upstream.MisbehavingUpstream;
import dev.imagerelay.domain.relay.Relay;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.RelayState;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that is killed in the middle of its work loses nothing, and holds nothing once it is back. */
class KilledServerTest {

    private static final String ORDER = "{\"model\":\"gpt-image-2\",\"prompt\":\"x\",\"size\":\"1024x1024\"}";
    private static final String PICTURE = "{\"created\":1,\"data\":[{\"b64_json\":\"QQ==\"}]}";

    @TempDir
    Path directory;

    @Test
    void killedAmongTwentyRelaysItKeepsWhatItConfirmedAndGivesBackTheRest() throws Exception {
        CountDownLatch twentyAsked = new CountDownLatch(20);
        Semaphore mayAnswer = new Semaphore(7);
        List<String> confirmed = new ArrayList<>();
        try (MisbehavingUpstream upstream = MisbehavingUpstream.answering(wire -> {
                    twentyAsked.countDown();
                    mayAnswer.acquire();
                    MisbehavingUpstream.json(200, PICTURE).play(wire);
                });
                ServerProcess server = ServerProcess.start(directory, upstream.baseUrl())) {
            CountDownLatch sevenAnswered = new CountDownLatch(7);
            List<CompletableFuture<Void>> customers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                customers.add(server.generate(ORDER).handle((response, cutOff) -> {
                    if (cutOff == null) {
                        confirm(response, confirmed);
                        sevenAnswered.countDown();
                    }
                    return null;
                }));
            }
            twentyAsked.await();
            sevenAnswered.await();

            server.kill();

            customers.forEach(CompletableFuture::join);
        }
        assertEquals(7, confirmed.size());

        try (MisbehavingUpstream upstream = MisbehavingUpstream.answering(MisbehavingUpstream.json(200, PICTURE));
                ServerProcess server = ServerProcess.start(directory, upstream.baseUrl())) {
            HttpResponse<byte[]> response = server.generate(ORDER).get();

            assertEquals(200, response.statusCode());
            assertEquals("992", response.headers().firstValue("x-credits-remaining").orElseThrow());
            confirm(response, confirmed);
            server.askToStop();
            server.exitCode();
        }

        try (Database database = Database.open(ServerProcess.databaseUrl(directory), Clock.systemUTC())) {
            assertEquals(List.of(), database.books().offenders());
            assertEquals(List.of(), database.ledger().held(100));
            for (String id : confirmed) {
                Relay relay = database.ledger().relay(new RelayId(id)).orElseThrow();
                assertEquals(RelayState.SETTLED, relay.state(), id + " was confirmed to its customer");
            }
        }
    }

    @Test
    void toldToStopItFinishesWhatIsInFlight() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch mayAnswer = new CountDownLatch(1);
        try (MisbehavingUpstream upstream = MisbehavingUpstream.answering(wire -> {
                    asked.countDown();
                    mayAnswer.await();
                    MisbehavingUpstream.json(200, PICTURE).play(wire);
                });
                ServerProcess server = ServerProcess.start(directory, upstream.baseUrl())) {
            CompletableFuture<HttpResponse<byte[]>> inFlight = server.generate(ORDER);
            asked.await();

            server.askToStop();
            server.awaitRefusal();
            mayAnswer.countDown();

            assertEquals(200, inFlight.get().statusCode());
            assertEquals(143, server.exitCode(), "ended by SIGTERM, in good order");
        }
    }

    private static void confirm(HttpResponse<byte[]> response, List<String> confirmed) {
        assertEquals(200, response.statusCode());
        synchronized (confirmed) {
            assertTrue(confirmed.add(response.headers().firstValue("x-request-id").orElseThrow()));
        }
    }
}
