package dev.imagerelay.adapters.persistence;

import dev.imagerelay.application.port.out.StoreUnavailable;
import dev.imagerelay.domain.ledger.Intent;
import dev.imagerelay.domain.ledger.Posting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes. Callers put their change in a queue and wait; the thread takes what has gathered, up to
 * {@value #BATCH}, applies it in one transaction, makes that durable, and only then answers. So a hundred callers share
 * one sync of the disk, and H2, which tears under concurrent writers, has only one.
 *
 * <p>A change that fails fails alone: the others of its batch are repeated without it. When the connection is lost, or
 * the end of a commit is unknown, everybody who waits is answered, and everything is refused until there is another
 * connection; if there cannot be one, for good.
 */
final class Writer implements AutoCloseable {

    /** Small enough for H2: far larger transactions were seen torn by a kill, even with one writer. */
    static final int BATCH = 256;

    private static final int QUEUE = 16_384;
    private static final int TRIES = 5;
    private static final long CHECK_MILLIS = 1_000;
    private static final long RECONNECT_MILLIS = 500;
    private static final Logger LOG = LoggerFactory.getLogger(Writer.class);
    private static final Pending<Void> STOP = new Pending<>(null, null);

    private final Engine engine;
    private final Lease lease;
    private final Reader reader;
    private final BlockingQueue<Pending<?>> queue = new ArrayBlockingQueue<>(QUEUE);
    private final Thread thread = new Thread(this::run, "ledger-writer");
    private final LongAdder batches = new LongAdder();
    private final LongAdder changes = new LongAdder();
    private volatile boolean connected = true;
    private volatile boolean closing;
    private Handle handle;

    /** Takes the only writing connection, and closes it in the end. The reader waits when the writer must be alone. */
    Writer(Engine engine, Lease lease, Reader reader, Handle handle) {
        this.engine = engine;
        this.lease = lease;
        this.reader = reader;
        this.handle = handle;
        thread.start();
    }

    /** Whether changes are accepted. */
    boolean isAccepting() {
        return connected && !closing;
    }

    /** How many changes wait. */
    int queued() {
        return queue.size();
    }

    /** How many transactions have been committed. */
    long batches() {
        return batches.sum();
    }

    /** How many changes were in them. */
    long changes() {
        return changes.sum();
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
        if (!isAccepting()) {
            throw refusal();
        }
        if (!queue.offer(pending)) {
            throw StoreUnavailable.before(QUEUE + " changes are waiting to be written");
        }
        if (!isAccepting() && queue.remove(pending)) {
            throw refusal();
        }
        try {
            return pending.await(engine.patience());
        } catch (TimeoutException e) {
            throw queue.remove(pending)
                    ? StoreUnavailable.before("the database is too slow", e)
                    : StoreUnavailable.during("the database has not answered", e);
        }
    }

    private StoreUnavailable refusal() {
        return StoreUnavailable.before(closing ? "the database is closed" : "the database is away");
    }

    private void run() {
        List<Pending<?>> batch = new ArrayList<>(BATCH);
        try {
            boolean stop = false;
            while (!stop) {
                stop = gather(batch);
                try {
                    if (batch.isEmpty()) {
                        check();
                    } else {
                        commit(batch);
                    }
                    if (!stop && engine.wantsCompacting()) {
                        compact();
                    }
                } catch (ConnectionLost lost) {
                    LOG.error("the database is lost, nothing is accepted: {}", Failure.words(lost.getCause()));
                    batch.forEach(pending -> pending.fail(StoreUnavailable.before("the database is away", lost)));
                    stop = stop || !engine.isServer() || !reconnect();
                }
            }
        } catch (Throwable e) {
            connected = false;
            LOG.error("the ledger's writer died; nothing more is accepted", e);
            StoreUnavailable unknown = StoreUnavailable.during("the end of a commit is unknown", e);
            batch.forEach(pending -> pending.fail(unknown));
        } finally {
            connected = false;
            for (Pending<?> left = queue.poll(); left != null; left = queue.poll()) {
                left.fail(refusal());
            }
            closeHandle();
        }
    }

    /** Waits for something to do, or for the time to see whether the database is there; true if it is to be the last. */
    private boolean gather(List<Pending<?>> batch) throws InterruptedException {
        batch.clear();
        Pending<?> first = queue.poll(CHECK_MILLIS, TimeUnit.MILLISECONDS);
        if (first != null) {
            batch.add(first);
            queue.drainTo(batch, BATCH - 1);
        }
        return batch.remove(STOP);
    }

    private void check() {
        try {
            handle.execute("SELECT 1");
        } catch (JdbiException e) {
            throw lost(e);
        }
    }

    /** Meanwhile nobody is refused, they wait. */
    private void compact() throws InterruptedException {
        boolean done = reader.tryAlone(() -> {
            try {
                engine.compactIfWasteful();
            } catch (DatabaseUnusable e) {
                LOG.warn("the database goes on as large as it is: {}", e.getMessage());
            }
            closeHandle();
            try {
                handle = engine.open();
            } catch (JdbiException e) {
                throw lost(e);
            }
        });
        if (!done) {
            LOG.info("the database is not compacted while somebody reads it for long");
        }
    }

    private void commit(List<Pending<?>> batch) {
        for (int tries = 1; ; tries++) {
            Optional<RuntimeException> failure = attempt(batch);
            if (failure.isEmpty()) {
                return;
            }
            RuntimeException e = failure.get();
            if (batch.size() > 1 && Failure.isOfOneChange(e)) {
                batch.forEach(pending -> commit(List.of(pending)));
                return;
            }
            if (tries == TRIES || !Failure.isConflict(e)) {
                RuntimeException told = e instanceof JdbiException ? StoreUnavailable.before("nothing was written", e) : e;
                batch.forEach(pending -> pending.fail(told));
                return;
            }
        }
    }

    /** One transaction; what made it fail if it has been undone. */
    private Optional<RuntimeException> attempt(List<Pending<?>> batch) {
        try {
            handle.begin();
            apply(batch);
        } catch (RuntimeException e) {
            rollBack(e);
            return Optional.of(e);
        }
        try {
            handle.commit();
            engine.sync(handle);
        } catch (RuntimeException e) {
            ConnectionLost lost = lost(e);
            batch.forEach(pending -> pending.fail(StoreUnavailable.during("the end of a commit is unknown", e)));
            throw lost;
        }
        batches.increment();
        changes.add(batch.size());
        batch.forEach(Pending::succeed);
        return Optional.empty();
    }

    private void apply(List<Pending<?>> batch) {
        List<Intent> intents = new ArrayList<>(batch.size());
        batch.forEach(pending -> pending.intent().ifPresent(intents::add));
        LedgerPage page = LedgerPage.load(engine, lease, handle, intents);
        batch.forEach(pending -> pending.apply(handle, page));
        page.save(engine, handle);
    }

    private void rollBack(RuntimeException cause) {
        try {
            handle.rollback();
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
            throw lost(cause);
        }
    }

    /** Nobody is to be accepted any more when the first of those who waited is answered. */
    private ConnectionLost lost(RuntimeException cause) {
        connected = false;
        return new ConnectionLost(cause);
    }

    /** Refuses everything until there is another connection; false if there is no need for one any more. */
    private boolean reconnect() throws InterruptedException {
        closeHandle();
        for (long pause = 0; ; pause = RECONNECT_MILLIS) {
            for (Pending<?> next = queue.poll(pause, TimeUnit.MILLISECONDS); next != null; next = queue.poll()) {
                if (next == STOP) {
                    return false;
                }
                next.fail(refusal());
            }
            try {
                handle = engine.open();
                reader.reconnect();
                connected = true;
                LOG.info("the database is back");
                return true;
            } catch (JdbiException e) {
                LOG.debug("the database is still away", e);
            }
        }
    }

    private void closeHandle() {
        try {
            handle.close();
        } catch (RuntimeException e) {
            LOG.debug("the lost connection had something to say", e);
        }
    }

    /** Lets everything finish that waits, then stops. */
    @Override
    public void close() {
        closing = true;
        try {
            queue.put(STOP);
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Nothing of the transaction has been committed, unless those who waited for it know better. */
    private static final class ConnectionLost extends RuntimeException {

        private static final long serialVersionUID = 1L;

        ConnectionLost(RuntimeException cause) {
            super(cause);
        }
    }
}
