package dev.imagerelay.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.adapters.persistence.Database;
import dev.imagerelay.adapters.upstream.MisbehavingUpstream;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.relay.Relay;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.RelayState;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that is killed in the middle of its work loses nothing, and holds nothing once it is back. */
@Timeout(120)
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
            assertTidy(database);
            assertSettled(database, confirmed);
        }
    }

    @Test
    void toldToStopAmongSixteenCustomersItFinishesWhatItAcceptedAndAcceptsNoMore() throws Exception {
        CountDownLatch busy = new CountDownLatch(100);
        CountDownLatch mayAnswer = new CountDownLatch(1);
        Set<String> made = ConcurrentHashMap.newKeySet();
        Set<String> refused = ConcurrentHashMap.newKeySet();
        List<String> confirmed = new ArrayList<>();
        try (MisbehavingUpstream upstream = MisbehavingUpstream.answering(wire -> {
                    made.add(wire.request().header("X-Client-Request-Id").orElseThrow());
                    busy.countDown();
                    if (busy.getCount() == 0) {
                        mayAnswer.await();
                    }
                    MisbehavingUpstream.json(200, PICTURE).play(wire);
                });
                ServerProcess server = ServerProcess.start(
                        directory, upstream.baseUrl(), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")) {
            HttpClient balancer = HttpClient.newHttpClient();
            assertTrue(server.isReady(balancer));
            List<CompletableFuture<Void>> customers = Stream.generate(() -> orders(server, confirmed, refused))
                    .limit(16)
                    .toList();
            busy.await();

            server.askToStop();
            server.awaitRefusal();
            assertFalse(server.isReady(balancer), "on a connection that was open before");
            mayAnswer.countDown();

            customers.forEach(CompletableFuture::join);
            assertEquals(143, server.exitCode(), "ended by SIGTERM, in good order");
        }

        assertEquals(made, Set.copyOf(confirmed));
        try (Database database = Database.open(ServerProcess.databaseUrl(directory), Clock.systemUTC())) {
            assertTidy(database);
            assertSettled(database, confirmed);
            for (String id : refused) {
                assertEquals(Optional.empty(), database.ledger().relay(new RelayId(id)), id + " was refused");
            }
            AccountId customer = database.accounts().list(Optional.empty(), Optional.empty(), 1).get(0).id();
            assertEquals(RunningRelay.credits(String.valueOf(1_000 - made.size())),
                    database.ledger().balance(customer));
        }
    }

    /** One after the other, until one gets 503 or no connection. */
    private static CompletableFuture<Void> orders(
            ServerProcess server, List<String> confirmed, Set<String> refused) {
        return server.generate(ORDER)
                .handle((response, broken) -> {
                    if (broken != null) {
                        assertInstanceOf(IOException.class, broken.getCause());
                    } else if (response.statusCode() == 503) {
                        refused.add(response.headers().firstValue("x-request-id").orElseThrow());
                    } else {
                        confirm(response, confirmed);
                        return true;
                    }
                    return false;
                })
                .thenCompose(goesOn -> goesOn
                        ? orders(server, confirmed, refused)
                        : CompletableFuture.completedFuture(null));
    }

    private static void assertTidy(Database database) {
        assertEquals(List.of(), database.books().offenders());
        assertEquals(List.of(), database.ledger().held(100));
    }

    private static void assertSettled(Database database, List<String> confirmed) {
        for (String id : confirmed) {
            Relay relay = database.ledger().relay(new RelayId(id)).orElseThrow();
            assertEquals(RelayState.SETTLED, relay.state(), id + " was confirmed to its customer");
        }
    }

    private static void confirm(HttpResponse<byte[]> response, List<String> confirmed) {
        assertEquals(200, response.statusCode());
        synchronized (confirmed) {
            assertTrue(confirmed.add(response.headers().firstValue("x-request-id").orElseThrow()));
        }
    }
}
