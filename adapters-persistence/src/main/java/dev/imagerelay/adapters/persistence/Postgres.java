package dev.imagerelay.adapters.persistence;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.postgresql.Driver;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A PostgreSQL database, which several gateways may share: they keep out of each other's way by locking the accounts
 * that they are about to change, and they all go by its clock.
 */
record Postgres(DataSource connections, DataSource patientConnections) implements Engine {

    static final String URL = "jdbc:postgresql:";

    private static final int CONNECT_SECONDS = 2;
    private static final int ANSWER_SECONDS = 5;
    private static final int PATIENT_SECONDS = 3_600;

    private static final String SESSION = String.join(" ",
            "-c synchronous_commit=on",
            // The server gives up before the socket does, since it can say why.
            "-c statement_timeout=4s",
            // A gateway that falls silent in a transaction must not keep its accounts from the others for long.
            "-c idle_in_transaction_session_timeout=5s",
            // Everything is found by key, whatever the server believes of tables that have just grown.
            "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off",
            "-c plan_cache_mode=force_generic_plan -c jit=off");

    /** What the driver would take for a part of the host, and log. */
    private static final Pattern USER_BEFORE_HOST = Pattern.compile(URL + "//[^/?]*@.*");

    static Postgres of(String url) {
        if (USER_BEFORE_HOST.matcher(url).matches() || Driver.parseURL(url, null) == null) {
            // Not shown, as it may contain a password.
            throw new IllegalArgumentException("the database URL is not of the form"
                    + " jdbc:postgresql://host:port/database?user=...&password=...");
        }
        PGSimpleDataSource prompt = source(url);
        prompt.setSocketTimeout(ANSWER_SECONDS);
        prompt.setOptions(prompt.getOptions() == null ? SESSION : prompt.getOptions() + " " + SESSION);
        prompt.setLogServerErrorDetail(false);
        PGSimpleDataSource patient = source(url);
        patient.setSocketTimeout(PATIENT_SECONDS);
        return new Postgres(prompt, patient);
    }

    /** Of a primary and its standbys only the primary will do, whichever that is by now. */
    private static PGSimpleDataSource source(String url) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setURL(url);
        source.setTargetServerType("primary");
        source.setConnectTimeout(CONNECT_SECONDS);
        source.setTcpKeepAlive(true);
        return source;
    }

    @Override
    public Instant now(Handle handle) {
        return handle.createQuery("SELECT clock_timestamp() AS now")
                .map((row, context) -> Rows.instant(row, "now"))
                .one();
    }

    /** Everybody locks in the same order, so nobody waits in a circle; the clock is read once all are locked. */
    @Override
    public Instant lock(Handle handle, Collection<String> accounts) {
        return handle.createQuery("""
                        SELECT COUNT(*), clock_timestamp() AS now
                        FROM (SELECT id FROM account WHERE id = ANY(:ids) ORDER BY id FOR NO KEY UPDATE) AS locked
                        """)
                .bindArray("ids", String.class, accounts)
                .map((row, context) -> Rows.instant(row, "now"))
                .one();
    }

    /** All at once, as the server may be far away. */
    @Override
    public void execute(Handle handle, List<Columns.Statement> statements) {
        if (!statements.isEmpty()) {
            Columns.Statement.execute(handle, statements);
        }
    }

    /** A commit has reached the disk when it is confirmed. */
    @Override
    public void sync(Handle handle) {}

    @Override
    public boolean isServer() {
        return true;
    }

    @Override
    public boolean wantsCompacting() {
        return false;
    }

    /** The server sees to that. */
    @Override
    public void compactIfWasteful() {}
}
