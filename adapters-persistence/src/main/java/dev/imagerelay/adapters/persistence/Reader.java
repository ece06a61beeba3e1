package dev.imagerelay.adapters.persistence;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import dev.imagerelay.application.port.out.StoreUnavailable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;

/**
 * Reads beside the writer, on threads of its own: a caller that is interrupted while H2 reads for it would close the
 * file under everybody else. When the writer must be alone, those who want to read wait.
 */
final class Reader implements AutoCloseable {

    private static final int THREADS = 8;
    private static final int PATIENT_THREADS = 2;
    private static final int CONNECT_MILLIS = 2_000;
    private static final int CHECK_MILLIS = 1_000;
    private static final int FINISH_MILLIS = 250;

    private final Engine engine;
    private final Jdbi prompt;
    private final Jdbi patient;
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private volatile HikariDataSource connections;
    private final ExecutorService threads = threads(THREADS, "ledger-reader");

    /** Threads of their own, lest those who ask for much keep everybody else from being recognised. */
    private final ExecutorService patientThreads = threads(PATIENT_THREADS, "ledger-patient-reader");

    Reader(Engine engine) {
        this.engine = engine;
        connections = connect();
        prompt = Jdbi.create(() -> connections.getConnection()).registerArgument(new InstantArgument());
        patient = Jdbi.create(engine.patientConnections()).registerArgument(new InstantArgument());
    }

    private HikariDataSource connect() {
        HikariConfig config = new HikariConfig();
        config.setDataSource(engine.connections());
        config.setPoolName("readers");
        config.setMaximumPoolSize(THREADS);
        config.setConnectionTimeout(CONNECT_MILLIS);
        config.setValidationTimeout(CHECK_MILLIS);
        config.setInitializationFailTimeout(-1); // whoever reads sees whether the database is there
        config.setReadOnly(true);
        config.setTransactionIsolation("TRANSACTION_REPEATABLE_READ");
        return new HikariDataSource(config);
    }

    /** Those who want one wait for it here. */
    HikariPoolMXBean pool() {
        return connections.getHikariPoolMXBean();
    }

    /** Something to be read. */
    @FunctionalInterface
    interface Query<T> {
        T ask(Handle handle);
    }

    /** The answer, from one snapshot of the database if it takes several statements. */
    <T> T read(Query<T> query) {
        return await(submit(threads, () -> prompt.inTransaction(query::ask))
                .orTimeout(engine.patience().toMillis(), TimeUnit.MILLISECONDS));
    }

    /** The same, however long it takes. */
    <T> T readPatiently(Query<T> query) {
        return await(submit(
                patientThreads,
                () -> patient.inTransaction(TransactionIsolationLevel.REPEATABLE_READ, query::ask)));
    }

    private static ExecutorService threads(int count, String name) {
        return Executors.newFixedThreadPool(count, task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    private <T> CompletableFuture<T> submit(ExecutorService threads, Supplier<T> reading) {
        try {
            return CompletableFuture.supplyAsync(() -> beside(reading), threads);
        } catch (RejectedExecutionException e) {
            throw StoreUnavailable.before("the database is closed", e);
        }
    }

    private <T> T beside(Supplier<T> reading) {
        lock.readLock().lock();
        try {
            return reading.get();
        } finally {
            lock.readLock().unlock();
        }
    }

    /**
     * Does something while nobody reads and no reader has a connection, as soon as those have finished who are reading;
     * false if that takes too long, as the check of the books may. When it throws, nobody can read any more.
     */
    boolean tryAlone(Runnable work) throws InterruptedException {
        if (!lock.writeLock().tryLock(FINISH_MILLIS, TimeUnit.MILLISECONDS)) {
            return false;
        }
        try {
            connections.close();
            work.run();
            connections = connect();
            return true;
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Lets go of connections that lead nowhere any more; their pool would look for others only now and then. */
    void reconnect() {
        HikariDataSource lost = connections;
        connections = connect();
        lost.close();
    }

    private static <T> T await(CompletableFuture<T> answer) {
        try {
            return answer.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof JdbiException || e.getCause() instanceof TimeoutException) {
                throw StoreUnavailable.before("the database cannot be read", e.getCause());
            }
            throw e;
        }
    }

    @Override
    public void close() {
        patientThreads.shutdown();
        threads.shutdown();
        connections.close();
    }
}
