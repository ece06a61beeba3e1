package dev.imagerelay.adapters.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.domain.account.AccountId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An H2 file, in which nothing is written over, is compacted when it has grown: at a stop, and beside its users. */
class CompactionTest {

    private static final long MEBIBYTE = 1 << 20;
    private static final long WORTH_A_PAUSE = 5 * MEBIBYTE;

    private final H2Directory store = new H2Directory();
    private final Path file = store.file();

    @AfterEach
    void remove() {
        store.close();
    }

    @Test
    void aFileThatIsWrittenAndReadAllTheTimeStaysSmallAndNobodyIsRefused() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        int shrunk = 0;
        try (Database database = open();
                Traffic traffic = Traffic.on(database)) {
            CompletableFuture<Void> reads = CompletableFuture.runAsync(() -> {
                while (!over.get()) {
                    database.ledger().balance(new AccountId("customer-0"));
                }
            });
            for (long last = 0, length; shrunk < 2; last = length) {
                traffic.awaitSettled(20);
                length = Files.size(file);
                shrunk += length < last ? 1 : 0;
                assertTrue(length < 4 * WORTH_A_PAUSE, length + " bytes");
                assertFalse(reads.isDone(), "the reader reads");
            }
            over.set(true);
            reads.get();
            traffic.verify();
            assertTrue(traffic.toString().contains(" 0 refused, 0 holds unknown"), traffic.toString());
            assertEquals(List.of(), database.books().offenders());
        }
    }

    @Test
    void afterACleanStopItIsCompact() throws Exception {
        try (Database database = store.open();
                Traffic traffic = Traffic.on(database)) {
            while (Files.size(file) < 6 * MEBIBYTE) {
                traffic.awaitSettled(20);
            }
            traffic.verify();
        }

        assertTrue(Files.size(file) < 2 * MEBIBYTE, Files.size(file) + " bytes");
    }

    @Test
    void whatAKilledProcessLeftOfACompactFileIsRemoved() throws Exception {
        store.open().close();
        Path half = file.resolveSibling(file.getFileName() + ".tempFile");
        Files.write(half, new byte[5_000]);

        store.open().close();

        assertFalse(Files.exists(half));
    }

    private Database open() {
        return Database.open(
                H2File.of(store.url(), store.processTime(), WORTH_A_PAUSE), Duration.ofSeconds(60));
    }
}
