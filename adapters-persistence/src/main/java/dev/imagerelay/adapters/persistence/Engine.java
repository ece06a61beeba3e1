package dev.imagerelay.adapters.persistence;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** What differs between the databases that can keep the books. */
interface Engine {

    /** The engine that a JDBC URL asks for; the time is for one that has no clock of its own. */
    static Engine of(String url, InstantSource time) {
        return url.startsWith(Postgres.URL) ? Postgres.of(url) : H2File.of(url, time);
    }

    /** The longest that anybody waits for an answer, whatever has become of the database. */
    default Duration patience() {
        return Duration.ofSeconds(10);
    }

    /** For everything that somebody waits for: connections that answer, or break, in less time than that. */
    DataSource connections();

    /** For what takes as long as it takes: migrations, and the check of the books. */
    DataSource patientConnections();

    /** Where the migrations are. */
    default List<String> migrations() {
        return List.of("classpath:dev/imagerelay/migration");
    }

    /** Opens a connection. */
    default Handle open() {
        return Jdbi.create(connections()).registerArgument(new InstantArgument()).open();
    }

    /** Later than anything that ends. */
    Instant NEVER = Instant.parse("9999-01-01T00:00:00Z");

    /** Whether it is a server: other gateways may use it at the same time, and once lost it may be back. */
    boolean isServer();

    /** The time that counts. */
    Instant now(Handle handle);

    /**
     * Keeps every other process from posting to these accounts until the transaction ends; the statements that follow
     * see all that others have posted before.
     *
     * @return the time from when on the accounts were kept
     */
    Instant lock(Handle handle, Collection<String> accounts);

    /** Runs statements one after the other. */
    default void execute(Handle handle, List<Columns.Statement> statements) {
        statements.forEach(statement -> Columns.Statement.execute(handle, List.of(statement)));
    }

    /** Makes everything that is committed survive a loss of power, if the commit itself has not. */
    void sync(Handle handle);

    /**
     * Whether it takes up so much more of the disk than it needs that everybody should wait until it is compacted; if
     * that cannot be done now, it wants it again when it has grown on.
     */
    boolean wantsCompacting();

    /**
     * Takes up no more of the disk than it needs, if that is worth the time. Nothing may be going on; connections that
     * are open may not work any more.
     *
     * @throws DatabaseUnusable if that goes wrong; nothing is lost
     */
    void compactIfWasteful();
}
