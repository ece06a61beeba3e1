package dev.imagerelay.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.adapters.upstream.MisbehavingUpstream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** No end-to-end test passes over books that are wrong, as it closes its server. */
class RunningRelayTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "UPDATE credit_grant SET available = available - 1            | the books balance",
        "UPDATE relay SET charged = charged - 1                       | the books balance",
        "DELETE FROM rate_card                                        | everything cost what it should",
        "UPDATE relay SET state = 'HELD', ended_at = NULL, delivered = 0, charged = 0 | nothing is held"
    })
    void wrongBooksFailTheTestThatMadeThem(String mistake, String told) throws Exception {
        String url = ServerProcess.databaseUrl(directory);
        try (MisbehavingUpstream upstream =
                MisbehavingUpstream.answering(MisbehavingUpstream.json(200, Exchanges.PICTURE))) {
            RunningRelay relay = RunningRelay.patientlyOn(upstream, "10", url);
            assertEquals(200, relay.generate(Exchanges.ORDER).statusCode());
            try (Connection connection = DriverManager.getConnection(url)) {
                connection.createStatement().executeUpdate(mistake);
            }

            AssertionError failure = assertThrows(AssertionError.class, relay::close);

            assertTrue(failure.getMessage().startsWith(told), failure.getMessage());
        }
    }
}
