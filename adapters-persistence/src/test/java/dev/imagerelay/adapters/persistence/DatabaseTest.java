package dev.imagerelay.adapters.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.application.Records;
import dev.imagerelay.application.port.out.StoreUnavailable;
import dev.imagerelay.domain.account.Account;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.ledger.Balance;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.pricing.RateCard;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds for the database as a whole: how it opens, what it keeps, and how it notices that its books are wrong. */
@ParameterizedClass
@EnumSource(Store.Kind.class)
class DatabaseTest {

    @RegisterExtension
    final FreshDatabase fresh;

    private final AccountId ann = new AccountId("ann");

    DatabaseTest(Store.Kind kind) {
        fresh = new FreshDatabase(kind);
    }

    @BeforeEach
    void giveAnnTenCredits() {
        fresh.database().accounts().add(new Account(ann, "Ann"), Records.ANY);
        fresh.database().ledger().post(Samples.grant(ann, "10"));
    }

    @Test
    void everythingIsThereWhenItIsOpenedAgain() {
        RateCard card = Samples.rateCard("2.5");
        fresh.database().rateCards().keep(card);

        fresh.reopen();

        assertEquals(new Balance(Credits.of("10"), Credits.ZERO), fresh.database().ledger().balance(ann));
        assertEquals(Optional.of(card.text()), fresh.database().rateCards().text(card.version()));
    }

    @Test
    void aRateCardIsKeptOnce() {
        RateCard card = Samples.rateCard("2.5");

        fresh.database().rateCards().keep(card);
        fresh.database().rateCards().keep(card);

        assertEquals(Optional.of(card.text()), fresh.database().rateCards().text(card.version()));
        assertEquals(Optional.empty(), fresh.database().rateCards().text(Samples.rateCard("3").version()));
    }

    @Test
    void aDatabaseOfALaterVersionIsRefused() throws SQLException {
        fresh.store().change("""
                INSERT INTO "flyway_schema_history"
                SELECT 99, '99', 'from the future', "type", "script", "checksum", "installed_by", "installed_on",
                       "execution_time", "success"
                FROM "flyway_schema_history" WHERE "version" = '1'
                """);

        DatabaseUnusable refusal = assertThrows(DatabaseUnusable.class, fresh.store()::open);

        assertTrue(refusal.getMessage().contains("later version"), refusal.getMessage());
        fresh.store().change("DELETE FROM \"flyway_schema_history\" WHERE \"version\" = '99'");
    }

    @Test
    void aReaderWhoIsInterruptedHarmsNobody() {
        Thread.currentThread().interrupt();
        fresh.database().books().offenders();

        assertTrue(Thread.interrupted(), "the interrupt is the caller's to deal with");
        fresh.database().accounts().add(new Account(new AccountId("bob"), "Bob"), Records.ANY);
    }

    @Test
    void aDatabaseThatIsLostIsUnavailableToReadersAndWriters() {
        fresh.database().close();

        assertThrows(StoreUnavailable.class, () -> fresh.database().ledger().balance(ann));
        assertThrows(StoreUnavailable.class, () -> fresh.database().accounts().add(new Account(ann, "Ann"), Records.ANY));
        fresh.reopen();
    }

    @Test
    void booksThatDoNotBalanceAreNamedLineByLine() throws SQLException {
        fresh.store().change("UPDATE credit_grant SET available = available - 1");

        List<String> offenders = fresh.database().books().offenders();

        assertEquals(1, offenders.size());
        assertTrue(
                offenders.get(0).endsWith(
                        "shows 9999999 available and 0 held, but its entries add up to 10000000 and 0"),
                offenders.get(0));
        fresh.store().change("UPDATE credit_grant SET available = available + 1");
    }

    @Test
    void noBalanceCanBeMadeNegativeEvenByHand() {
        assertThrows(SQLException.class, () -> fresh.store().change("UPDATE credit_grant SET available = -1"));
        assertThrows(SQLException.class, () -> fresh.store().change("UPDATE credit_grant SET held = -1"));
        assertThrows(SQLException.class, () -> fresh.store().change("UPDATE credit_grant SET available = granted + 1"));
    }
}
