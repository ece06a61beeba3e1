package dev.imagerelay.adapters.persistence;

import dev.imagerelay.application.port.out.StoreUnavailable;
import dev.imagerelay.domain.ledger.Intent;
import dev.imagerelay.domain.ledger.Posting;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes. Callers put their change in a queue and wait; the thread takes what has gathered, up to
 * {@value #BATCH}, applies it in one transaction, makes that durable, and only then answers. So a hundred callers share
 * one sync of the disk, and H2, which tears under concurrent writers, has only one.
 *
 * <p>A change that fails fails alone: the others of its batch are repeated without it. When the end of a commit is
 * unknown the writer is dead: it refuses everything from then on, and answers everybody who waits.
 */
final class Writer implements AutoCloseable {

    /** Small enough for H2: far larger transactions were seen torn by a kill, even with one writer. */
    static final int BATCH = 256;

    private static final int QUEUE = 16_384;
    private static final Logger LOG = LoggerFactory.getLogger(Writer.class);
    private static final Pending<Void> STOP = new Pending<>(null, null);

    private final Handle handle;
    private final InstantSource time;
    private final Durability durability;
    private final BlockingQueue<Pending<?>> queue = new ArrayBlockingQueue<>(QUEUE);
    private final Thread thread = new Thread(this::run, "ledger-writer");
    private volatile boolean accepting = true;

    /** What makes a commit survive a loss of power. */
    @FunctionalInterface
    interface Durability {
        void sync(Handle handle);
    }

    /** Takes the only writing connection, and closes it in the end. */
    Writer(Handle handle, InstantSource time, Durability durability) {
        this.handle = handle;
        this.time = time;
        this.durability = durability;
        thread.start();
    }

    /** Whether changes are accepted. */
    boolean isAccepting() {
        return accepting;
    }

    /** How many changes wait. */
    int queued() {
        return queue.size();
    }

    /** Applies an intent; its posting is durable when this returns. */
    Posting post(Intent intent) {
        return await(new Pending<>(intent, null));
    }

    /** Applies a change; it is durable when this returns. */
    <T> T write(Change<T> change) {
        return await(new Pending<>(null, change));
    }

    private <T> T await(Pending<T> pending) {
        if (!accepting) {
            throw StoreUnavailable.before("the writer has stopped");
        }
        if (!queue.offer(pending)) {
            throw StoreUnavailable.before(QUEUE + " changes are waiting to be written");
        }
        if (!accepting && queue.remove(pending)) {
            throw StoreUnavailable.before("the writer has stopped");
        }
        try {
            return pending.answer.join();
        } catch (CompletionException e) {
            throw (RuntimeException) e.getCause();
        }
    }

    private void run() {
        List<Pending<?>> batch = new ArrayList<>(BATCH);
        try {
            while (true) {
                batch.clear();
                batch.add(queue.take());
                queue.drainTo(batch, BATCH - 1);
                boolean stop = batch.remove(STOP);
                commit(batch);
                if (stop) {
                    return;
                }
            }
        } catch (Throwable e) {
            LOG.error("the ledger's writer died; nothing more is accepted", e);
            accepting = false;
            StoreUnavailable unknown = StoreUnavailable.during("the end of a commit is unknown", e);
            batch.forEach(pending -> pending.fail(unknown));
        } finally {
            accepting = false;
            for (Pending<?> left = queue.poll(); left != null; left = queue.poll()) {
                left.fail(StoreUnavailable.before("the writer has stopped"));
            }
            handle.close();
        }
    }

    private void commit(List<Pending<?>> batch) {
        if (batch.isEmpty()) {
            return;
        }
        try {
            handle.begin();
            apply(batch);
        } catch (RuntimeException e) {
            handle.rollback();
            if (batch.size() == 1) {
                batch.get(0).fail(e instanceof JdbiException ? StoreUnavailable.before("nothing was written", e) : e);
            } else {
                batch.forEach(pending -> commit(List.of(pending)));
            }
            return;
        }
        handle.commit();
        durability.sync(handle);
        batch.forEach(Pending::succeed);
    }

    private void apply(List<Pending<?>> batch) {
        Instant now = time.instant().truncatedTo(ChronoUnit.MICROS);
        List<Intent> intents = new ArrayList<>(batch.size());
        for (Pending<?> pending : batch) {
            if (pending.intent != null) {
                intents.add(pending.intent);
            }
        }
        LedgerPage page = LedgerPage.load(handle, intents, now);
        for (Pending<?> pending : batch) {
            pending.apply(handle, page);
        }
        page.save(handle);
    }

    /** Lets everything finish that waits, then stops. */
    @Override
    public void close() {
        accepting = false;
        try {
            queue.put(STOP);
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Somebody who waits for an intent or a change to be durable. */
    private static final class Pending<T> {

        private final Intent intent;
        private final Change<T> change;
        private final CompletableFuture<T> answer = new CompletableFuture<>();
        private T result;
        private RuntimeException refusal;

        Pending(Intent intent, Change<T> change) {
            this.intent = intent;
            this.change = change;
        }

        void apply(Handle handle, LedgerPage page) {
            if (intent == null) {
                result = change.apply(handle);
            } else {
                post(page);
            }
        }

        /** A rule that throws has changed nothing, so the batch can go on without it. */
        @SuppressWarnings("unchecked")
        private void post(LedgerPage page) {
            try {
                result = (T) page.post(intent);
                refusal = null;
            } catch (RuntimeException e) {
                refusal = e;
            }
        }

        void succeed() {
            if (refusal == null) {
                answer.complete(result);
            } else {
                fail(refusal);
            }
        }

        void fail(RuntimeException e) {
            answer.completeExceptionally(e);
        }
    }
}
