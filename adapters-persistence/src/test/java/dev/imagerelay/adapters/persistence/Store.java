package dev.imagerelay.adapters.persistence;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Where a test keeps its books: a new place, with a clock that stands still until it is moved. */
interface Store extends AutoCloseable {

    /** Every kind of place. A test of the stores runs on each. */
    enum Kind {
        H2,
        POSTGRES;

        Store make() {
            return this == H2 ? new H2Directory() : new PostgresDatabase();
        }
    }

    /** What it is opened by. */
    String url();

    /** The clock of the processes that open it. */
    InstantSource processTime();

    /** What it takes for the time. */
    Instant now();

    /** Lets time pass for it. */
    void pass(Duration duration);

    /** Opens it, as often as the engine allows. */
    default Database open() {
        return Database.open(url(), processTime());
    }

    /** Does something in it behind the back of those who have it open. */
    default void change(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Lets what is held be that of a gateway which is dead. */
    default void loseGateway() throws SQLException {
        change("""
                INSERT INTO gateway (lease_until, swept)
                VALUES (TIMESTAMP WITH TIME ZONE '2000-01-01 00:00:00+00:00', FALSE);
                UPDATE relay SET owner = (SELECT MAX(id) FROM gateway) WHERE state = 'HELD';
                """);
    }

    /** Removes it. */
    @Override
    void close();
}
