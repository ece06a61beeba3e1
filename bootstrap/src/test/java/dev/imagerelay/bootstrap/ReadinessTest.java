package dev.imagerelay.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.imagerelay.adapters.persistence.Database;
import dev.imagerelay.application.port.out.InMemoryUnsettled;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.ledger.Ending;
import dev.imagerelay.domain.relay.RelayId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway says in words why it cannot serve, all of it, and nothing of where its database is. */
class ReadinessTest {

    @TempDir
    Path directory;

    @Test
    void everyReasonIsToldUntilItIsGone() throws Exception {
        Path spool = directory.resolve("spool");
        InMemoryUnsettled unsettled = new InMemoryUnsettled();
        Database database = Database.open(ServerProcess.databaseUrl(directory), Clock.systemUTC());
        Readiness readiness = new Readiness(database, unsettled, spool);
        unsettled.keep(Ending.release(new AccountId("ann"), RelayId.of(new UUID(1, 2)), "timed_out"));
        assertEquals(
                List.of(
                        "the gateway is starting or stopping", "1 relays that have ended wait for the books",
                        "the spool directory cannot be written to"),
                readiness.reasons());

        readiness.serving(true);
        unsettled.remove(unsettled.endings());
        Files.createDirectory(spool);
        assertEquals(List.of(), readiness.reasons());

        database.close();
        assertFalse(readiness.isReady());
        assertEquals(List.of("the database is away"), readiness.reasons());
    }
}
