package dev.imagerelay.adapters.persistence;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;

/** An engine without a disk, whose faults are scripted. */
final class MemoryEngine implements Engine {

    final AtomicInteger syncs = new AtomicInteger();
    volatile RuntimeException brokenDisk;
    volatile boolean reachableAgain;
    volatile boolean away;
    volatile Runnable compaction;
    volatile Duration patience = Duration.ofSeconds(100);

    private final String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";

    @Override
    public Duration patience() {
        return patience;
    }

    @Override
    public DataSource connections() {
        JdbcDataSource source = new JdbcDataSource();
        source.setURL(url);
        return source;
    }

    @Override
    public DataSource patientConnections() {
        return connections();
    }

    @Override
    public Handle open() {
        if (away) {
            throw new ConnectionException(new SQLException("the script says that it is away"));
        }
        return Engine.super.open();
    }

    @Override
    public Instant now(Handle handle) {
        return Instant.EPOCH;
    }

    @Override
    public Instant lock(Handle handle, Collection<String> accounts) {
        return Instant.EPOCH;
    }

    @Override
    public void sync(Handle handle) {
        syncs.incrementAndGet();
        if (brokenDisk != null) {
            throw brokenDisk;
        }
    }

    @Override
    public boolean isServer() {
        return reachableAgain;
    }

    @Override
    public boolean wantsCompacting() {
        return compaction != null;
    }

    @Override
    public void compactIfWasteful() {
        Runnable once = compaction;
        compaction = null;
        once.run();
    }
}
