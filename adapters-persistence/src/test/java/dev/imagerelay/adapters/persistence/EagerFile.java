package dev.imagerelay.adapters.persistence;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;

/** An H2 file that wants to be compacted after every few transactions. */
final class EagerFile implements Engine {

    private static final int TRANSACTIONS = 20;

    private final Engine file;
    private final Consumer<Runnable> compacting;
    private int transactions;
    private boolean wanting;

    /** Leaves it to somebody to run each compaction. */
    EagerFile(Engine file, Consumer<Runnable> compacting) {
        this.file = file;
        this.compacting = compacting;
    }

    @Override
    public boolean wantsCompacting() {
        wanting = ++transactions % TRANSACTIONS == 0;
        return wanting;
    }

    @Override
    public void compactIfWasteful() {
        if (wanting) {
            wanting = false;
            compacting.accept(this::compact);
        } else {
            file.compactIfWasteful();
        }
    }

    private void compact() {
        try (Connection connection = connections().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SHUTDOWN COMPACT");
        } catch (SQLException e) {
            throw new DatabaseUnusable("the file cannot be compacted", e);
        }
    }

    @Override
    public List<String> migrations() {
        return file.migrations();
    }

    @Override
    public DataSource connections() {
        return file.connections();
    }

    @Override
    public DataSource patientConnections() {
        return file.patientConnections();
    }

    @Override
    public boolean isServer() {
        return file.isServer();
    }

    @Override
    public Instant now(Handle handle) {
        return file.now(handle);
    }

    @Override
    public Instant lock(Handle handle, Collection<String> accounts) {
        return file.lock(handle, accounts);
    }

    @Override
    public void sync(Handle handle) {
        file.sync(handle);
    }
}
