package dev.imagerelay.adapters.persistence;

import dev.imagerelay.application.port.out.Accounts;
import dev.imagerelay.application.port.out.ApiKeys;
import dev.imagerelay.application.port.out.AuditTrail;
import dev.imagerelay.application.port.out.Books;
import dev.imagerelay.application.port.out.CreditLedger;
import dev.imagerelay.application.port.out.Leases;
import dev.imagerelay.application.port.out.RateCards;
import dev.imagerelay.application.port.out.Reports;
import dev.imagerelay.application.port.out.Results;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;

/**
 * The stores of one gateway: its accounts, keys, books and rate cards in one database. Serves many threads at once.
 * Closing it lets what waits be written, and leaves the database compact.
 */
public final class Database implements AutoCloseable {

    private static final Duration USUAL_LEASE = Duration.ofSeconds(60);

    private final Engine engine;
    private final Lease lease;
    private final Writer writer;
    private final Reader reader;
    private final Accounts accounts;
    private final ApiKeys keys;
    private final CreditLedger ledger;
    private final RateCards rateCards;
    private final Books books;
    private final Reports reports;
    private final AuditTrail trail;
    private final List<JdbiResults> closing = new CopyOnWriteArrayList<>();

    private Database(Engine engine, Lease lease, Handle writing) {
        this.engine = engine;
        this.reader = new Reader(engine);
        this.writer = new Writer(engine, lease, reader, writing);
        this.lease = lease.writtenBy(writer);
        this.accounts = new JdbiAccounts(writer, reader, engine);
        this.keys = new JdbiApiKeys(writer, reader, engine);
        this.ledger = new JdbiCreditLedger(writer, reader, engine);
        this.rateCards = new JdbiRateCards(writer, reader, engine);
        this.books = new JdbiBooks(reader, engine, lease);
        this.reports = new JdbiReports(reader, engine);
        this.trail = new JdbiAuditTrail(writer, reader);
    }

    /**
     * Opens the database, and makes or migrates it first if need be.
     *
     * @param url  a JDBC URL: either {@code jdbc:h2:file:...} with the options
     *     {@code WRITE_DELAY=0;RETENTION_TIME=5000} and no other, as without them H2 loses what it has confirmed; or
     *     {@code jdbc:postgresql:...} with whatever PostgreSQL's driver understands, such as {@code user} and
     *     {@code password}, but with time limits of our own
     * @param time dates what is written to H2; on PostgreSQL the server's clock does
     * @throws IllegalArgumentException if the URL is not such a one
     * @throws DatabaseUnusable if the database cannot be reached, or a later version of this program has written it, or
     *     it is an H2 file that another process has open
     */
    public static Database open(String url, InstantSource time) {
        return open(Engine.of(url, time), USUAL_LEASE);
    }

    static Database open(Engine engine, Duration lease) {
        engine.compactIfWasteful();
        // Opened first, as H2 would close the file behind the last connection of the migration and open it once more.
        Handle writing = connect(engine);
        try {
            migrate(engine);
            return new Database(engine, Lease.take(engine, writing, lease), writing);
        } catch (RuntimeException e) {
            writing.close();
            throw e;
        }
    }

    private static Handle connect(Engine engine) {
        try {
            return engine.open();
        } catch (ConnectionException e) {
            throw new DatabaseUnusable("the database cannot be reached: " + e.getCause().getMessage(), e);
        }
    }

    private static void migrate(Engine engine) {
        try {
            Flyway.configure()
                    .dataSource(engine.patientConnections())
                    .locations(engine.migrations().toArray(String[]::new))
                    .ignoreMigrationPatterns(new String[0])
                    .load()
                    .migrate();
        } catch (FlywayValidateException e) {
            throw new DatabaseUnusable(
                    "the database was written by a later version of this program, or by hand: " + e.getMessage(), e);
        } catch (FlywayException e) {
            throw new DatabaseUnusable("the database cannot be migrated: " + e.getMessage(), e);
        }
    }

    public Accounts accounts() {
        return accounts;
    }

    public ApiKeys keys() {
        return keys;
    }

    public CreditLedger ledger() {
        return ledger;
    }

    public RateCards rateCards() {
        return rateCards;
    }

    public Books books() {
        return books;
    }

    public Reports reports() {
        return reports;
    }

    public AuditTrail trail() {
        return trail;
    }

    /** The lease of this gateway, which is 60 seconds long and has just begun. */
    public Leases leases() {
        return lease;
    }

    /** Whether other gateways may use this database at the same time. */
    public boolean isShared() {
        return engine.isServer();
    }

    /**
     * Results in this database, for all gateways that share it; closed with it. For a file that nobody shares there are
     * {@link ResultFiles}.
     *
     * @param kept     how long a result can be found
     * @param maxBytes how much there may be before the oldest are forgotten
     */
    public Results results(Duration kept, long maxBytes) {
        if (!isShared()) {
            throw new IllegalStateException("an H2 file is changed by its writer alone");
        }
        JdbiResults results = new JdbiResults(engine.patientConnections(), engine::now, kept, maxBytes);
        closing.add(results);
        return results;
    }

    /** Whether what is asked to be written would be. */
    public boolean isWritable() {
        return writer.isAccepting();
    }

    @Override
    public void close() {
        closing.forEach(JdbiResults::close);
        writer.close();
        reader.close();
        engine.compactIfWasteful();
    }
}
