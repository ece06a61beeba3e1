package dev.imagerelay.adapters.persistence;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.sql.DataSource;
import org.h2.api.ErrorCode;
import org.h2.jdbcx.JdbcDataSource;
import org.h2.store.fs.FileUtils;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An H2 database in a file, with what it takes to make it durable: no delayed writes, one sync of the disk for each
 * batch, and nothing written over. So the file grows with every commit, and is compacted when it is opened, when it is
 * closed, and whenever it has outgrown what is in it.
 */
final class H2File implements Engine {

    private static final Logger LOG = LoggerFactory.getLogger(H2File.class);
    private static final List<String> REQUIRED = List.of("WRITE_DELAY=0", "RETENTION_TIME=5000");
    /**
     * H2 would close the database at the first sign of a shutdown, under the requests still in flight. And it writes
     * over what is dead before it says in the file's header where the newest state is: a process that is killed just
     * then has lost the last few commits, confirmed and synced though they were (seen after 23 of 56 kills of 2.5.252 on
     * a busy machine; none of 35 where nothing is written over).
     */
    private static final String OPTIONS = ";DB_CLOSE_ON_EXIT=FALSE;QUERY_CACHE_SIZE=64;REUSE_SPACE=FALSE";

    private static final String URL = "jdbc:h2:file:";
    private static final String SUFFIX = ".mv.db";

    private static final long WORTH_COMPACTING = 4L << 20;
    private static final long WORTH_A_PAUSE = 256L << 20;

    /** The more there is to be kept the longer everybody waits, and the less often should they. */
    private static final int GROWTH_WORTH_A_PAUSE = 4;

    private final String url;
    private final Path file;
    private final InstantSource time;
    private final long worthAPause;

    /** How long the file may become before everybody waits for it to be compacted. */
    private volatile long limit;

    private H2File(String url, Path file, InstantSource time, long worthAPause) {
        this.url = url;
        this.file = file;
        this.time = time;
        this.worthAPause = worthAPause;
        this.limit = worthAPause;
    }

    static H2File of(String url, InstantSource time) {
        return of(url, time, WORTH_A_PAUSE);
    }

    /** The same, but nobody waits for a file to be compacted that has fewer bytes. */
    static H2File of(String url, InstantSource time, long worthAPause) {
        String upper = url.toUpperCase(Locale.ROOT);
        if (!upper.startsWith(URL.toUpperCase(Locale.ROOT))) {
            throw new IllegalArgumentException(
                    "the database URL must begin with " + URL + " or " + Postgres.URL + ", unlike " + url);
        }
        List<String> options = List.of(upper.split(";"));
        if (!options.subList(1, options.size()).equals(REQUIRED)) {
            throw new IllegalArgumentException("the database URL must end in ;" + String.join(";", REQUIRED)
                    + " and have no other option: without the first two H2 loses what it has confirmed, and others,"
                    + " such as those of its file lock, could let a second process in");
        }
        String name = url.substring(URL.length(), url.indexOf(';'));
        return new H2File(url + OPTIONS, Path.of(FileUtils.toRealPath(name + SUFFIX)), time, worthAPause);
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
    public List<String> migrations() {
        List<String> all = new ArrayList<>(Engine.super.migrations());
        all.add("classpath:dev/imagerelay/h2");
        return all;
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

    @Override
    public boolean wantsCompacting() {
        boolean wants = length() > limit;
        if (wants) {
            limit = aQuarterMore();
        }
        return wants;
    }

    private long aQuarterMore() {
        return length() + length() / 4;
    }

    private long length() {
        return file.toFile().length();
    }

    @Override
    public void compactIfWasteful() {
        try (Connection connection = connections().getConnection();
                Statement statement = connection.createStatement()) {
            boolean failed = isWasteful(statement) && !compact(statement);
            limit = failed ? aQuarterMore() : Math.max(worthAPause, GROWTH_WORTH_A_PAUSE * length());
        } catch (SQLException | IOException e) {
            throw new DatabaseUnusable(
                    e instanceof SQLException said && said.getErrorCode() == ErrorCode.DATABASE_ALREADY_OPEN_1
                            ? "another process has the database open; stop it, or give this one another databaseUrl"
                                    + " than " + url.substring(0, url.indexOf(';'))
                            : "the database cannot be opened: " + e.getMessage(),
                    e);
        }
    }

    /** Whether most of the file is dead. */
    private static boolean isWasteful(Statement statement) throws SQLException {
        return setting(statement, "info.FILE_SIZE") > WORTH_COMPACTING
                && setting(statement, "info.CHUNKS_FILL_RATE") < 50;
    }

    /**
     * Rewrites the file. H2 writes a second one, syncs it and then gives it the name of the first, so that a process
     * that is killed meanwhile leaves one or the other. It does not sync the name: what is committed to the new file
     * afterwards would be gone if the power failed and the old one was back. That it had no room for two H2 keeps to
     * itself.
     */
    private boolean compact(Statement statement) throws SQLException, IOException {
        long before = length();
        statement.execute("SHUTDOWN COMPACT");
        OwnDirectory.sync(file.getParent());
        long after = length();
        if (after >= before) {
            LOG.warn("the database cannot be compacted, and goes on with {} bytes; is the disk full?", after);
            return false;
        }
        LOG.info("compacted the database from {} to {} bytes", before, after);
        return true;
    }

    private static long setting(Statement statement, String name) throws SQLException {
        try (ResultSet row = statement.executeQuery(
                "SELECT setting_value FROM information_schema.settings WHERE setting_name = '" + name + "'")) {
            return row.next() ? Long.parseLong(row.getString(1)) : 0;
        }
    }
}
