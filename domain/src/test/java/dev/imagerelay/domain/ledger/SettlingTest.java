package dev.imagerelay.domain.ledger;

import static dev.imagerelay.domain.ledger.PaperLedger.balance;
import static dev.imagerelay.domain.ledger.PaperLedger.held;
import static dev.imagerelay.domain.ledger.PaperLedger.hold;
import static dev.imagerelay.domain.ledger.PaperLedger.id;
import static dev.imagerelay.domain.ledger.PaperLedger.release;
import static dev.imagerelay.domain.ledger.PaperLedger.settle;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.imagerelay.domain.pricing.Charge;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.relay.Relay;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A hold ends once: settled at what was delivered, or released whole. Whatever comes second does nothing. */
class SettlingTest {

    private final PaperLedger ledger = new PaperLedger();

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        // grants | quote | charge | what settling does | what is left
        "a 9           | 4 | 4 | SETTLED 4 a                           | a 5+0",
        "a 9           | 4 | 1 | SETTLED 1 a, RELEASED 3 a             | a 8+0",
        "a 9           | 4 | 0 | RELEASED 4 a                          | a 9+0",
        "a 3, b 3      | 5 | 5 | SETTLED 3 a, SETTLED 2 b              | a 0+0, b 1+0",
        "a 3, b 3      | 5 | 4 | SETTLED 3 a, SETTLED 1 b, RELEASED 1 b | a 0+0, b 2+0", // the first drawn pays first
        "a 3, b 3      | 5 | 3 | SETTLED 3 a, RELEASED 2 b             | a 0+0, b 3+0",
        "a 3, b 3      | 5 | 2 | SETTLED 2 a, RELEASED 1 a, RELEASED 2 b | a 1+0, b 3+0",
        "a 3 last, b 3 | 5 | 4 | SETTLED 3 b, SETTLED 1 a, RELEASED 1 a | a 2+0, b 0+0",
        "a 3, b 3, c 3 | 7 | 4 | SETTLED 3 a, SETTLED 1 b, RELEASED 2 b, RELEASED 1 c | a 0+0, b 2+0, c 3+0"
    })
    void takesTheChargeInTheOrderOfDrawingAndGivesTheRestBack(
            String grants, String quoted, String charge, String entries, String left) {
        ledger.with(grants).post(hold(1, quoted));

        assertEquals(entries, ledger.does(settle(1, charge)));
        assertEquals(left, ledger.left());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "a 9           | 4 | RELEASED 4 a                  | a 9+0",
        "a 3, b 3      | 5 | RELEASED 3 a, RELEASED 2 b    | a 3+0, b 3+0",
        "a 3 last, b 3 | 5 | RELEASED 3 b, RELEASED 2 a    | a 3+0, b 3+0"
    })
    void releasingGivesAllBackToWhereItCameFrom(String grants, String quoted, String entries, String left) {
        ledger.with(grants).post(hold(1, quoted));

        assertEquals(entries, ledger.does(release(1)));
        assertEquals(left, ledger.left());
    }

    @Test
    void isPostedWithTheRelayAndTheBalanceThatIsLeft() {
        ledger.with("a 9").post(hold(1, "4"));
        ledger.post(hold(2, "2"));
        Relay settled = held(1, Credits.of("4")).settled(new Charge(Credits.of("3"), 1));

        Posting.Posted posted = (Posting.Posted) ledger.post(settle(1, "3"));

        assertEquals(Optional.of(settled), posted.relay());
        assertEquals(balance("4", "2"), posted.balance());
        assertEquals(
                new LedgerEntry(
                        PaperLedger.ACCOUNT, EntryKind.SETTLED, Credits.of("3"), new GrantId("a"), Optional.of(id(1)),
                        Optional.empty(), PaperLedger.FIRST_DAY),
                posted.entries().get(0));
    }

    @Test
    void aReleasedRelaySaysWhy() {
        ledger.with("a 9").post(hold(1, "4"));
        ledger.post(release(1));

        assertEquals(held(1, Credits.of("4")).released("timed_out"), ledger.relay(id(1)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "settle  | settle  | 6", "settle | release | 6", "release | settle | 9", "release | release | 9"
    })
    void whatEndedOnceDoesNotEndAgain(String first, String second, String available) {
        ledger.with("a 9").post(hold(1, "4"));
        ledger.post(ending(first));
        Relay ended = ledger.relay(id(1));

        assertEquals(new Posting.AlreadyEnded(ended, balance(available, "0")), ledger.post(ending(second)));
        assertEquals(ended, ledger.relay(id(1)));
        assertEquals("a " + available + "+0", ledger.left());
    }

    private static Intent ending(String verb) {
        return verb.equals("settle") ? settle(1, "3") : release(1);
    }

    @Test
    void moreThanIsHeldIsAMistakeOfTheProgram() {
        ledger.with("a 9").post(hold(1, "4"));

        assertThrows(IllegalArgumentException.class, () -> ledger.post(settle(1, "4.000001")));
        assertEquals("a 5+4", ledger.left());
    }

    @Test
    void otherHoldsAreLeftAlone() {
        ledger.with("a 3, b 3");
        ledger.post(hold(1, "2"));
        ledger.post(hold(2, "2"));

        assertEquals("SETTLED 1 a, SETTLED 1 b", ledger.does(settle(2, "2")));
        assertEquals("a 0+2, b 2+0", ledger.left());
    }

    @Test
    void whatWasHeldBeforeItsGrantExpiredPaysInFull() {
        ledger.with("a 9 until 3").post(hold(1, "4"));

        assertEquals("EXPIRED 5 a, SETTLED 4 a", ledger.onDay(3).does(settle(1, "4")));
    }

    @Test
    void whatComesBackAfterItsGrantExpiredIsWrittenOff() {
        ledger.with("a 3 until 3, b 3").post(hold(1, "5"));

        assertEquals(
                "RELEASED 3 a, RELEASED 2 b, EXPIRED 3 a", ledger.onDay(3).does(release(1)));
        assertEquals("a 0+0, b 3+0", ledger.left());
    }

    @Test
    void theRestOfASettlementIsWrittenOffToo() {
        ledger.with("a 9 until 3").post(hold(1, "4"));

        assertEquals(
                "EXPIRED 5 a, SETTLED 1 a, RELEASED 3 a, EXPIRED 3 a", ledger.onDay(4).does(settle(1, "1")));
        assertEquals("a 0+0", ledger.left());
    }

    @Test
    void aRelayThatIsFreeEndsLikeAnyOther() {
        ledger.post(hold(1, "0"));
        ledger.post(hold(2, "0"));

        assertEquals("", ledger.does(settle(1, "0")));
        assertEquals("", ledger.does(release(2)));
        assertEquals(
                List.of(held(1, Credits.ZERO).settled(new Charge(Credits.ZERO, 1)),
                        held(2, Credits.ZERO).released("timed_out")),
                ledger.relays());
    }

    @Test
    void aStoreThatLoadsTooLittleIsFoundOut() {
        CreditAccount nothing = new CreditAccount(PaperLedger.ACCOUNT, List.of(), Optional.empty());
        CreditAccount noGrant = new CreditAccount(PaperLedger.ACCOUNT, List.of(), Optional.of(new Hold(
                held(1, Credits.of("4")), List.of(new Draw(new GrantId("a"), Credits.of("4"))))));
        CreditAccount noDraws = new CreditAccount(
                PaperLedger.ACCOUNT, List.of(), Optional.of(new Hold(held(1, Credits.of("4")), List.of())));

        for (CreditAccount books : List.of(nothing, noGrant, noDraws)) {
            assertThrows(
                    IllegalStateException.class, () -> settle(1, "4").rule().decide(books, PaperLedger.FIRST_DAY));
        }
    }
}
