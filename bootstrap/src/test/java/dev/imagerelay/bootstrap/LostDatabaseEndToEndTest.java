package dev.imagerelay.bootstrap;

import static dev.imagerelay.adapters.upstream.MisbehavingUpstream.json;
import static dev.imagerelay.bootstrap.Exchanges.PICTURE;
import static dev.imagerelay.bootstrap.StreamedExchanges.COMPLETED;
import static dev.imagerelay.bootstrap.StreamedExchanges.partial;
import static dev.imagerelay.bootstrap.StreamedExchanges.stream;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.imagerelay.adapters.persistence.PostgresServer;
import dev.imagerelay.adapters.persistence.Wire;
import dev.imagerelay.adapters.upstream.MisbehavingUpstream;
import dev.imagerelay.adapters.upstream.MisbehavingUpstream.Script;
import dev.imagerelay.application.port.in.Sweep;
import dev.imagerelay.application.port.out.CreditLedger;
import dev.imagerelay.application.port.out.InMemoryUnsettled;
import dev.imagerelay.application.port.out.Results;
import dev.imagerelay.application.port.out.StoreUnavailable;
import dev.imagerelay.application.service.ImageRelay;
import dev.imagerelay.domain.ledger.Ending;
import dev.imagerelay.domain.relay.Relay;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.RelayState;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A PostgreSQL that goes away while customers order, at any step of an order: who has pictures has paid for them once,
 * who has none has paid nothing, and nothing stays held. The server is durable and this class's own.
 */
@Timeout(120)
class LostDatabaseEndToEndTest {

    private static PostgresServer server;

    private final CountDownLatch asked = new CountDownLatch(3);
    private final CountDownLatch mayAnswer = new CountDownLatch(1);
    private volatile Script answer = json(200, PICTURE);
    private MisbehavingUpstream upstream;
    private String url;
    private Wire wire;
    private Wire otherWire;
    private RunningRelay relay;

    @BeforeAll
    static void startServer() {
        server = PostgresServer.start();
    }

    @AfterAll
    static void stopServer() throws IOException {
        server.close();
    }

    /** The gateway reaches the database by one of two wires. */
    @BeforeEach
    void start() throws IOException {
        upstream = MisbehavingUpstream.answering(wire -> answer.play(wire));
        url = server.newDatabase();
        wire = new Wire(server.port());
        otherWire = new Wire(server.port());
        String before = ":" + server.port() + "/";
        String wires = ":" + wire.port() + ",localhost:" + otherWire.port() + "/";
        assertTrue(url.contains("localhost" + before), url);
        relay = RunningRelay.patientlyOn(upstream, "10", url.replace(before, wires));
    }

    @AfterEach
    void stop() throws IOException {
        relay.close();
        wire.close();
        otherWire.close();
        server.drop(url);
        upstream.close();
    }

    private CompletableFuture<HttpResponse<byte[]>> orderLater(String order) {
        return relay.sendLater(relay.request("/v1/images/generations", order));
    }

    private static void assertTellsToTryAgain(HttpResponse<byte[]> response) throws IOException {
        JsonNode error = Exchanges.error(response);
        assertEquals(503, response.statusCode());
        assertEquals("server_error", error.get("type").textValue());
        assertEquals("ledger_unavailable", error.get("code").textValue());
        assertEquals(
                "The credit ledger cannot be reached at the moment. Nothing was charged. Try again in a few seconds.",
                error.get("message").textValue());
        assertEquals(Optional.of("5"), response.headers().firstValue("Retry-After"));
        assertNotEquals(Optional.of("false"), response.headers().firstValue("x-should-retry"));
    }

    private void assertPaid() {
        assertEquals(RunningRelay.credits("9"), relay.balance());
        assertEquals(List.of("granted 10", "held 1", "settled 1"), relay.moves());
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** From now on this is done whenever a relay is written. */
    private void whenever(String event, String done) throws SQLException {
        execute("""
                CREATE FUNCTION trouble() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN %s RETURN NEW; END $$;
                CREATE CONSTRAINT TRIGGER trouble AFTER %s ON relay DEFERRABLE INITIALLY %s
                    FOR EACH ROW EXECUTE FUNCTION trouble();
                """.formatted(done, event, done.startsWith("PERFORM") ? "DEFERRED" : "IMMEDIATE"));
    }

    @Test
    void c6_whoOrderedBeforeTheDatabaseWentAwayGetsWhatWasMadeAndPaysOnceItIsBack() throws Exception {
        String refusal = "{\"error\":{\"message\":\"no\",\"type\":\"image_generation_user_error\",\"param\":null,"
                + "\"code\":\"moderation_blocked\"}}";
        Script plain = json(200, PICTURE);
        Script streamed = stream(partial(0), COMPLETED);
        answer = wire -> {
            String body = new String(wire.request().body(), UTF_8);
            asked.countDown();
            mayAnswer.await();
            (body.contains("refuse") ? json(400, refusal) : body.contains("stream") ? streamed : plain).play(wire);
        };
        List<CompletableFuture<HttpResponse<byte[]>>> orders = List.of(
                orderLater(Exchanges.ORDER), orderLater(StreamedExchanges.ORDER),
                orderLater(Exchanges.ORDER.replace("\"x\"", "\"refuse\"")));
        asked.await();
        server.kill();
        relay.awaitReady(false);
        mayAnswer.countDown();

        HttpResponse<byte[]> paid = orders.get(0).get();
        assertEquals(200, paid.statusCode());
        assertEquals(PICTURE, new String(paid.body(), UTF_8));
        assertEquals(List.of("1", "missing", "1"), RunningRelay.receipt(paid));
        assertEquals(partial(0) + COMPLETED, new String(orders.get(1).get().body(), UTF_8));
        assertEquals(400, orders.get(2).get().statusCode());
        assertEquals(refusal, new String(orders.get(2).get().body(), UTF_8));
        assertTrue(relay.hasUnsettled());
        // c1: nobody else is let in, as not even a key can be looked up
        assertTellsToTryAgain(relay.generate(Exchanges.ORDER));
        assertFalse(relay.isReady());
        assertEquals(3, upstream.requests().size());

        server.startAgain();
        relay.awaitReady(true);

        assertFalse(relay.hasUnsettled());
        assertEquals(RelayState.SETTLED, relay.booked(paid).state());
        assertEquals(RelayState.SETTLED, relay.booked(orders.get(1).get()).state());
        assertEquals(Optional.of("refused_upstream"), relay.booked(orders.get(2).get()).reason());
        assertEquals(RunningRelay.credits("8"), relay.balance());
        assertEquals(2, Collections.frequency(relay.moves(), "settled 1"));
        assertEquals(1, Collections.frequency(relay.moves(), "released 1"));
        assertEquals(200, relay.generate(Exchanges.ORDER).statusCode());
    }

    @Test
    void c2_aDatabaseThatTakesNoHoldKeepsTheOrderFromTheUpstream() throws Exception {
        whenever("INSERT", "RAISE 'the disk is full' USING ERRCODE = '53100';");

        assertTellsToTryAgain(relay.generate(Exchanges.ORDER));

        assertEquals(0, upstream.requests().size());
        assertEquals(List.of("granted 10"), relay.moves());
        execute("DROP TRIGGER trouble ON relay");
        assertEquals(200, relay.generate(Exchanges.ORDER).statusCode());
        assertPaid();
    }

    @Test
    void c2_anSdkIsToldToTryAgain() throws Exception {
        whenever("INSERT", "RAISE 'the disk is full' USING ERRCODE = '53100';");

        HttpResponse<byte[]> response = relay.generate(Exchanges.ORDER);

        assertEquals(Optional.of("true"), response.headers().firstValue("x-should-retry"));
    }

    @ParameterizedTest
    @CsvSource({"INSERT, 40001", "INSERT, 40P01", "UPDATE, 40001", "UPDATE, 40P01"})
    void c8_aConflictIsSeenByNobody(String event, String state) throws Exception {
        execute("CREATE SEQUENCE conflicts");
        whenever(event, "IF nextval('conflicts') < 5 THEN RAISE 'again' USING ERRCODE = '" + state + "'; END IF;");

        HttpResponse<byte[]> response = relay.generate(Exchanges.ORDER);

        assertEquals(200, response.statusCode());
        assertEquals(List.of("1", "9", "1"), RunningRelay.receipt(response));
        assertEquals(1, upstream.requests().size());
        assertPaid();
    }

    /** What becomes of a commit whose connection is lost before it is confirmed. */
    private enum End {
        COMMITTED,
        ROLLED_BACK
    }

    /** Keeps commits from ending, and ends those that have begun as it is told. */
    private final class Commits implements AutoCloseable {

        private static final String WAITING =
                "FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";

        private final Connection connection = DriverManager.getConnection(url);
        private final Statement statement = connection.createStatement();

        Commits(String event) throws SQLException {
            whenever(event, "PERFORM pg_advisory_xact_lock(1);");
            statement.execute("SELECT pg_advisory_lock(1)");
        }

        void awaitOne() throws SQLException {
            while (number("SELECT COUNT(*) " + WAITING) == 0) {
                Thread.onSpinWait();
            }
        }

        private int number(String query) throws SQLException {
            try (ResultSet row = statement.executeQuery(query)) {
                row.next();
                return row.getInt(1);
            }
        }

        void end(End end) throws SQLException {
            if (end == End.ROLLED_BACK) {
                statement.execute("SELECT pg_terminate_backend(pid) " + WAITING);
            }
            statement.execute("SELECT pg_advisory_unlock(1)");
            while (number("SELECT COUNT(*) FROM pg_stat_activity WHERE state = 'active' AND query = 'COMMIT'") > 0) {
                Thread.onSpinWait();
            }
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void c3_aHoldOfWhichNobodyKnowsIsGivenBack(End end) throws Exception {
        try (Commits commits = new Commits("INSERT")) {
            CompletableFuture<HttpResponse<byte[]>> ordered = orderLater(Exchanges.ORDER);
            commits.awaitOne();
            wire.close();
            commits.end(end);

            assertTellsToTryAgain(ordered.get());
            relay.awaitReady(true);

            assertEquals(0, upstream.requests().size());
            assertEquals(
                    end == End.COMMITTED ? List.of("granted 10", "held 1", "released 1") : List.of("granted 10"),
                    relay.moves());
            assertEquals(RunningRelay.credits("10"), relay.balance());
        }
    }

    @Test
    void c3_aHoldIsGivenBackThoughItsCommitTookLongerThanAnybodyWaited() throws Exception {
        try (Commits commits = new Commits("INSERT")) {
            CompletableFuture<HttpResponse<byte[]>> ordered = orderLater(Exchanges.ORDER);
            commits.awaitOne();
            wire.close();
            RelayId id = new RelayId(ordered.get().headers().firstValue("x-request-id").orElseThrow());
            awaitTheOtherWire();
            CreditLedger ledger = relay.wiring().database().ledger();
            InMemoryUnsettled unsettled = new InMemoryUnsettled();
            unsettled.keep(Ending.release(relay.account(), id, "hold_unknown"));
            Sweep sweep = ImageRelay.sweep(ledger, unsettled, Results.NONE);

            CompletableFuture<Void> sweeping = CompletableFuture.runAsync(sweep::sweep);
            sweeping.copy().completeOnTimeout(null, 500, TimeUnit.MILLISECONDS).join(); // it may wait for the commit
            commits.end(End.COMMITTED);
            sweeping.join();

            assertNotEquals(Optional.of(RelayState.HELD), ledger.relay(id).map(Relay::state));
            relay.awaitReady(true);
        }
    }

    private void awaitTheOtherWire() {
        while (true) {
            try {
                relay.wiring().database().leases().renew();
                relay.balance();
                return;
            } catch (StoreUnavailable e) {
                Thread.onSpinWait();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void c7_aSettleOfWhichNobodyKnowsIsSettledOnce(End end) throws Exception {
        try (Commits commits = new Commits("UPDATE")) {
            CompletableFuture<HttpResponse<byte[]>> ordered = orderLater(Exchanges.ORDER);
            commits.awaitOne();
            wire.close();
            commits.end(end);

            assertEquals(200, ordered.get().statusCode());
            assertEquals(PICTURE, new String(ordered.get().body(), UTF_8));
            relay.awaitReady(true);

            assertEquals(1, upstream.requests().size());
            assertPaid();
        }
    }

    @Test
    void whoeverOrdersWhileTheLineIsCutAgainAndAgainPaysForWhatCame() throws Exception {
        relay.nextCustomer("100000");
        Semaphore refused = new Semaphore(0);
        Semaphore delivered = new Semaphore(0);
        Set<String> paid = ConcurrentHashMap.newKeySet();
        CountDownLatch enough = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(16);
        List<Future<?>> customers = new ArrayList<>();
        for (int customer = 0; customer < 16; customer++) {
            String name = "customer-" + customer;
            customers.add(threads.submit(() -> {
                for (int number = 0; enough.getCount() > 0; number++) {
                    HttpResponse<byte[]> response = untilDelivered(name + "-" + number, refused);
                    assertTrue(paid.add(response.headers().firstValue("x-request-id").orElseThrow()));
                    delivered.release();
                }
                return null;
            }));
        }
        delivered.acquire(100);
        for (int cut = 0; cut < 10; cut++) {
            execute("""
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = current_database() AND pid <> pg_backend_pid()
                    """);
            wire.interrupt();
            refused.drainPermits();
            refused.acquire(3);
            wire.repair();
            delivered.drainPermits();
            delivered.tryAcquire(100, 1, TimeUnit.SECONDS); // it may be waiting for the sweep
        }
        enough.countDown();
        for (Future<?> customer : customers) {
            customer.get();
        }
        threads.shutdown();
        relay.awaitReady(true);

        assertEquals(paid.size(), upstream.requests().size());
        assertEquals(List.of(), relay.wiring().database().ledger().held(10));
        for (String id : paid) {
            assertEquals(
                    Optional.of(RelayState.SETTLED),
                    relay.wiring().database().ledger().relay(new RelayId(id)).map(Relay::state));
        }
        assertEquals(RunningRelay.credits(String.valueOf(100_000 - paid.size())), relay.balance());
    }

    /** Half of all orders have a key. */
    private HttpResponse<byte[]> untilDelivered(String key, Semaphore refused) throws Exception {
        while (true) {
            HttpResponse<byte[]> response = relay.send(relay.request("/v1/images/generations", Exchanges.ORDER)
                    .header(key.hashCode() % 2 == 0 ? "Idempotency-Key" : "X-Nothing", key));
            if (response.statusCode() == 200) {
                return response;
            }
            assertEquals(503, response.statusCode(), new String(response.body(), UTF_8));
            refused.release();
        }
    }
}
