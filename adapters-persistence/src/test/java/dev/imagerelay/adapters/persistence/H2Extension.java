package dev.imagerelay.adapters.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.imagerelay.application.SettableTime;
import dev.imagerelay.domain.image.ImageSize;
import dev.imagerelay.domain.image.ModelId;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.pricing.PriceRow;
import dev.imagerelay.domain.pricing.PriceTable;
import dev.imagerelay.domain.pricing.RateCard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A new database in a new file for every test; when the test is over its books must balance. */
final class H2Extension implements BeforeEachCallback, AfterEachCallback {

    private final SettableTime time = new SettableTime();
    private Path directory;
    private Database database;

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        directory = Files.createTempDirectory("image-relay");
        database = Database.open(url(), time);
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        try {
            assertEquals(List.of(), database.books().offenders());
        } finally {
            database.close();
            try (Stream<Path> files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
            }
        }
    }

    String url() {
        return "jdbc:h2:file:" + directory.resolve("ledger") + ";WRITE_DELAY=0;RETENTION_TIME=5000";
    }

    Path directory() {
        return directory;
    }

    Database database() {
        return database;
    }

    SettableTime time() {
        return time;
    }

    /** Closes the database and opens it again. */
    void reopen() {
        database.close();
        database = Database.open(url(), time);
    }

    /** A rate card of one price. */
    static RateCard rateCard(String price) {
        ImageSize size = new ImageSize("1024x1024");
        PriceRow row = new PriceRow(size, Optional.empty(), Credits.of(price), Optional.empty());
        return new RateCard(Map.of(new ModelId("m"), PriceTable.of(List.of(size), List.of(), List.of(row))));
    }
}
