package dev.imagerelay.adapters.persistence;

import javax.sql.DataSource;

/** Results in PostgreSQL keep all that results in a database must. */
class JdbiResultsOnPostgresTest extends JdbiResultsTest {

    @Override
    DataSource newDatabase() {
        return Postgres.of(PostgresServer.shared().newDatabase()).connections();
    }
}
