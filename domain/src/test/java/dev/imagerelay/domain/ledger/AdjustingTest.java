package dev.imagerelay.domain.ledger;

import static dev.imagerelay.domain.ledger.PaperLedger.ACCOUNT;
import static dev.imagerelay.domain.ledger.PaperLedger.NOTE;
import static dev.imagerelay.domain.ledger.PaperLedger.balance;
import static dev.imagerelay.domain.ledger.PaperLedger.hold;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.imagerelay.domain.ledger.LedgerEntry.Note;
import dev.imagerelay.domain.pricing.Credits;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Credits move by hand only with a name and a reason, and never more than can be spent. */
class AdjustingTest {

    private final PaperLedger ledger = new PaperLedger();

    @Test
    void upwardsIsAGrantThatDoesNotExpire() {
        Grant added = Grant.of(
                new GrantId("x"), GrantSource.ADJUSTMENT, Grant.USUAL_PRIORITY, Optional.empty(),
                PaperLedger.FIRST_DAY, Optional.empty(), Credits.of("2"));

        assertEquals(
                new Posting.Posted(
                        List.of(new LedgerEntry(
                                ACCOUNT, EntryKind.ADJUSTED_UP, Credits.of("2"), new GrantId("x"), Optional.empty(),
                                Optional.of(NOTE), PaperLedger.FIRST_DAY)),
                        List.of(added),
                        Optional.empty(),
                        balance("2", "0")),
                ledger.post(up("2")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "a 5           | 5 | ADJUSTED_DOWN 5 a                    | a 0+0",
        "a 5, b 5      | 7 | ADJUSTED_DOWN 5 a, ADJUSTED_DOWN 2 b | a 0+0, b 3+0",
        "a 5 last, b 5 | 7 | ADJUSTED_DOWN 5 b, ADJUSTED_DOWN 2 a | a 3+0, b 0+0"
    })
    void downwardsTakesFromTheGrantsInTheOrderOfSpending(String grants, String amount, String entries, String left) {
        assertEquals(entries, ledger.with(grants).does(down(amount)));
        assertEquals(left, ledger.left());
    }

    @Test
    void downwardsSaysWhoDidItAndWhy() {
        ledger.with("a 5").post(down("1"));

        LedgerEntry last = ledger.entries().get(ledger.entries().size() - 1);
        assertEquals(Optional.of(NOTE), last.note());
        assertEquals(Optional.empty(), last.relay());
    }

    @Test
    void whatIsHeldIsOutOfReach() {
        ledger.with("a 5").post(hold(1, "4"));

        assertEquals(new Posting.Insufficient(Credits.of("2"), balance("1", "4")), ledger.post(down("2")));
        assertEquals("ADJUSTED_DOWN 1 a", ledger.does(down("1")));
        assertEquals("a 0+4", ledger.left());
    }

    @Test
    void bothWriteOffWhatHasExpired() {
        ledger.with("a 5 until 3, b 5 until 4, c 5").onDay(3);

        assertEquals("EXPIRED 5 a, ADJUSTED_UP 2 x", ledger.does(up("2")));
        assertEquals("EXPIRED 5 b, ADJUSTED_DOWN 5 c, ADJUSTED_DOWN 1 x", ledger.onDay(4).does(down("6")));
    }

    private static Intent up(String amount) {
        return Intent.adjustUp(ACCOUNT, new GrantId("x"), Credits.of(amount), NOTE);
    }

    private static Intent down(String amount) {
        return Intent.adjustDown(ACCOUNT, Credits.of(amount), NOTE);
    }

    @Test
    void aNoteSaysWhoAndWhy() {
        assertEquals("a".repeat(100), new Note("a".repeat(100), "b".repeat(500)).who());
        assertThrows(IllegalArgumentException.class, () -> new Note(" ", "because"));
        assertThrows(IllegalArgumentException.class, () -> new Note("ann", " "));
        assertThrows(IllegalArgumentException.class, () -> new Note("a".repeat(101), "because"));
        assertThrows(IllegalArgumentException.class, () -> new Note("ann", "b".repeat(501)));
    }
}
