package dev.imagerelay.adapters.persistence;

import dev.imagerelay.application.port.out.Accounts;
import dev.imagerelay.application.port.out.ApiKeys;
import dev.imagerelay.application.port.out.Books;
import dev.imagerelay.application.port.out.CreditLedger;
import dev.imagerelay.application.port.out.RateCards;
import java.time.InstantSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * The stores of one gateway: its accounts, keys, books and rate cards in one database. Serves many threads at once.
 * Closing it lets what waits be written, and leaves the database compact.
 */
public final class Database implements AutoCloseable {

    private final H2File file;
    private final Writer writer;
    private final Reader reader;
    private final Accounts accounts;
    private final ApiKeys keys;
    private final CreditLedger ledger;
    private final RateCards rateCards;
    private final Books books;

    private Database(H2File file, Handle writing, InstantSource time) {
        this.file = file;
        this.reader = new Reader(file.url());
        this.writer = new Writer(writing, time, H2File::sync);
        this.accounts = new JdbiAccounts(writer, reader);
        this.keys = new JdbiApiKeys(writer, reader);
        this.ledger = new JdbiCreditLedger(writer, reader, time);
        this.rateCards = new JdbiRateCards(writer, reader, time);
        this.books = new JdbiBooks(reader);
    }

    /**
     * Opens the database, and makes or migrates it first if need be.
     *
     * @param url  a JDBC URL of an H2 file, with the options {@code WRITE_DELAY=0;RETENTION_TIME=5000} and no
     *     other: without them H2 loses what it has confirmed
     * @param time dates what is written
     * @throws IllegalArgumentException if the URL is not such a one
     * @throws DatabaseUnusable if another process has the file open, or a later version of this program has written it
     */
    public static Database open(String url, InstantSource time) {
        H2File file = H2File.of(url);
        file.compactIfWasteful();
        // Opened first, as H2 would close the file behind the last connection of the migration and open it once more.
        Handle writing = Jdbi.create(file::connect).registerArgument(new InstantArgument()).open();
        try {
            migrate(file);
            return new Database(file, writing, time);
        } catch (RuntimeException e) {
            writing.close();
            throw e;
        }
    }

    private static void migrate(H2File file) {
        try {
            Flyway.configure()
                    .dataSource(file.url(), "", "")
                    .locations("classpath:dev/imagerelay/migration")
                    .ignoreMigrationPatterns(new String[0])
                    .load()
                    .migrate();
        } catch (FlywayValidateException e) {
            throw new DatabaseUnusable(
                    "the database was written by a later version of this program, or by hand: " + e.getMessage(), e);
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

    /** Whether what is asked to be written would be. */
    public boolean isWritable() {
        return writer.isAccepting();
    }

    @Override
    public void close() {
        writer.close();
        reader.close();
        file.compactIfWasteful();
    }
}
