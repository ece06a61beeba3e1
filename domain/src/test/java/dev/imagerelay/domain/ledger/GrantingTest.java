package dev.imagerelay.domain.ledger;

import static dev.imagerelay.domain.ledger.PaperLedger.ACCOUNT;
import static dev.imagerelay.domain.ledger.PaperLedger.FIRST_DAY;
import static dev.imagerelay.domain.ledger.PaperLedger.balance;
import static dev.imagerelay.domain.ledger.PaperLedger.day;
import static dev.imagerelay.domain.ledger.PaperLedger.hold;
import static dev.imagerelay.domain.ledger.PaperLedger.settle;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.imagerelay.domain.pricing.Credits;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A grant comes in once, however often its external id is repeated, and goes out when its time has come. */
class GrantingTest {

    private final PaperLedger ledger = new PaperLedger();

    @Test
    void isPostedWhole() {
        Grant grant = grant("a", "5", "payment-1", null);

        assertEquals(
                new Posting.Posted(
                        List.of(new LedgerEntry(
                                ACCOUNT, EntryKind.GRANTED, Credits.of("5"), new GrantId("a"), Optional.empty(),
                                Optional.empty(), FIRST_DAY)),
                        List.of(grant),
                        Optional.empty(),
                        balance("5", "0")),
                ledger.post(Intent.grant(ACCOUNT, grant)));
    }

    @Test
    void theSameExternalIdAndAmountAddsNothing() {
        ledger.post(Intent.grant(ACCOUNT, grant("a", "5", "payment-1", null)));

        assertEquals("", ledger.does(Intent.grant(ACCOUNT, grant("b", "5", "payment-1", null))));
        assertEquals("a 5+0", ledger.left());
    }

    @Test
    void itAddsNothingEvenAfterAllOfItIsSpent() {
        ledger.post(Intent.grant(ACCOUNT, grant("a", "5", "payment-1", null)));
        ledger.post(hold(1, "5"));
        ledger.post(settle(1, "5"));

        assertEquals("", ledger.does(Intent.grant(ACCOUNT, grant("b", "5", "payment-1", null))));
        assertEquals("a 0+0", ledger.left());
    }

    @Test
    void itAddsNothingEvenAfterItHasExpired() {
        ledger.post(Intent.grant(ACCOUNT, grant("a", "5", "payment-1", day(3))));
        Intent again = Intent.grant(ACCOUNT, grant("b", "5", "payment-1", day(3)));

        assertEquals("EXPIRED 5 a", ledger.onDay(3).does(again));
        assertEquals("", ledger.does(again));
        assertEquals("a 0+0", ledger.left());
    }

    @Test
    void theSameExternalIdWithAnotherAmountIsContradicted() {
        ledger.post(Intent.grant(ACCOUNT, grant("a", "5", "payment-1", null)));

        assertEquals(
                new Posting.Contradicted("grant 'payment-1' is already in the books with 5 credits, not 6"),
                ledger.post(Intent.grant(ACCOUNT, grant("b", "6", "payment-1", null))));
        assertEquals("a 5+0", ledger.left());
    }

    @Test
    void otherExternalIdsAndNoneAreOtherGrants() {
        ledger.post(Intent.grant(ACCOUNT, grant("a", "5", "payment-1", null)));
        ledger.post(Intent.grant(ACCOUNT, grant("b", "5", "payment-2", null)));
        ledger.post(Intent.grant(ACCOUNT, grant("c", "5", null, null)));
        ledger.post(Intent.grant(ACCOUNT, grant("d", "5", null, null)));

        assertEquals("a 5+0, b 5+0, c 5+0, d 5+0", ledger.left());
    }

    @Test
    void cannotHaveExpiredBeforeItIsMade() {
        assertInstanceOf(
                Posting.Contradicted.class, ledger.onDay(3).post(Intent.grant(ACCOUNT, grant("a", "5", null, day(3)))));
        assertEquals("", ledger.left());
    }

    @Test
    void lastsUntilTheVeryMomentOfItsExpiry() {
        ledger.with("a 5 until 3");
        Intent expire = Intent.expire(ACCOUNT);
        CreditAccount books = new CreditAccount(ACCOUNT, ledger.grants(), Optional.empty());

        assertEquals(List.of(), ((Posting.Posted) expire.rule().decide(books, day(3).minusNanos(1))).entries());
        assertEquals("EXPIRED 5 a", ledger.onDay(3).does(expire));
    }

    @Test
    void expiringWritesOffAllThatIsAvailableAndNothingThatIsHeld() {
        ledger.with("a 5 until 3, b 5 until 4, c 5 until 2, d 5").post(hold(1, "6"));

        assertEquals("a 4+1, b 5+0, c 0+5, d 5+0", ledger.left());
        assertEquals("EXPIRED 4 a", ledger.onDay(3).does(Intent.expire(ACCOUNT)));
        assertEquals("", ledger.does(Intent.expire(ACCOUNT)));
        assertEquals("a 0+1, b 5+0, c 0+5, d 5+0", ledger.left());
    }

    @Test
    void anotherGrantWritesOffWhatHasExpired() {
        ledger.with("a 5 until 3").onDay(3);

        assertEquals(
                "EXPIRED 5 a, GRANTED 1 b", ledger.does(Intent.grant(ACCOUNT, grant("b", "1", null, null))));
    }

    @Test
    void moreThanCanBeCountedIsRefusedAndChangesNothing() {
        String most = "9223372036854.775807";
        ledger.post(Intent.grant(ACCOUNT, grant("a", most, null, null)));

        assertThrows(
                ArithmeticException.class,
                () -> ledger.post(Intent.grant(ACCOUNT, grant("b", "0.000001", null, null))));
        assertEquals("a " + most + "+0", ledger.left());
    }

    private Grant grant(String id, String amount, String externalId, Instant expiresAt) {
        return Grant.of(
                new GrantId(id), GrantSource.PURCHASED, Grant.USUAL_PRIORITY, Optional.ofNullable(expiresAt),
                ledger.now(), Optional.ofNullable(externalId), Credits.of(amount));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 101})
    void itsPriorityIsZeroToAHundred(int priority) {
        assertThrows(IllegalArgumentException.class, () -> grant(priority, Optional.empty(), "5", "5", "0"));
        assertEquals(0, grant(0, Optional.empty(), "5", "5", "0").priority());
    }

    @Test
    void itsAmountsAndItsExternalIdMakeSense() {
        assertThrows(IllegalArgumentException.class, () -> grant(50, Optional.empty(), "0", "0", "0"));
        assertThrows(IllegalArgumentException.class, () -> grant(50, Optional.empty(), "5", "5", "0.000001"));
        assertThrows(IllegalArgumentException.class, () -> grant(50, Optional.of(" "), "5", "5", "0"));
        assertThrows(IllegalArgumentException.class, () -> grant(50, Optional.of("x".repeat(201)), "5", "5", "0"));
        assertEquals("5", grant(100, Optional.of("x".repeat(200)), "5", "2", "3").granted().toString());
        assertThrows(IllegalArgumentException.class, () -> new GrantId(" "));
        assertThrows(IllegalArgumentException.class, () -> new GrantId("x".repeat(65)));
        assertEquals("x".repeat(64), new GrantId("x".repeat(64)).toString());
    }

    private static Grant grant(
            int priority, Optional<String> externalId, String granted, String available, String held) {
        return new Grant(
                new GrantId("a"), GrantSource.PURCHASED, priority, Optional.empty(), FIRST_DAY, externalId,
                Credits.of(granted), Credits.of(available), Credits.of(held));
    }
}
