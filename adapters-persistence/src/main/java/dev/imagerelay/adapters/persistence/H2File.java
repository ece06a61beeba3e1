package dev.imagerelay.adapters.persistence;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.sql.DataSource;
import org.h2.api.ErrorCode;
import org.h2.jdbcx.JdbcDataSource;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An H2 database in a file, with what it takes to make it durable: no delayed writes, one sync of the disk for each
 * batch, and nothing written over. So the file grows with every commit, and is compacted when it is opened and closed.
 */
record H2File(String url, InstantSource time) implements Engine {

    private static final Logger LOG = LoggerFactory.getLogger(H2File.class);
    private static final List<String> REQUIRED = List.of("WRITE_DELAY=0", "RETENTION_TIME=5000");
    /**
     * H2 would close the database at the first sign of a shutdown, under the requests still in flight. And it writes
     * over what is dead before it says in the file's header where the newest state is: a process that is killed just
     * then has lost the last few commits, confirmed and synced though they were (seen after 23 of 56 kills of 2.5.252 on
     * a busy machine; none of 35 where nothing is written over).
     */
    private static final String OPTIONS = ";DB_CLOSE_ON_EXIT=FALSE;QUERY_CACHE_SIZE=64;REUSE_SPACE=FALSE";

    private static final long WORTH_COMPACTING = 16L << 20;

    static H2File of(String url, InstantSource time) {
        String upper = url.toUpperCase(Locale.ROOT);
        if (!upper.startsWith("JDBC:H2:FILE:")) {
            throw new IllegalArgumentException(
                    "the database URL must begin with jdbc:h2:file: or " + Postgres.URL + ", unlike " + url);
        }
        List<String> options = List.of(upper.split(";"));
        if (!options.subList(1, options.size()).equals(REQUIRED)) {
            throw new IllegalArgumentException("the database URL must end in ;" + String.join(";", REQUIRED)
                    + " and have no other option: without the first two H2 loses what it has confirmed, and others,"
                    + " such as those of its file lock, could let a second process in");
        }
        return new H2File(url + OPTIONS, time);
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
    public Instant now(Handle handle) {
        return time.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** There is no other process. */
    @Override
    public Instant lock(Handle handle, Collection<String> accounts) {
        return now(handle);
    }

    @Override
    public void sync(Handle handle) {
        handle.execute("CHECKPOINT SYNC");
    }

    /** It is this process's own file, and whatever ails it is that file or its disk. */
    @Override
    public boolean isServer() {
        return false;
    }

    /** Rewrites the file if most of it is dead. */
    @Override
    public void compactIfWasteful() {
        try (Connection connection = connections().getConnection();
                Statement statement = connection.createStatement()) {
            if (setting(statement, "info.FILE_SIZE") > WORTH_COMPACTING
                    && setting(statement, "info.CHUNKS_FILL_RATE") < 50) {
                LOG.info("compacting the database");
                statement.execute("SHUTDOWN COMPACT");
            }
        } catch (SQLException e) {
            throw new DatabaseUnusable(
                    e.getErrorCode() == ErrorCode.DATABASE_ALREADY_OPEN_1
                            ? "another process has the database open; stop it, or give this one another databaseUrl"
                                    + " than " + url.substring(0, url.indexOf(';'))
                            : "the database cannot be opened: " + e.getMessage(),
                    e);
        }
    }

    private static long setting(Statement statement, String name) throws SQLException {
        try (ResultSet row = statement.executeQuery(
                "SELECT setting_value FROM information_schema.settings WHERE setting_name = '" + name + "'")) {
            return row.next() ? Long.parseLong(row.getString(1)) : 0;
        }
    }
}
