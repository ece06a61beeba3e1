package dev.imagerelay.adapters.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.application.port.out.StoreUnavailable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Readers let the writer be alone when it must, and neither waits for the other for ever. */
class ReaderTest {

    private final Reader reader = new Reader(new MemoryEngine());

    @AfterEach
    void close() {
        reader.close();
    }

    @Test
    void whoReadsForLongIsLeftInPeaceAndKeepsNobodyElseFromReading() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        CompletableFuture<Integer> patient = CompletableFuture.supplyAsync(() -> reader.readPatiently(handle -> {
            begun.countDown();
            await(end);
            return one(handle);
        }));
        begun.await();

        assertFalse(reader.tryAlone(() -> {
            throw new AssertionError("somebody reads");
        }));
        assertEquals(1, reader.read(ReaderTest::one));

        end.countDown();
        assertEquals(1, patient.get());
        assertTrue(reader.tryAlone(() -> {}));
    }

    @Test
    void whoWantsToReadWhileTheWriterIsAloneWaits() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CompletableFuture<Integer> reading = new CompletableFuture<>();

        assertTrue(reader.tryAlone(() -> {
            new Thread(() -> {
                        asked.countDown();
                        reading.complete(reader.read(ReaderTest::one));
                    })
                    .start();
            await(asked);
            assertFalse(reading.isDone());
        }));

        assertEquals(1, reading.get());
    }

    @Test
    void whenWhatTheWriterDidAloneWentWrongNobodyReads() {
        assertThrows(IllegalStateException.class, () -> reader.tryAlone(() -> {
            throw new IllegalStateException("it cannot be opened again");
        }));

        assertThrows(StoreUnavailable.class, () -> reader.read(ReaderTest::one));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Integer one(Handle handle) {
        return handle.createQuery("SELECT 1").mapTo(Integer.class).one();
    }
}
