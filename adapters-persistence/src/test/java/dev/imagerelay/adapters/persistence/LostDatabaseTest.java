package dev.imagerelay.adapters.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.application.Records;
import dev.imagerelay.application.port.out.StoreUnavailable;
import dev.imagerelay.domain.account.Account;
import dev.imagerelay.domain.account.AccountId;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A PostgreSQL that is killed, hangs up or hangs takes nothing with it that it has confirmed, keeps nobody waiting, and
 * is used again once it is back. The server is durable and this class's own.
 */
class LostDatabaseTest {

    private static PostgresServer server;

    private final AccountId ann = new AccountId("ann");
    private Wire wire;
    private String url;
    private Database database;

    @BeforeAll
    static void startServer() {
        server = PostgresServer.start();
    }

    @AfterAll
    static void stopServer() throws Exception {
        server.close();
    }

    @BeforeEach
    void open() throws Exception {
        wire = new Wire(server.port());
        url = server.newDatabase();
        database = Database.open(
                url.replace(":" + server.port() + "/", ":" + wire.port() + "/"), Clock.systemUTC());
    }

    @AfterEach
    void booksBalance() throws Exception {
        assertEquals(List.of(), database.books().offenders());
        database.close();
        wire.close();
    }

    @Test
    void aServerThatIsKilledAmidTrafficLosesNothing() throws Exception {
        try (Traffic traffic = Traffic.on(database)) {
            for (int i = 0; i < 2; i++) {
                traffic.awaitSettled(200);
                server.kill();
                awaitWritable(false);
                server.startAgain();
            }
            traffic.awaitSettled(200);
            traffic.verify();
        }
    }

    @Test
    void connectionsThatAreCutAmidTrafficLoseNothing() throws Exception {
        try (Traffic traffic = Traffic.on(database)) {
            for (int i = 0; i < 10; i++) {
                traffic.awaitSettled(50);
                PostgresServer.execute(url, """
                        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                        WHERE datname = current_database() AND pid <> pg_backend_pid()
                        """);
            }
            traffic.awaitSettled(200);
            traffic.verify();
        }
    }

    @Test
    void aServerThatFallsSilentAmidTrafficHoldsNobodyUp() throws Exception {
        try (Traffic traffic = Traffic.on(database)) {
            traffic.awaitSettled(200);
            wire.interrupt();
            awaitWritable(false);
            wire.repair();
            traffic.awaitSettled(200);
            traffic.verify();
        }
    }

    @Test
    void aServerThatIsSilentIsUnavailableToReadersToo() throws Exception {
        database.accounts().add(new Account(ann, "Ann"), Records.ANY);
        wire.interrupt();

        StoreUnavailable refusal = assertTimeout(
                Duration.ofSeconds(11), () -> assertThrows(StoreUnavailable.class, database.accounts()::none));
        assertTrue(refusal.nothingChanged());
        awaitWritable(false);
        wire.repair();

        assertFalse(untilRead(database.accounts()::none));
    }

    @Test
    void aDatabaseThatComesBackIsReadAgain() throws Exception {
        database.accounts().add(new Account(ann, "Ann"), Records.ANY);
        server.kill();
        awaitWritable(false);
        assertThrows(StoreUnavailable.class, () -> database.ledger().balance(ann));

        server.startAgain();

        assertTrue(untilRead(() -> database.accounts().find(ann)).isPresent());
    }

    /** The pool of the readers takes a while to see that connections can be had again. */
    private static <T> T untilRead(Supplier<T> reading) {
        while (true) {
            try {
                return reading.get();
            } catch (StoreUnavailable e) {
                assertTrue(e.nothingChanged());
            }
        }
    }

    private void awaitWritable(boolean writable) throws InterruptedException {
        while (database.isWritable() != writable) {
            Thread.sleep(1);
        }
    }
}
