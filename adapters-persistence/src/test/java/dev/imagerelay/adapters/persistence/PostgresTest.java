package dev.imagerelay.adapters.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.application.SettableTime;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** PostgreSQL is reached by a URL, with limits of our own, and whatever is wrong with it is said without its password. */
class PostgresTest {

    @ParameterizedTest
    @ValueSource(strings = {
        "jdbc:postgresql://ann:secret@localhost/ledger",
        "jdbc:postgresql://localhost:none/ledger?password=secret",
    })
    void aUrlThatMakesNoSenseIsRefusedAndNotRepeated(String url) {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> Database.open(url, new SettableTime()));

        assertFalse(refusal.getMessage().contains("secret"), refusal.getMessage());
    }

    @Test
    void aServerThatIsNotThereIsNamedWithoutItsPassword() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        String url = "jdbc:postgresql://127.0.0.1:" + port + "/ledger?user=ann&password=secret";

        DatabaseUnusable refusal = assertThrows(DatabaseUnusable.class, () -> Database.open(url, new SettableTime()));

        assertTrue(refusal.getMessage().contains("127.0.0.1:" + port), refusal.getMessage());
        assertFalse(refusal.getMessage().contains("secret"), refusal.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "synchronous_commit, on",
        "statement_timeout, 4s",
        "idle_in_transaction_session_timeout, 5s",
    })
    void whatAUrlAsksForCannotMakeItLoseOrHangAnything(String setting, String value) {
        try (Store store = Store.Kind.POSTGRES.make()) {
            String url = store.url() + "&socketTimeout=0&options=-c%20" + setting + "=0%20-c%20work_mem=5MB";
            try (Handle handle = Engine.of(url, store.processTime()).open()) {
                assertEquals(value, show(handle, setting));
                assertEquals("5MB", show(handle, "work_mem"));
            }
        }
    }

    private static String show(Handle handle, String setting) {
        return handle.createQuery("SHOW " + setting).mapTo(String.class).one();
    }
}
