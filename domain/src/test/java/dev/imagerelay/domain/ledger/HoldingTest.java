package dev.imagerelay.domain.ledger;

import static dev.imagerelay.domain.ledger.PaperLedger.balance;
import static dev.imagerelay.domain.ledger.PaperLedger.held;
import static dev.imagerelay.domain.ledger.PaperLedger.hold;
import static dev.imagerelay.domain.ledger.PaperLedger.release;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.imagerelay.domain.pricing.Credits;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A hold sets a quote aside from the grants that are to be spent first, or says what is missing. */
class HoldingTest {

    private final PaperLedger ledger = new PaperLedger();

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "a 5                               | 5 | HELD 5 a",
        "a 5                               | 2 | HELD 2 a",
        "a 5, b 5                          | 7 | HELD 5 a, HELD 2 b", // the oldest first
        "a 5, b 5 until 9                  | 7 | HELD 5 b, HELD 2 a", // before it, what expires
        "a 5 until 9, b 5 until 8          | 7 | HELD 5 b, HELD 2 a", // the sooner the earlier
        "a 5 until 8, b 5 first            | 7 | HELD 5 b, HELD 2 a", // before that, what is to be spent first
        "a 5 last, b 5                     | 7 | HELD 5 b, HELD 2 a",
        "a 5 until 8 last, b 5, c 5 first  | 12 | HELD 5 c, HELD 5 b, HELD 2 a",
        "a 1, b 1, c 1, d 1                | 3.5 | HELD 1 a, HELD 1 b, HELD 1 c, HELD 0.5 d"
    })
    void drawsOnTheGrantsInTheOrderOfSpending(String grants, String quoted, String entries) {
        assertEquals(entries, ledger.with(grants).does(hold(1, quoted)));
    }

    @Test
    void twoGrantsAlikeInEverythingAreSpentInTheOrderOfTheirNames() {
        for (String name : List.of("b", "a")) {
            ledger.post(Intent.grant(
                    PaperLedger.ACCOUNT,
                    Grant.of(
                            new GrantId(name), GrantSource.PURCHASED, 50, Optional.empty(), PaperLedger.FIRST_DAY,
                            Optional.empty(), Credits.of("5"))));
        }

        assertEquals("HELD 5 a, HELD 2 b", ledger.does(hold(1, "7")));
    }

    @Test
    void isPostedWithTheRelayAndTheBalanceThatIsLeft() {
        ledger.with("a 5, b 5");

        assertEquals(
                new Posting.Posted(
                        List.of(
                                entry("a", "5"),
                                entry("b", "2")),
                        List.of(grant("a").leaving(Credits.ZERO, Credits.of("5")),
                                grant("b").leaving(Credits.of("3"), Credits.of("2"))),
                        Optional.of(held(1, Credits.of("7"))),
                        balance("3", "7")),
                ledger.post(hold(1, "7")));
    }

    private static LedgerEntry entry(String grant, String amount) {
        return new LedgerEntry(
                PaperLedger.ACCOUNT, EntryKind.HELD, Credits.of(amount), new GrantId(grant),
                Optional.of(PaperLedger.id(1)), Optional.empty(), PaperLedger.FIRST_DAY);
    }

    private Grant grant(String id) {
        return ledger.grants().stream().filter(grant -> grant.id().value().equals(id)).findAny().orElseThrow();
    }

    @Test
    void whatCannotBeCoveredIsInsufficientAndHoldsNothing() {
        ledger.with("a 5, b 5").post(hold(1, "7"));

        assertEquals(
                new Posting.Insufficient(Credits.of("3.000001"), balance("3", "7")), ledger.post(hold(2, "3.000001")));
        assertEquals("a 0+5, b 3+2", ledger.left());
        assertEquals(List.of(held(1, Credits.of("7"))), ledger.relays());
    }

    @Test
    void whatIsGivenBackCanBeHeldAgain() {
        ledger.with("a 5").post(hold(1, "5"));

        assertEquals(new Posting.Insufficient(Credits.of("1"), balance("0", "5")), ledger.post(hold(2, "1")));
        ledger.post(release(1));
        assertEquals("HELD 1 a", ledger.does(hold(2, "1")));
    }

    @Test
    void whatHasExpiredIsWrittenOffFirst() {
        ledger.with("a 5 until 3, b 5");

        assertEquals("EXPIRED 5 a, HELD 4 b", ledger.onDay(3).does(hold(1, "4")));
    }

    @Test
    void whatHasExpiredDoesNotCover() {
        ledger.with("a 5 until 3, b 1").onDay(3);

        assertEquals(new Posting.Insufficient(Credits.of("2"), balance("1", "0")), ledger.post(hold(1, "2")));
    }

    @Test
    void aRelayThatIsFreeNeedsNoCredits() {
        assertEquals("", ledger.does(hold(1, "0")));
        assertEquals(List.of(held(1, Credits.ZERO)), ledger.relays());
    }

    @Test
    void anAccountWithoutGrantsHasNothing() {
        assertEquals(
                new Posting.Insufficient(Credits.of("0.000001"), balance("0", "0")), ledger.post(hold(1, "0.000001")));
    }
}
