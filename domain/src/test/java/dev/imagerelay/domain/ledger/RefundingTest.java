package dev.imagerelay.domain.ledger;

import static dev.imagerelay.domain.ledger.PaperLedger.balance;
import static dev.imagerelay.domain.ledger.PaperLedger.hold;
import static dev.imagerelay.domain.ledger.PaperLedger.id;
import static dev.imagerelay.domain.ledger.PaperLedger.refund;
import static dev.imagerelay.domain.ledger.PaperLedger.release;
import static dev.imagerelay.domain.ledger.PaperLedger.settle;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.imagerelay.domain.pricing.Credits;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A refund gives back what was charged, up to all of it, to the grants that paid. */
class RefundingTest {

    private final PaperLedger ledger = new PaperLedger();

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        // grants | quote | charge | refund | what it does | what is left
        "a 9           | 4 | 4 | 4 | REFUNDED 4 a                | a 9+0",
        "a 9           | 4 | 4 | 1 | REFUNDED 1 a                | a 6+0",
        "a 9           | 4 | 3 | 3 | REFUNDED 3 a                | a 9+0",
        "a 3, b 3      | 5 | 5 | 1 | REFUNDED 1 b                | a 0+0, b 2+0", // the last that paid first
        "a 3, b 3      | 5 | 5 | 4 | REFUNDED 2 b, REFUNDED 2 a  | a 2+0, b 3+0",
        "a 3, b 3      | 5 | 2 | 2 | REFUNDED 2 a                | a 3+0, b 3+0", // b was held but did not pay
        "a 3 last, b 3 | 5 | 5 | 5 | REFUNDED 2 a, REFUNDED 3 b  | a 3+0, b 3+0"
    })
    void goesToTheGrantsThatPaidTheLastOneFirst(
            String grants, String quoted, String charge, String amount, String entries, String left) {
        ledger.with(grants).post(hold(1, quoted));
        ledger.post(settle(1, charge));

        assertEquals(entries, ledger.does(refund(1, amount)));
        assertEquals(left, ledger.left());
    }

    @Test
    void whatWasRefundedIsNotRefundedAgain() {
        ledger.with("a 3, b 3").post(hold(1, "5"));
        ledger.post(settle(1, "5"));

        assertEquals("REFUNDED 1 b", ledger.does(refund(1, "1")));
        assertEquals("REFUNDED 1 b, REFUNDED 1 a", ledger.does(refund(1, "2")));
        assertContradicted("of " + id(1) + " up to 2 credits can be refunded, not 3", refund(1, "3"));
        assertEquals("REFUNDED 2 a", ledger.does(refund(1, "2")));
        assertContradicted("of " + id(1) + " up to 0 credits can be refunded, not 0.000001", refund(1, "0.000001"));
        assertEquals(ledger.relay(id(1)).charged(), ledger.relay(id(1)).refunded());
        assertEquals("a 3+0, b 3+0", ledger.left());
    }

    @Test
    void isPostedWithTheRelayTheNoteAndTheBalance() {
        ledger.with("a 9").post(hold(1, "4"));
        ledger.post(settle(1, "4"));

        Posting.Posted posted = (Posting.Posted) ledger.post(refund(1, "1"));

        assertEquals(
                List.of(new LedgerEntry(
                        PaperLedger.ACCOUNT, EntryKind.REFUNDED, Credits.of("1"), new GrantId("a"), Optional.of(id(1)),
                        Optional.of(PaperLedger.NOTE), PaperLedger.FIRST_DAY)),
                posted.entries());
        assertEquals(Credits.of("1"), posted.relay().orElseThrow().refunded());
        assertEquals(balance("6", "0"), posted.balance());
    }

    @Test
    void whatReturnsToAnExpiredGrantIsWrittenOff() {
        ledger.with("a 3 until 3, b 3").post(hold(1, "5"));
        ledger.post(settle(1, "5"));

        assertEquals(
                "REFUNDED 2 b, REFUNDED 3 a, EXPIRED 3 a", ledger.onDay(3).does(refund(1, "5")));
        assertEquals("a 0+0, b 3+0", ledger.left());
    }

    @Test
    void aRefundOfNothingIsContradicted() {
        ledger.with("a 9").post(hold(1, "4"));
        ledger.post(settle(1, "4"));

        assertContradicted("of " + id(1) + " up to 4 credits can be refunded, not 0", refund(1, "0"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatWasNotChargedCannotBeRefunded(boolean released) {
        ledger.with("a 9").post(hold(1, "4"));
        if (released) {
            ledger.post(release(1));
        }

        assertContradicted("of " + id(1) + " up to 0 credits can be refunded, not 1", refund(1, "1"));
    }

    private void assertContradicted(String why, Intent intent) {
        String before = ledger.left();
        assertEquals(new Posting.Contradicted(why), ledger.post(intent));
        assertEquals(before, ledger.left());
    }

    @Test
    void aRefundedRelayStaysEnded() {
        ledger.with("a 9").post(hold(1, "4"));
        ledger.post(settle(1, "4"));
        ledger.post(refund(1, "4"));

        assertEquals(new Posting.AlreadyEnded(ledger.relay(id(1)), balance("9", "0")), ledger.post(settle(1, "4")));
        assertEquals(new Posting.AlreadyEnded(ledger.relay(id(1)), balance("9", "0")), ledger.post(release(1)));
    }

    @Test
    void aStoreThatLoadsTooLittleIsFoundOut() {
        ledger.with("a 9").post(hold(1, "4"));
        ledger.post(settle(1, "4"));
        CreditAccount noRelay = new CreditAccount(PaperLedger.ACCOUNT, ledger.grants(), Optional.empty());
        CreditAccount noDraws = new CreditAccount(
                PaperLedger.ACCOUNT, ledger.grants(), Optional.of(new Hold(ledger.relay(id(1)), List.of())));

        for (CreditAccount books : List.of(noRelay, noDraws)) {
            assertThrows(
                    IllegalStateException.class, () -> refund(1, "4").rule().decide(books, PaperLedger.FIRST_DAY));
        }
    }
}
