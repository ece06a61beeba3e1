package dev.imagerelay.adapters.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.application.port.out.StoreUnavailable;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.transaction.TransactionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The writer shares commits among those who wait, and answers everybody, whatever happens. */
class WriterTest {

    private final MemoryEngine engine = new MemoryEngine();
    private Reader reader;
    private Writer writer;

    @BeforeEach
    void open() {
        Handle handle = engine.open();
        handle.execute("CREATE TABLE line (text VARCHAR(20) PRIMARY KEY)");
        reader = new Reader(engine);
        writer = new Writer(engine, new Lease(engine, Duration.ofSeconds(60), 1, Engine.NEVER), reader, handle);
    }

    @AfterEach
    void close() {
        writer.close();
        reader.close();
    }

    @Test
    void everythingThatGatheredWhileTheWriterWasBusyIsOneCommit() throws Exception {
        List<CompletableFuture<?>> waiting = gatherBehindABusyWriter(100, i -> insert("line " + i));

        CompletableFuture.allOf(waiting.toArray(CompletableFuture[]::new)).get();

        assertEquals(2, engine.syncs.get(), "one for the change that kept the writer busy, one for all the others");
        assertEquals(100, count());
    }

    @Test
    void aChangeThatFailsFailsAlone() throws Exception {
        List<CompletableFuture<?>> waiting =
                gatherBehindABusyWriter(10, i -> i == 5 ? insert("line 0") : insert("line " + i));

        for (int i = 0; i < 10; i++) {
            CompletableFuture<?> change = waiting.get(i);
            if (i == 5) {
                assertThrows(ExecutionException.class, change::get);
            } else {
                change.get();
            }
        }
        assertEquals(9, count());
    }

    @Test
    void nobodyWaitsForeverWhenTheDiskBreaksAndNothingIsAcceptedAfterwards() {
        engine.brokenDisk = new IllegalStateException("no space left");

        StoreUnavailable during = assertThrows(StoreUnavailable.class, () -> writer.write(insert("line")));
        StoreUnavailable after = assertThrows(StoreUnavailable.class, () -> writer.write(insert("line")));

        assertFalse(during.nothingChanged(), "whether the commit reached the disk is unknown");
        assertTrue(after.nothingChanged());
        assertFalse(writer.isAccepting());
    }

    @Test
    void whatWaitsIsWrittenBeforeTheWriterStops() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<?> busy = busy(release);
        CompletableFuture<?> last = CompletableFuture.runAsync(() -> writer.write(insert("last")));
        awaitQueued(1);
        CompletableFuture<Void> closing = CompletableFuture.runAsync(writer::close);

        release.countDown();

        busy.get();
        last.get();
        closing.get();
        assertThrows(StoreUnavailable.class, () -> writer.write(insert("too late")));
    }

    @Test
    void aConflictIsRepeatedUntilItGoesWell() {
        AtomicInteger tries = new AtomicInteger();

        int lines = writer.write(handle -> {
            int count = insert("line " + tries).apply(handle);
            if (tries.incrementAndGet() < 5) {
                throw conflict();
            }
            return count;
        });

        assertEquals(1, lines);
        assertEquals(5, tries.get());
        assertEquals(1, count());
    }

    @Test
    void aConflictThatDoesNotEndIsGivenUp() {
        AtomicInteger tries = new AtomicInteger();

        StoreUnavailable refusal = assertThrows(StoreUnavailable.class, () -> writer.write(handle -> {
            tries.incrementAndGet();
            throw conflict();
        }));

        assertTrue(refusal.nothingChanged());
        assertEquals(5, tries.get());
        assertTrue(writer.isAccepting());
    }

    @Test
    void aConnectionThatIsLostBeforeTheCommitIsReplacedAndEverythingIsRefusedMeanwhile() throws Exception {
        engine.reachableAgain = true;
        engine.away = true;
        List<CompletableFuture<?>> waiting =
                gatherBehindABusyWriter(3, i -> i == 1 ? WriterTest::hangUp : insert("line " + i));

        for (CompletableFuture<?> change : waiting) {
            StoreUnavailable lost = refusalOf(change);
            assertTrue(lost.nothingChanged());
        }
        assertFalse(writer.isAccepting());
        assertTrue(assertThrows(StoreUnavailable.class, () -> writer.write(insert("early"))).nothingChanged());

        engine.away = false;
        awaitAccepting(true);
        writer.write(insert("late"));
        assertEquals(1, count());
    }

    @Test
    void aCommitWhoseEndIsUnknownIsSaidToBeSoAndTheWriterGoesOn() throws Exception {
        engine.reachableAgain = true;
        engine.brokenDisk = new IllegalStateException("no answer");
        StoreUnavailable unknown = assertThrows(StoreUnavailable.class, () -> writer.write(insert("line")));
        engine.brokenDisk = null;

        assertFalse(unknown.nothingChanged());
        awaitAccepting(true);
        assertEquals(1, count(), "this time it had been committed");
    }

    @Test
    void aDatabaseThatGoesAwayIsNoticedThoughNobodyWrites() throws Exception {
        engine.reachableAgain = true;
        engine.away = true;
        try (Handle other = Jdbi.create(engine.connections()).open()) {
            other.execute("SHUTDOWN IMMEDIATELY");
        } catch (JdbiException e) {
            // the connection goes down with it
        }

        awaitAccepting(false);
    }

    @Test
    void nobodyWaitsLongerThanAgreed() throws Exception {
        engine.patience = Duration.ofMillis(300);
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<?> busy = busy(release);

        StoreUnavailable queued = assertThrows(StoreUnavailable.class, () -> writer.write(insert("line")));
        StoreUnavailable begun = refusalOf(busy);
        release.countDown();

        assertTrue(queued.nothingChanged());
        assertFalse(begun.nothingChanged());
        assertEquals(0, count(), "what was refused as not begun is not written later");
    }

    @Test
    void whileTheDatabaseIsCompactedEverybodyWaits() throws Exception {
        CountDownLatch compacting = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        engine.compaction = () -> {
            compacting.countDown();
            await(end);
        };
        writer.write(insert("before"));
        compacting.await();

        CompletableFuture<Integer> write = CompletableFuture.supplyAsync(() -> writer.write(insert("meanwhile")));
        awaitQueued(1);
        end.countDown();

        assertEquals(1, write.get());
        assertEquals(2, count());
    }

    @Test
    void aCompactionThatFailsIsNoReasonToStop() {
        engine.compaction = () -> {
            throw new DatabaseUnusable("no space left", null);
        };

        writer.write(insert("before"));
        writer.write(insert("after"));

        assertEquals(2, count());
    }

    @Test
    void aDatabaseThatCannotBeOpenedAfterItsCompactionIsLost() throws Exception {
        engine.compaction = () -> engine.away = true;

        writer.write(insert("before"));

        awaitAccepting(false);
        assertTrue(assertThrows(StoreUnavailable.class, () -> writer.write(insert("after"))).nothingChanged());
    }

    private static StoreUnavailable refusalOf(CompletableFuture<?> change) {
        ExecutionException failure = assertThrows(ExecutionException.class, change::get);
        return assertInstanceOf(StoreUnavailable.class, failure.getCause());
    }

    private static JdbiException conflict() {
        return new TransactionException("a circle", new SQLException("deadlock detected", "40P01"));
    }

    private static Integer hangUp(Handle handle) {
        try {
            handle.getConnection().close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return handle.execute("SELECT 1");
    }

    private void awaitAccepting(boolean accepting) throws InterruptedException {
        while (writer.isAccepting() != accepting) {
            Thread.sleep(1);
        }
    }

    private interface Changes {
        Change<Integer> number(int i);
    }

    private List<CompletableFuture<?>> gatherBehindABusyWriter(int count, Changes changes) throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<?> busy = busy(release);
        List<CompletableFuture<?>> waiting = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Change<Integer> change = changes.number(i);
            CompletableFuture<Integer> done = new CompletableFuture<>();
            waiting.add(done);
            new Thread(() -> {
                        try {
                            done.complete(writer.write(change));
                        } catch (RuntimeException e) {
                            done.completeExceptionally(e);
                        }
                    })
                    .start();
            awaitQueued(i + 1);
        }
        release.countDown();
        busy.get();
        return waiting;
    }

    /** Occupies the writer until the latch is released; returns once it is occupied. */
    private CompletableFuture<?> busy(CountDownLatch release) throws InterruptedException {
        CountDownLatch entered = new CountDownLatch(1);
        CompletableFuture<Object> busy = CompletableFuture.supplyAsync(() -> writer.write(handle -> {
            entered.countDown();
            await(release);
            return null;
        }));
        entered.await();
        return busy;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void awaitQueued(int count) {
        while (writer.queued() < count) {
            Thread.onSpinWait();
        }
    }

    private static Change<Integer> insert(String text) {
        return handle -> handle.execute("INSERT INTO line VALUES (?)", text);
    }

    private int count() {
        return writer.write(handle ->
                handle.createQuery("SELECT COUNT(*) FROM line").mapTo(Integer.class).one());
    }
}
