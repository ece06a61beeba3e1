package dev.imagerelay.adapters.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.application.port.out.StoreUnavailable;
import dev.imagerelay.domain.account.Account;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.ledger.Balance;
import dev.imagerelay.domain.ledger.Grant;
import dev.imagerelay.domain.ledger.GrantId;
import dev.imagerelay.domain.ledger.GrantSource;
import dev.imagerelay.domain.ledger.Intent;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.pricing.RateCard;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for the database as a whole: how it opens, what it keeps, and how it notices that its books are wrong. */
class DatabaseTest {

    @RegisterExtension
    final H2Extension h2 = new H2Extension();

    private final AccountId ann = new AccountId("ann");

    @BeforeEach
    void giveAnnTenCredits() {
        h2.database().accounts().add(new Account(ann, "Ann"));
        h2.database().ledger().post(Intent.grant(ann, Grant.of(
                new GrantId("grant"), GrantSource.PURCHASED, 50, Optional.empty(), h2.time().instant(),
                Optional.empty(), Credits.of("10"))));
    }

    @Test
    void everythingIsThereWhenItIsOpenedAgain() {
        RateCard card = H2Extension.rateCard("2.5");
        h2.database().rateCards().keep(card);

        h2.reopen();

        assertEquals(new Balance(Credits.of("10"), Credits.ZERO), h2.database().ledger().balance(ann));
        assertEquals(Optional.of(card.text()), h2.database().rateCards().text(card.version()));
    }

    @Test
    void aRateCardIsKeptOnce() {
        RateCard card = H2Extension.rateCard("2.5");

        h2.database().rateCards().keep(card);
        h2.database().rateCards().keep(card);

        assertEquals(Optional.of(card.text()), h2.database().rateCards().text(card.version()));
        assertEquals(Optional.empty(), h2.database().rateCards().text(H2Extension.rateCard("3").version()));
    }

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
        assertThrows(IllegalArgumentException.class, () -> Database.open(url, h2.time()));
    }

    @Test
    void aDatabaseOfALaterVersionIsRefused() throws SQLException {
        change("""
                INSERT INTO "flyway_schema_history"
                SELECT 99, '99', 'from the future', "type", "script", "checksum", "installed_by", "installed_on",
                       "execution_time", "success"
                FROM "flyway_schema_history" WHERE "version" = '1'
                """);

        DatabaseUnusable refusal =
                assertThrows(DatabaseUnusable.class, () -> Database.open(h2.url(), h2.time()));

        assertTrue(refusal.getMessage().contains("later version"), refusal.getMessage());
        change("DELETE FROM \"flyway_schema_history\" WHERE \"version\" = '99'");
    }

    @Test
    void aReaderWhoIsInterruptedHarmsNobody() {
        Thread.currentThread().interrupt();
        h2.database().books().offenders();

        assertTrue(Thread.interrupted(), "the interrupt is the caller's to deal with");
        h2.database().accounts().add(new Account(new AccountId("bob"), "Bob"));
    }

    @Test
    void aDatabaseThatIsLostIsUnavailableToReadersAndWriters() {
        h2.database().close();

        assertThrows(StoreUnavailable.class, () -> h2.database().ledger().balance(ann));
        assertThrows(StoreUnavailable.class, () -> h2.database().accounts().add(new Account(ann, "Ann")));
        h2.reopen();
    }

    @Test
    void booksThatDoNotBalanceAreNamedLineByLine() throws SQLException {
        change("UPDATE credit_grant SET available = available - 1");

        List<String> offenders = h2.database().books().offenders();

        assertEquals(
                List.of("grant grant shows 9999999 available and 0 held, but its entries add up to 10000000 and 0"),
                offenders);
        change("UPDATE credit_grant SET available = available + 1");
    }

    @Test
    void noBalanceCanBeMadeNegativeEvenByHand() {
        assertThrows(SQLException.class, () -> change("UPDATE credit_grant SET available = -1"));
        assertThrows(SQLException.class, () -> change("UPDATE credit_grant SET held = -1"));
        assertThrows(SQLException.class, () -> change("UPDATE credit_grant SET available = granted + 1"));
    }

    private void change(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(h2.url() + ";DB_CLOSE_ON_EXIT=FALSE");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
