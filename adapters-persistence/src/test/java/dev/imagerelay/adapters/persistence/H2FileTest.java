package dev.imagerelay.adapters.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.application.SettableTime;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An H2 file is opened only in the one way in which it loses nothing. */
class H2FileTest {

    @ParameterizedTest
    @ValueSource(strings = {
        "jdbc:h2:file:./ledger",
        "jdbc:h2:file:./ledger;WRITE_DELAY=0",
        "jdbc:h2:file:./ledger;RETENTION_TIME=5000",
        "jdbc:h2:file:./ledger;WRITE_DELAY=500;RETENTION_TIME=5000",
        "jdbc:h2:file:./ledger;WRITE_DELAY=0;RETENTION_TIME=5000;FILE_LOCK=NO",
        "jdbc:h2:mem:ledger;WRITE_DELAY=0;RETENTION_TIME=5000",
        "jdbc:mysql://localhost/ledger"
    })
    void aUrlThatCouldLoseWhatWasConfirmedIsRefused(String url) {
        assertThrows(IllegalArgumentException.class, () -> Database.open(url, new SettableTime()));
    }

    @Test
    void nothingInTheFileIsWrittenOver() throws SQLException {
        try (Store store = new H2Directory();
                Connection connection =
                        H2File.of(store.url(), store.processTime()).connections().getConnection();
                ResultSet row = connection.createStatement().executeQuery(
                        "SELECT setting_value FROM information_schema.settings WHERE setting_name = 'REUSE_SPACE'")) {
            assertTrue(row.next());
            assertEquals("FALSE", row.getString(1).toUpperCase(Locale.ROOT));
        }
    }
}
