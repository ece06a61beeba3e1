package dev.imagerelay.adapters.persistence;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;

/**
 * A database on the server that all tests share. It goes by its own clock, which in here is a row that is found before
 * the server's; whoever asked the clock of the process would fail.
 */
final class PostgresDatabase implements Store {

    private static final String CLOCK = """
            CREATE SCHEMA clock;
            CREATE TABLE clock.hand AS SELECT TIMESTAMP WITH TIME ZONE '2026-11-22T12:00:00Z' AS at;
            CREATE FUNCTION clock.clock_timestamp() RETURNS TIMESTAMP WITH TIME ZONE LANGUAGE SQL VOLATILE
                AS 'SELECT at FROM clock.hand';
            DO $$ BEGIN
                EXECUTE format('ALTER DATABASE %I SET search_path = public, clock, pg_catalog', current_database());
            END $$;
            """;

    private final String url = PostgresServer.shared().newDatabase();

    PostgresDatabase() {
        try {
            change(CLOCK);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String url() {
        return url;
    }

    @Override
    public InstantSource processTime() {
        return () -> {
            throw new AssertionError("the time is the database's to tell");
        };
    }

    @Override
    public Instant now() {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT clock_timestamp()")) {
            row.next();
            return row.getObject(1, OffsetDateTime.class).toInstant();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void pass(Duration duration) {
        try {
            change("UPDATE clock.hand SET at = at + INTERVAL '" + duration + "'");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        PostgresServer.shared().drop(url);
    }
}
