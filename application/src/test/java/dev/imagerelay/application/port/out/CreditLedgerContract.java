package dev.imagerelay.application.port.out;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.application.Records;
import dev.imagerelay.domain.account.Account;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.account.AuditRecord;
import dev.imagerelay.domain.account.Spender;
import dev.imagerelay.domain.account.SpendingCap.Period;
import dev.imagerelay.domain.account.SpendingCap;
import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.image.ImageQuality;
import dev.imagerelay.domain.image.ImageSize;
import dev.imagerelay.domain.image.ModelId;
import dev.imagerelay.domain.ledger.Balance;
import dev.imagerelay.domain.ledger.EntryKind;
import dev.imagerelay.domain.ledger.Grant;
import dev.imagerelay.domain.ledger.GrantId;
import dev.imagerelay.domain.ledger.GrantSource;
import dev.imagerelay.domain.ledger.Intent;
import dev.imagerelay.domain.ledger.LedgerEntry.Note;
import dev.imagerelay.domain.ledger.Posting;
import dev.imagerelay.domain.ledger.Statement;
import dev.imagerelay.domain.ledger.Totals;
import dev.imagerelay.domain.pricing.Charge;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.pricing.RateCardVersion;
import dev.imagerelay.domain.relay.Claim;
import dev.imagerelay.domain.relay.Claimed;
import dev.imagerelay.domain.relay.Relay;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.RelayState;
import dev.imagerelay.domain.relay.RequestBody;
import dev.imagerelay.domain.report.AuditLine;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every ledger must do, whatever it keeps its books in. */
public abstract class CreditLedgerContract {

    private static final Note NOTE = new Note("olivia", "because");

    private final AtomicInteger numbers = new AtomicInteger();
    private final AccountId ann = new AccountId("ann");
    private final AccountId bob = new AccountId("bob");
    private CreditLedger ledger;
    private RateCardVersion version;

    /** The ledger under test, empty. */
    protected abstract CreditLedger ledger();

    /** A rate card that the ledger under test knows of. */
    protected abstract RateCardVersion version();

    /** The accounts of the ledger under test. */
    protected abstract Accounts accounts();

    /** Where that ledger writes what administrators do. */
    protected abstract AuditTrail trail();

    /** The time of the ledger under test. */
    protected abstract Instant now();

    /** Lets time pass for the ledger under test. */
    protected abstract void pass(Duration duration);

    @BeforeEach
    void openTwoAccounts() {
        ledger = ledger();
        version = version();
        accounts().add(new Account(ann, "Ann"), Records.ANY);
        accounts().add(new Account(bob, "Bob"), Records.ANY);
    }

    @Test
    void aGrantCanBeSpentByItsAccountAndNoOther() {
        posted(ledger.post(grant(ann, "10")));

        assertEquals(balance("10", "0"), ledger.balance(ann));
        assertEquals(balance("0", "0"), ledger.balance(bob));
        assertInstanceOf(Posting.Insufficient.class, ledger.post(Intent.hold(relay(bob, "1"))));
    }

    @Test
    void aRepeatedTopUpIsOneGrant() {
        posted(ledger.post(topUp(ann, "payment-1", "10")));
        Posting.Posted again = posted(ledger.post(topUp(ann, "payment-1", "10")));
        posted(ledger.post(topUp(bob, "payment-1", "7")));

        assertEquals(List.of(), again.entries());
        assertEquals(balance("10", "0"), ledger.balance(ann));
        assertEquals(balance("7", "0"), ledger.balance(bob));
    }

    @Test
    void aSpentTopUpIsStillTheSameGrant() {
        posted(ledger.post(topUp(ann, "payment-1", "10")));
        settle(hold(ann, "10"), "10");

        assertEquals(List.of(), posted(ledger.post(topUp(ann, "payment-1", "10"))).entries());
        assertInstanceOf(Posting.Contradicted.class, ledger.post(topUp(ann, "payment-1", "11")));
        assertEquals(balance("0", "0"), ledger.balance(ann));
    }

    @Test
    void aHoldSetsAsideAndASettleTakesAndGivesTheRestBack() {
        posted(ledger.post(grant(ann, "10")));
        Relay relay = hold(ann, "4");
        assertEquals(balance("6", "4"), ledger.balance(ann));

        Posting.Posted settled = settle(relay, "3");

        assertEquals(balance("7", "0"), settled.balance());
        assertEquals(balance("7", "0"), ledger.balance(ann));
        assertEquals(relay.settled(new Charge(Credits.of("3"), 1)), ledger.relay(relay.id()).orElseThrow());
        assertEquals(
                new Totals(balance("7", "0"), Credits.of("10"), Credits.of("3"), Credits.ZERO), ledger.totals(ann));
    }

    @Test
    void aHoldBeyondTheBalanceChangesNothing() {
        posted(ledger.post(grant(ann, "10")));
        hold(ann, "8");
        Relay tooMuch = relay(ann, "2.000001");

        Posting posting = ledger.post(Intent.hold(tooMuch));

        assertEquals(new Posting.Insufficient(Credits.of("2.000001"), balance("2", "8")), posting);
        assertEquals(balance("2", "8"), ledger.balance(ann));
        assertEquals(Optional.empty(), ledger.relay(tooMuch.id()));
    }

    @Test
    void aReleaseGivesEverythingBackAndSaysWhy() {
        posted(ledger.post(grant(ann, "10")));
        Relay relay = hold(ann, "4");

        posted(ledger.post(Intent.release(ann, relay.id(), "timed_out")));

        assertEquals(balance("10", "0"), ledger.balance(ann));
        assertEquals(relay.released("timed_out"), ledger.relay(relay.id()).orElseThrow());
    }

    @Test
    void aRelayEndsOnceAndEveryOtherEndSaysSo() {
        posted(ledger.post(grant(ann, "10")));
        Relay settled = hold(ann, "4");
        settle(settled, "4");
        Relay released = hold(ann, "2");
        posted(ledger.post(Intent.release(ann, released.id(), "cut_off")));

        for (Relay relay : List.of(settled, released)) {
            Posting late = ledger.post(Intent.settle(ann, relay.id(), new Charge(Credits.of("1"), 1)));
            assertInstanceOf(Posting.AlreadyEnded.class, late);
            assertInstanceOf(Posting.AlreadyEnded.class, ledger.post(Intent.release(ann, relay.id(), "again")));
        }
        assertEquals(balance("6", "0"), ledger.balance(ann));
        assertEquals(RelayState.SETTLED, ledger.relay(settled.id()).orElseThrow().state());
        assertEquals(Optional.of("cut_off"), ledger.relay(released.id()).orElseThrow().reason());
    }

    @Test
    void aHoldOverSeveralGrantsGoesBackToEachOfThem() {
        Instant soon = now().plus(Duration.ofHours(1));
        posted(ledger.post(expiring(ann, "3", soon)));
        posted(ledger.post(grant(ann, "5")));
        Relay first = hold(ann, "4");
        posted(ledger.post(Intent.release(ann, first.id(), "cut_off")));
        Relay second = hold(ann, "4");
        settle(second, "1");

        pass(Duration.ofHours(2));
        posted(ledger.post(Intent.expire(ann)));

        assertEquals(balance("5", "0"), ledger.balance(ann), "the expiring grant paid 1 and lost the other 2");
        assertEquals(Credits.of("2"), ledger.totals(ann).expired());
    }

    @Test
    void whatExpiresWhileItIsHeldIsWrittenOffOnItsReturn() {
        posted(ledger.post(expiring(ann, "3", now().plus(Duration.ofHours(1)))));
        Relay relay = hold(ann, "3");
        pass(Duration.ofHours(2));

        posted(ledger.post(Intent.release(ann, relay.id(), "cut_off")));

        assertEquals(balance("0", "0"), ledger.balance(ann));
        assertEquals(Credits.of("3"), ledger.totals(ann).expired());
    }

    @Test
    void whatHasExpiredCountsNoMoreEvenBeforeItIsWrittenOff() {
        posted(ledger.post(expiring(ann, "3", now().plus(Duration.ofHours(1)))));
        posted(ledger.post(grant(ann, "5")));
        pass(Duration.ofHours(1));

        Totals before = ledger.totals(ann);
        posted(ledger.post(Intent.expire(ann)));

        assertEquals(new Totals(balance("5", "0"), Credits.of("8"), Credits.ZERO, Credits.of("3")), before);
        assertEquals(before, ledger.totals(ann));
        assertEquals(balance("5", "0"), ledger.balance(ann));
    }

    @Test
    void aRelaysIdIsTakenOnce() {
        posted(ledger.post(grant(ann, "10")));
        Relay relay = hold(ann, "4");

        assertThrows(RuntimeException.class, () -> ledger.post(Intent.hold(relay)));

        assertEquals(balance("6", "4"), ledger.balance(ann));
    }

    @Test
    void aRefundGoesBackToTheGrantThatPaidAndNeverBeyondTheCharge() {
        posted(ledger.post(grant(ann, "4")));
        Relay relay = hold(ann, "4");
        settle(relay, "4");
        Note note = new Note("olivia", "the picture was black");

        posted(ledger.post(Intent.refund(ann, relay.id(), Credits.of("1.5"), note)));
        assertInstanceOf(
                Posting.Contradicted.class, ledger.post(Intent.refund(ann, relay.id(), Credits.of("2.6"), note)));
        posted(ledger.post(Intent.refund(ann, relay.id(), Credits.of("2.5"), note)));

        assertEquals(balance("4", "0"), ledger.balance(ann));
        assertEquals(Credits.of("4"), ledger.relay(relay.id()).orElseThrow().refunded());
        assertEquals(Credits.ZERO, ledger.totals(ann).spent());
    }

    // What makes no sense is refused in words, and changes nothing

    @Test
    void aGrantThatHasExpiredBeforeItIsMadeIsRefused() {
        for (Duration ago : List.of(Duration.ZERO, Duration.ofDays(1))) {
            assertContradicted(
                    expiring(ann, "10", now().minus(ago)), "a grant cannot have expired before it is made");
        }
        assertEquals(balance("0", "0"), ledger.balance(ann));
    }

    @Test
    void anExternalIdThatNamesAnotherAmountIsRefused() {
        posted(ledger.post(topUp(ann, "payment-1", "10")));

        for (String amount : List.of("9.999999", "10.000001")) {
            assertContradicted(
                    topUp(ann, "payment-1", amount),
                    "grant 'payment-1' is already in the books with 10 credits, not " + amount);
        }
        assertEquals(balance("10", "0"), ledger.balance(ann));
    }

    @Test
    void aRefundOfMoreThanWasSettledIsRefused() {
        posted(ledger.post(grant(ann, "10")));
        Relay settled = hold(ann, "5");
        settle(settled, "4");

        for (String amount : List.of("4.000001", "5", "0")) {
            assertContradicted(
                    Intent.refund(ann, settled.id(), Credits.of(amount), NOTE),
                    "of " + settled.id() + " up to 4 credits can be refunded, not " + amount);
        }
        assertEquals(balance("6", "0"), ledger.balance(ann));
        assertEquals(Credits.ZERO, ledger.relay(settled.id()).orElseThrow().refunded());
    }

    @Test
    void aRefundOfWhatWasNotSettledIsRefused() {
        posted(ledger.post(grant(ann, "10")));
        Relay held = hold(ann, "5");
        Relay released = hold(ann, "5");
        posted(ledger.post(Intent.release(ann, released.id(), "timed_out")));

        for (Relay relay : List.of(held, released)) {
            assertContradicted(
                    Intent.refund(ann, relay.id(), Credits.of("1"), NOTE),
                    "of " + relay.id() + " up to 0 credits can be refunded, not 1");
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> ledger.post(Intent.refund(ann, nextRelay(), Credits.of("1"), NOTE)));
        assertEquals(balance("5", "5"), ledger.balance(ann));
    }

    @Test
    void noMoreCanBeTakenAwayThanIsAvailable() {
        posted(ledger.post(grant(ann, "10")));
        hold(ann, "6");

        assertEquals(
                new Posting.Insufficient(Credits.of("4.000001"), balance("4", "6")),
                ledger.post(Intent.adjustDown(ann, Credits.of("4.000001"), NOTE)));
        assertEquals(balance("4", "6"), ledger.balance(ann));
    }

    @Test
    void anAdjustmentByNothingIsRefused() {
        posted(ledger.post(grant(ann, "10")));

        assertContradicted(
                Intent.adjustUp(ann, new GrantId("by-hand"), Credits.ZERO, NOTE),
                "an adjustment is of more than nothing");
        assertContradicted(
                Intent.adjustDown(ann, Credits.ZERO, NOTE), "an adjustment is of more than nothing");
        assertEquals(balance("10", "0"), ledger.balance(ann));
    }

    private void assertContradicted(Intent intent, String why) {
        Statement before = ledger.entries(ann, OptionalLong.empty(), 100);

        assertEquals(new Posting.Contradicted(why), ledger.post(intent));

        assertEquals(before, ledger.entries(ann, OptionalLong.empty(), 100));
    }

    @Test
    void creditsMovedByHandKeepTheirNote() {
        Note note = new Note("olivia", "goodwill");
        posted(ledger.post(Intent.adjustUp(ann, new GrantId("by-hand"), Credits.of("2"), note)));
        posted(ledger.post(Intent.adjustDown(ann, Credits.of("0.5"), note)));

        assertEquals(balance("1.5", "0"), ledger.balance(ann));
        assertEquals(
                List.of(EntryKind.ADJUSTED_DOWN, EntryKind.ADJUSTED_UP),
                kinds(ledger.entries(ann, OptionalLong.empty(), 10)));
        Statement.Line newest = ledger.entries(ann, OptionalLong.empty(), 1).lines().get(0);
        assertEquals(Optional.of(note), newest.entry().note());
        assertEquals(now(), newest.entry().at());
    }

    @Test
    void entriesComeNewestFirstAndPageByPage() {
        posted(ledger.post(grant(ann, "10")));
        posted(ledger.post(grant(bob, "10")));
        settle(hold(ann, "4"), "3");

        Statement first = ledger.entries(ann, OptionalLong.empty(), 3);
        long last = first.lines().get(2).number();
        Statement second = ledger.entries(ann, OptionalLong.of(last), 3);

        assertEquals(List.of(EntryKind.RELEASED, EntryKind.SETTLED, EntryKind.HELD), kinds(first));
        assertTrue(first.more());
        assertEquals(List.of(EntryKind.GRANTED), kinds(second));
        assertFalse(second.more());
    }

    @Test
    void anEntryIsReadBackAsItWasPosted() {
        posted(ledger.post(grant(ann, "10")));
        Relay relay = relay(ann, "4");

        Posting.Posted posted = posted(ledger.post(Intent.hold(relay)));

        Statement statement = ledger.entries(ann, OptionalLong.empty(), 1);
        assertEquals(posted.entries(), List.of(statement.lines().get(0).entry()));
    }

    @Test
    void aRelayIsReadBackAsItWasHeld() {
        posted(ledger.post(grant(ann, "10")));
        Relay chosen = hold(ann, "4");
        Relay open = new Relay(
                nextRelay(), ann, "sk-relay-abcdefgh", new ModelId("m"), Optional.empty(), Optional.empty(), 1,
                Credits.of("1"), version, RelayState.HELD, 0, Credits.ZERO, Credits.ZERO, Optional.empty());
        posted(ledger.post(Intent.hold(open)));

        assertEquals(Optional.of(chosen), ledger.relay(chosen.id()));
        assertEquals(Optional.of(open), ledger.relay(open.id()));
        assertEquals(List.of(chosen, open), ledger.held(10));
        assertEquals(List.of(chosen), ledger.held(1));
    }

    @Test
    void aFreeRelayIsOnRecordAlthoughNoCreditsMove() {
        Relay free = hold(ann, "0");

        settle(free, "0");

        assertEquals(RelayState.SETTLED, ledger.relay(free.id()).orElseThrow().state());
        assertEquals(List.of(), ledger.entries(ann, OptionalLong.empty(), 10).lines());
    }

    @Test
    void nothingCanBePostedToAnAccountOrARelayThatDoesNotExist() {
        posted(ledger.post(grant(ann, "10")));
        Relay anns = hold(ann, "1");
        AccountId nobody = new AccountId("nobody");

        assertThrows(IllegalArgumentException.class, () -> ledger.post(grant(nobody, "1")));
        assertThrows(IllegalArgumentException.class, () -> ledger.post(Intent.release(ann, nextRelay(), "lost")));
        assertThrows(IllegalArgumentException.class, () -> ledger.post(Intent.release(bob, anns.id(), "not his")));
        assertEquals(balance("9", "1"), ledger.balance(ann));
    }

    @Test
    void aRuleThatFailsChangesNothingAndHarmsNobodyElse() {
        posted(ledger.post(grant(ann, "10")));
        Intent broken = Intent.of("break", ann, Optional.empty(), (books, now) -> {
            throw new IllegalStateException("a bug");
        });

        assertThrows(IllegalStateException.class, () -> ledger.post(broken));

        hold(ann, "10");
        assertEquals(balance("0", "10"), ledger.balance(ann));
    }

    @Test
    void manyAtOnceSpendExactlyWhatThereIs() throws Exception {
        posted(ledger.post(grant(ann, "50")));
        List<Callable<Posting>> attempts = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            attempts.add(() -> ledger.post(Intent.hold(relay(ann, "1"))));
        }

        ExecutorService threads = Executors.newFixedThreadPool(64);
        int successes = 0;
        try {
            for (Future<Posting> attempt : threads.invokeAll(attempts)) {
                if (attempt.get() instanceof Posting.Posted) {
                    successes++;
                }
            }
        } finally {
            threads.shutdown();
        }

        assertEquals(50, successes);
        assertEquals(balance("0", "50"), ledger.balance(ann));
        assertEquals(50, ledger.held(100).size());
    }

    private Intent grant(AccountId account, String amount) {
        return grant(account, amount, Optional.empty(), Optional.empty());
    }

    private Intent topUp(AccountId account, String externalId, String amount) {
        return grant(account, amount, Optional.empty(), Optional.of(externalId));
    }

    private Intent expiring(AccountId account, String amount, Instant at) {
        return grant(account, amount, Optional.of(at), Optional.empty());
    }

    private Intent grant(AccountId account, String amount, Optional<Instant> expiry, Optional<String> externalId) {
        GrantId id = new GrantId("grant_" + numbers.incrementAndGet());
        return Intent.grant(
                account,
                Grant.of(id, GrantSource.PURCHASED, 50, expiry, now(), externalId, Credits.of(amount)));
    }

    private RelayId nextRelay() {
        return new RelayId("req_" + String.format("%032x", numbers.incrementAndGet()));
    }

    private Relay relay(AccountId account, String quoted) {
        return new Relay(
                nextRelay(), account, "sk-relay-abcdefgh", new ModelId("m"), Optional.of(new ImageSize("1024x1024")),
                Optional.of(new ImageQuality("high")), 1, Credits.of(quoted), version, RelayState.HELD, 0,
                Credits.ZERO, Credits.ZERO, Optional.empty());
    }

    // Claims

    @Test
    void anOrderThatIsClaimedIsHeldOnce() {
        posted(ledger.post(grant(ann, "10")));
        Relay first = relay(ann, "4");
        posted(ledger.post(Intent.hold(first, keyed("k", "body"))));

        Posting again = ledger.post(Intent.hold(relay(ann, "4"), keyed("k", "body")));
        Posting other = ledger.post(Intent.hold(relay(ann, "4"), keyed("k", "another body")));

        assertEquals(new Posting.AlreadyOrdered(first, true), again);
        assertEquals(new Posting.AlreadyOrdered(first, false), other);
        assertEquals(balance("6", "4"), ledger.balance(ann));
    }

    @Test
    void aClaimShowsItsRelayAsItIsNow() {
        posted(ledger.post(grant(ann, "10")));
        Relay first = relay(ann, "4");
        posted(ledger.post(Intent.hold(first, keyed("k", "body"))));
        settle(first, "3");

        Posting again = ledger.post(Intent.hold(relay(ann, "4"), keyed("k", "body")));

        assertEquals(
                new Posting.AlreadyOrdered(first.settled(new Charge(Credits.of("3"), 1)), true), again);
    }

    @Test
    void anOrderOfWhichNothingCameMayBeGivenAgain() {
        posted(ledger.post(grant(ann, "10")));
        Relay first = relay(ann, "4");
        posted(ledger.post(Intent.hold(first, keyed("k", "body"))));
        posted(ledger.post(Intent.release(ann, first.id(), "timed_out")));

        Relay second = relay(ann, "4");
        posted(ledger.post(Intent.hold(second, keyed("k", "another body"))));

        assertEquals(
                new Posting.AlreadyOrdered(second, true),
                ledger.post(Intent.hold(relay(ann, "4"), keyed("k", "another body"))));
    }

    @Test
    void aClaimIsItsAccountsOwn() {
        posted(ledger.post(grant(ann, "10")));
        posted(ledger.post(grant(bob, "10")));
        posted(ledger.post(Intent.hold(relay(ann, "4"), keyed("k", "body"))));

        posted(ledger.post(Intent.hold(relay(bob, "4"), keyed("k", "body"))));
    }

    @Test
    void aHoldThatIsRefusedClaimsNothing() {
        posted(ledger.post(grant(ann, "3")));
        assertInstanceOf(
                Posting.Insufficient.class, ledger.post(Intent.hold(relay(ann, "4"), keyed("k", "body"))));

        posted(ledger.post(Intent.hold(relay(ann, "3"), keyed("k", "another body"))));
    }

    @Test
    void whatAnSdkSendsAgainMeetsWhatItSentLast() {
        posted(ledger.post(grant(ann, "10")));
        posted(ledger.post(Intent.hold(relay(ann, "1"), attempt(0))));
        Relay last = relay(ann, "1");
        posted(ledger.post(Intent.hold(last, attempt(0))));

        assertEquals(new Posting.AlreadyOrdered(last, true), ledger.post(Intent.hold(relay(ann, "1"), attempt(1))));
        assertEquals(balance("8", "2"), ledger.balance(ann));
    }

    @Test
    void whatHasBeenClaimedIsFoundWithoutAHold() {
        posted(ledger.post(grant(ann, "10")));
        Claim claim = keyed("k", "body").orElseThrow();
        assertEquals(Optional.empty(), ledger.claimed(ann, claim));
        Relay first = relay(ann, "4");
        posted(ledger.post(Intent.hold(first, Optional.of(claim))));

        assertEquals(Optional.of(new Claimed(first, claim.fingerprint(), now())), ledger.claimed(ann, claim));
        assertEquals(
                Optional.of(new Claimed(first, claim.fingerprint(), now())),
                ledger.claimed(ann, keyed("k", "another body").orElseThrow()));
        assertEquals(Optional.empty(), ledger.claimed(bob, claim));
        assertEquals(Optional.empty(), ledger.claimed(ann, keyed("another", "body").orElseThrow()));

        settle(first, "4");
        pass(Claim.KEPT);
        assertEquals(Optional.empty(), ledger.claimed(ann, claim));
    }

    @Test
    void aClaimIsForgottenOnceItHasLostItsMeaning() {
        posted(ledger.post(grant(ann, "10")));
        Relay first = relay(ann, "4");
        posted(ledger.post(Intent.hold(first, keyed("k", "body"))));
        settle(first, "4");
        pass(Claim.KEPT.minusSeconds(1));
        ledger.forgetOldClaims();
        assertInstanceOf(
                Posting.AlreadyOrdered.class, ledger.post(Intent.hold(relay(ann, "1"), keyed("k", "body"))));

        pass(Duration.ofSeconds(1));
        posted(ledger.post(Intent.hold(relay(ann, "1"), keyed("k", "another body"))));
        ledger.forgetOldClaims();

        assertInstanceOf(
                Posting.AlreadyOrdered.class, ledger.post(Intent.hold(relay(ann, "1"), keyed("k", "another body"))));
    }

    // Caps

    @Test
    void aCapIsReachedExactly() {
        posted(ledger.post(grant(ann, "100")));
        SpendingCap cap = cap(Spender.ACCOUNT, ann.value(), Period.EVER, "10");
        Relay first = relay(ann, "6");
        posted(ledger.post(capped(first, cap)));

        assertEquals(
                new Posting.CapReached(new SpendingCap.Spent(cap, Credits.of("6"))),
                ledger.post(capped(relay(ann, "4.000001"), cap)));
        Relay second = relay(ann, "4");
        posted(ledger.post(capped(second, cap)));
        assertInstanceOf(Posting.CapReached.class, ledger.post(capped(relay(ann, "0.000001"), cap)));
        assertEquals(balance("90", "10"), ledger.balance(ann));
    }

    @Test
    void whatIsNotChargedInTheEndCanBeSpentAgain() {
        posted(ledger.post(grant(ann, "100")));
        SpendingCap cap = cap(Spender.ACCOUNT, ann.value(), Period.DAY, "10");
        Relay first = relay(ann, "6");
        Relay second = relay(ann, "4");
        posted(ledger.post(capped(first, cap)));
        posted(ledger.post(capped(second, cap)));
        settle(first, "5");
        posted(ledger.post(Intent.release(ann, second.id(), "timed_out")));

        assertInstanceOf(Posting.CapReached.class, ledger.post(capped(relay(ann, "5.000001"), cap)));
        posted(ledger.post(capped(relay(ann, "5"), cap)));
    }

    @Test
    void aRefundDoesNotLiftACap() {
        posted(ledger.post(grant(ann, "100")));
        SpendingCap cap = cap(Spender.ACCOUNT, ann.value(), Period.EVER, "10");
        Relay relay = relay(ann, "10");
        posted(ledger.post(capped(relay, cap)));
        settle(relay, "10");
        posted(ledger.post(Intent.refund(ann, relay.id(), Credits.of("10"), NOTE)));

        assertInstanceOf(Posting.CapReached.class, ledger.post(capped(relay(ann, "1"), cap)));
    }

    @Test
    void aCapSeesWhatWasSpentBeforeItWasSetAndWithoutIt() {
        posted(ledger.post(grant(ann, "100")));
        Relay before = hold(ann, "6");
        SpendingCap cap = cap(Spender.KEY, before.keyPrefix(), Period.DAY, "10");
        posted(ledger.post(capped(relay(ann, "1"), cap)));
        hold(ann, "2");
        settle(before, "5");

        assertEquals(
                new Posting.CapReached(new SpendingCap.Spent(cap, Credits.of("8"))),
                ledger.post(capped(relay(ann, "3"), cap)));
        posted(ledger.post(capped(relay(ann, "2"), cap)));
    }

    @Test
    void aDayEndsAtMidnightInUtcAndWhatEndsLaterWasOfItsDay() {
        posted(ledger.post(grant(ann, "100")));
        pass(untilTomorrow().minusSeconds(1));
        SpendingCap daily = cap(Spender.ACCOUNT, ann.value(), Period.DAY, "10");
        SpendingCap ever = cap(Spender.ACCOUNT, ann.value(), Period.EVER, "18");
        Relay late = relay(ann, "10");
        posted(ledger.post(capped(late, daily, ever)));
        assertInstanceOf(Posting.CapReached.class, ledger.post(capped(relay(ann, "1"), daily, ever)));

        pass(Duration.ofSeconds(1));
        posted(ledger.post(capped(relay(ann, "8"), daily, ever)));
        assertEquals(
                new Posting.CapReached(new SpendingCap.Spent(ever, Credits.of("18"))),
                ledger.post(capped(relay(ann, "1"), daily, ever)));
        posted(ledger.post(Intent.release(ann, late.id(), "timed_out")));

        posted(ledger.post(capped(relay(ann, "2"), daily, ever)));
        assertEquals(
                new Posting.CapReached(new SpendingCap.Spent(daily, Credits.of("10"))),
                ledger.post(capped(relay(ann, "1"), daily, ever)));
    }

    @Test
    void aCapIsForItsSpenderAlone() {
        posted(ledger.post(grant(ann, "100")));
        posted(ledger.post(grant(bob, "100")));
        hold(bob, "50");
        SpendingCap cap = cap(Spender.ACCOUNT, ann.value(), Period.EVER, "10");

        posted(ledger.post(capped(relay(ann, "10"), cap)));
        hold(bob, "50");
    }

    @Test
    void manyAtOnceReachACapExactly() throws Exception {
        posted(ledger.post(grant(ann, "100")));
        SpendingCap cap = cap(Spender.ACCOUNT, ann.value(), Period.DAY, "30");
        List<Callable<Posting>> attempts = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            attempts.add(() -> ledger.post(capped(relay(ann, "1"), cap)));
        }
        ExecutorService threads = Executors.newFixedThreadPool(16);
        int held = 0;
        for (Future<Posting> attempt : threads.invokeAll(attempts)) {
            held += attempt.get() instanceof Posting.Posted ? 1 : 0;
        }
        threads.shutdown();

        assertEquals(30, held);
        assertEquals(balance("70", "30"), ledger.balance(ann));
    }

    private static Intent capped(Relay relay, SpendingCap... caps) {
        return Intent.hold(relay, Optional.empty(), List.of(caps));
    }

    private static SpendingCap cap(Spender spender, String name, Period period, String most) {
        return new SpendingCap(spender, name, period, Credits.of(most));
    }

    private Duration untilTomorrow() {
        return Duration.between(now(), now().truncatedTo(ChronoUnit.DAYS).plus(Duration.ofDays(1)));
    }

    // What is on record

    @Test
    void whatIsPostedIsOnRecordAndWhatIsNotIsNot() {
        int before = trail().records(Optional.of("acct"), OptionalLong.empty(), 10).size();
        Intent once = Intent.grant(ann, Grant.of(
                new GrantId("recorded"), GrantSource.PURCHASED, Grant.USUAL_PRIORITY, Optional.empty(), now(),
                Optional.of("payment-recorded"), Credits.of("1")));
        posted(ledger.post(once.audited(record("grant"))));
        posted(ledger.post(once.audited(record("grant again"))));
        ledger.post(Intent.adjustDown(ann, Credits.of("2"), NOTE).audited(record("adjust down")));

        List<AuditLine> lines = trail().records(Optional.of("acct"), OptionalLong.empty(), 10);

        assertEquals(0, before);
        assertEquals(List.of(record("grant")), lines.stream().map(AuditLine::record).toList());
    }

    private AuditRecord record(String action) {
        return new AuditRecord(now(), "olivia", action, "acct", Optional.empty(), Optional.of("1"));
    }

    // What a sweep looks for

    @Test
    void whatALivingGatewayHoldsIsNotAbandoned() {
        posted(ledger.post(grant(ann, "10")));
        Relay relay = hold(ann, "4");

        assertEquals(List.of(relay), ledger.held(10));
        assertEquals(List.of(), ledger.abandoned(10));
    }

    @Test
    void anAccountHasLapsedGrantsUntilTheyAreWrittenOff() {
        Instant soon = now().plus(Duration.ofHours(1));
        posted(ledger.post(Intent.grant(
                ann,
                Grant.of(
                        new GrantId("lapsing"), GrantSource.PROMOTIONAL, 0, Optional.of(soon), now(), Optional.empty(),
                        Credits.of("5")))));
        posted(ledger.post(grant(bob, "5")));
        assertEquals(List.of(), ledger.withLapsedGrants(10));

        pass(Duration.ofHours(1));
        assertEquals(List.of(ann), ledger.withLapsedGrants(10));
        posted(ledger.post(Intent.expire(ann)));

        assertEquals(List.of(), ledger.withLapsedGrants(10));
        assertEquals(Credits.of("5"), ledger.totals(ann).expired());
    }

    private static Optional<Claim> keyed(String key, String body) {
        return Optional.of(Claim.keyed(key, RequestBody.of(ImageOrder.of("painter", body))));
    }

    private static Optional<Claim> attempt(int attempt) {
        return Optional.of(Claim.attempt("key", attempt, RequestBody.of(ImageOrder.of("painter", "a fox"))));
    }

    private Relay hold(AccountId account, String quoted) {
        Relay relay = relay(account, quoted);
        posted(ledger.post(Intent.hold(relay)));
        return relay;
    }

    private Posting.Posted settle(Relay relay, String charge) {
        return posted(ledger.post(
                Intent.settle(relay.account(), relay.id(), new Charge(Credits.of(charge), 1))));
    }

    private static Posting.Posted posted(Posting posting) {
        return assertInstanceOf(Posting.Posted.class, posting);
    }

    private static Balance balance(String available, String held) {
        return new Balance(Credits.of(available), Credits.of(held));
    }

    private static List<EntryKind> kinds(Statement statement) {
        return statement.lines().stream().map(line -> line.entry().kind()).toList();
    }
}
