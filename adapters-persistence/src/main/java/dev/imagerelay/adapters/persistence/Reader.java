package dev.imagerelay.adapters.persistence;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.imagerelay.application.port.out.StoreUnavailable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/**
 * Reads beside the writer, on threads of its own: a caller that is interrupted while H2 reads for it would close the
 * file under everybody else.
 */
final class Reader implements AutoCloseable {

    private static final int THREADS = 8;
    private static final int CONNECT_MILLIS = 2_000;

    private final HikariDataSource connections;
    private final Jdbi jdbi;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS, task -> {
        Thread thread = new Thread(task, "ledger-reader");
        thread.setDaemon(true);
        return thread;
    });

    Reader(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setPoolName("readers");
        config.setMaximumPoolSize(THREADS);
        config.setConnectionTimeout(CONNECT_MILLIS);
        config.setReadOnly(true);
        config.setTransactionIsolation("TRANSACTION_REPEATABLE_READ");
        connections = new HikariDataSource(config);
        jdbi = Jdbi.create(connections).registerArgument(new InstantArgument());
    }

    /** Something to be read. */
    @FunctionalInterface
    interface Query<T> {
        T ask(Handle handle);
    }

    /** The answer, from one snapshot of the database if it takes several statements. */
    <T> T read(Query<T> query) {
        try {
            return CompletableFuture.supplyAsync(() -> jdbi.inTransaction(query::ask), threads)
                    .join();
        } catch (RejectedExecutionException e) {
            throw StoreUnavailable.before("the database is closed", e);
        } catch (CompletionException e) {
            throw e.getCause() instanceof JdbiException lost
                    ? StoreUnavailable.before("the database cannot be read", lost)
                    : e;
        }
    }

    @Override
    public void close() {
        threads.shutdown();
        connections.close();
    }
}
