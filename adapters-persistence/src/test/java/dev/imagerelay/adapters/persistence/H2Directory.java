package dev.imagerelay.adapters.persistence;

import dev.imagerelay.application.SettableTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.stream.Stream;

/** An H2 file in a directory of its own. It goes by the clock of the process. */
final class H2Directory implements Store {

    private final SettableTime time = new SettableTime();
    private final Path directory;

    H2Directory() {
        try {
            directory = Files.createTempDirectory("image-relay");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String url() {
        return "jdbc:h2:file:" + directory.resolve("ledger") + ";WRITE_DELAY=0;RETENTION_TIME=5000";
    }

    /** The file. */
    Path file() {
        return directory.resolve("ledger.mv.db");
    }

    @Override
    public InstantSource processTime() {
        return time;
    }

    @Override
    public Instant now() {
        return time.instant();
    }

    @Override
    public void pass(Duration duration) {
        time.pass(duration);
    }

    @Override
    public void change(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url() + ";DB_CLOSE_ON_EXIT=FALSE");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
