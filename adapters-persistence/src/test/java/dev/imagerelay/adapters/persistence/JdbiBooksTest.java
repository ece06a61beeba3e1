package dev.imagerelay.adapters.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.application.Records;
import dev.imagerelay.application.port.out.Books;
import dev.imagerelay.domain.account.Account;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.ledger.Intent;
import dev.imagerelay.domain.relay.Relay;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The checks of the books find what somebody has changed behind the gateway's back, and name it. */
class JdbiBooksTest {

    private static final AccountId ANN = new AccountId("ann");

    @Nested
    @ParameterizedClass
    @EnumSource(Store.Kind.class)
    class WhateverKeepsThem {

        @RegisterExtension
        final FreshDatabase fresh;

        WhateverKeepsThem(Store.Kind kind) {
            fresh = new FreshDatabase(kind);
        }

        @BeforeEach
        void sellAPicture() {
            openAccount(fresh.database());
            Relay relay = hold(fresh.database());
            fresh.database().ledger().post(Intent.settle(ANN, relay.id(), Samples.CHARGE));
            hold(fresh.database());
        }

        @Test
        void nothingIsWrongWithBooksThatNobodyTouched() {
            assertEquals(List.of(), fresh.database().books().offenders());
            assertEquals(List.of(), fresh.database().books().mispriced());
            assertEquals(List.of(), fresh.database().books().overdue());
        }

        /** Each is undone again, as the books must balance in the end. */
        @ParameterizedTest
        @CsvSource(delimiter = '|', value = {
            "credit_grant SET available = available - 1 | available = available + 1 | but its entries add up to",
            "credit_grant SET granted = granted + 1     | granted = granted - 1     | but its entries bring in 100000000",
            "relay SET account_id = 'bob'               | account_id = 'ann'        | do not all exist and belong together",
            "relay SET quoted = quoted + 1              | quoted = quoted - 1       | but its entries hold 1000000",
            "claim SET relay_id = 'req_lost'            | relay_id = relay          | is claimed by relay req_lost"
        })
        void whatDoesNotAddUpIsNamed(String change, String back, String words) throws SQLException {
            fresh.store().change("INSERT INTO claim SELECT 'ann', 'order', 'same', MIN(id), CURRENT_TIMESTAMP FROM relay");
            fresh.store().change("UPDATE " + change);

            List<String> offenders = fresh.database().books().offenders();

            assertTrue(offenders.stream().anyMatch(offender -> offender.contains(words)), offenders.toString());
            fresh.store().change("UPDATE " + change.substring(0, change.indexOf("SET ")) + "SET "
                    + back.replace("= relay", "= (SELECT MIN(id) FROM relay)"));
        }

        @Test
        void whatCostOtherThanItsRateCardSaysIsNamed() throws SQLException {
            fresh.store().change("UPDATE rate_card SET prices = 'm 1024x1024 - 2\n'");
            Books books = fresh.database().books();

            assertEquals(3, books.mispriced().size(), "the card, a relay in flight and a settled one");
            assertTrue(books.mispriced().get(0).endsWith("has other prices than when it was kept"));
            assertTrue(books.mispriced().stream().anyMatch(line -> line.endsWith("(SETTLED) was quoted 1 credits and charged"
                    + " 1 for 1 images, which rate card " + Samples.CARD.version() + " does not lead to")));

            fresh.store().change("DELETE FROM rate_card");
            assertTrue(books.mispriced().stream().allMatch(line -> line.endsWith("which is not kept")));
            assertEquals(2, books.mispriced().size());
        }
    }

    @Nested
    class OfSeveralGateways {

        @RegisterExtension
        final FreshDatabase fresh = new FreshDatabase(Store.Kind.POSTGRES);

        @Test
        void whatADeadGatewayHoldsIsOverdueOnceAnotherShouldHaveGivenItBack() {
            openAccount(fresh.database());
            Relay held;
            try (Database dead = fresh.store().open()) {
                held = hold(dead);
            }
            fresh.store().pass(Duration.ofSeconds(89));
            assertEquals(List.of(), fresh.database().books().overdue());
            fresh.store().pass(Duration.ofSeconds(1));
            assertEquals(List.of(), fresh.database().books().overdue(), "nobody is alive but who asks");

            try (Database alive = fresh.store().open()) {
                List<String> overdue = fresh.database().books().overdue();

                assertEquals(1, overdue.size());
                assertTrue(overdue.get(0).startsWith("relay " + held.id() + " is held by gateway "), overdue.get(0));
                alive.ledger().post(Intent.release(ANN, held.id(), "gateway_died"));
                assertEquals(List.of(), fresh.database().books().overdue());
            }
        }
    }

    private static void openAccount(Database database) {
        database.rateCards().keep(Samples.CARD);
        database.accounts().add(new Account(ANN, "Ann"), Records.ANY);
        database.ledger().post(Samples.grant(ANN, "100"));
    }

    private static Relay hold(Database database) {
        Relay relay = Samples.relay(ANN);
        database.ledger().post(Intent.hold(relay));
        return relay;
    }
}
