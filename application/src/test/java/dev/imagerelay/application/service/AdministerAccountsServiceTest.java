package dev.imagerelay.application.service;

import static dev.imagerelay.application.service.Shop.ANN;
import static dev.imagerelay.application.service.Shop.balance;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.application.Catalogues;
import dev.imagerelay.application.port.in.AdministerAccounts.GrantOrder;
import dev.imagerelay.application.port.in.AdministerAccounts.IssuedKey;
import dev.imagerelay.application.port.in.AdministerAccounts;
import dev.imagerelay.domain.account.Account;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.account.AccountState;
import dev.imagerelay.domain.account.ApiKey;
import dev.imagerelay.domain.account.AuditRecord;
import dev.imagerelay.domain.account.Caller;
import dev.imagerelay.domain.account.KeyScope;
import dev.imagerelay.domain.account.Limits;
import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.image.ModelId;
import dev.imagerelay.domain.ledger.Grant;
import dev.imagerelay.domain.ledger.GrantSource;
import dev.imagerelay.domain.ledger.Intent;
import dev.imagerelay.domain.ledger.LedgerEntry.Note;
import dev.imagerelay.domain.ledger.Posting;
import dev.imagerelay.domain.pricing.Charge;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.relay.Decision;
import dev.imagerelay.domain.relay.Relay;
import dev.imagerelay.domain.relay.RelayId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The back office: whatever it does is on record, and whatever it cannot do says why and changes nothing. */
class AdministerAccountsServiceTest {

    private static final AccountId NOBODY = new AccountId("nobody");
    private static final Note NOTE = new Note("olivia", "goodwill");

    private final Shop shop = new Shop();
    private final AdministerAccountsService office =
            new AdministerAccountsService(shop.accounts, shop.keys, shop.ledger, shop.time, new Random(1), "in-house");

    // Accounts and keys

    @Test
    void anOpenedAccountIsThereWithoutCredits() {
        Account opened = office.open("Bob");

        assertEquals("Bob", opened.name());
        assertEquals(Optional.of(opened), shop.accounts.find(opened.id()));
        assertEquals(balance("0", "0"), shop.ledger.balance(opened.id()));
        assertTrue(opened.id().value().matches("acct_[0-9a-f]{24}"), opened.id().value());
        assertNotEquals(opened.id(), office.open("Bob").id());
    }

    @Test
    void anAccountWithoutANameIsNotOpened() {
        assertThrows(IllegalArgumentException.class, () -> office.open(" "));
    }

    @Test
    void anIssuedKeyWorksAtOnceAndItsSecretIsNotKept() {
        IssuedKey issued = office.issueKey(ANN.account()).orElseThrow();

        assertEquals(
                new ApiKey(
                        issued.secret().prefix(), ANN.account(), issued.secret().digest(), shop.time.instant(),
                        Optional.empty()),
                issued.key());
        assertEquals(issued.key(), shop.keys.find(issued.secret().prefix()).orElseThrow().key());
        assertEquals(
                Decision.accepted(new Caller(ANN.account(), issued.secret().prefix())),
                new AuthenticateService(shop.keys, shop.time).authenticate(issued.secret().reveal()));
    }

    @Test
    void everyKeyIsAnother() {
        assertNotEquals(
                office.issueKey(ANN.account()).orElseThrow().secret().reveal(),
                office.issueKey(ANN.account()).orElseThrow().secret().reveal());
    }

    @Test
    void nobodyGetsNoKey() {
        assertEquals(Optional.empty(), office.issueKey(NOBODY));
    }

    @Test
    void aKeyIsRevokedOnceAndStaysOnRecord() {
        IssuedKey issued = office.issueKey(ANN.account()).orElseThrow();
        shop.time.pass(Duration.ofDays(1));
        Instant revokedAt = shop.time.instant();

        assertTrue(office.revokeKey(issued.key().prefix()));
        shop.time.pass(Duration.ofDays(1));
        assertFalse(office.revokeKey(issued.key().prefix()));
        assertFalse(office.revokeKey("sk-relay-00000000"));

        assertEquals(Optional.of(revokedAt), shop.keys.find(issued.key().prefix()).orElseThrow().key().revokedAt());
    }

    @Test
    void anAccountIsSuspendedAndOpenedAgainAndLimited() {
        Limits limits = new Limits(Optional.of(6), Optional.empty(), Optional.empty(), Optional.empty());

        office.change(ANN.account(), Optional.of(AccountState.SUSPENDED), before -> before);
        office.change(ANN.account(), Optional.empty(), before -> limits);

        Account changed = shop.accounts.find(ANN.account()).orElseThrow();
        assertEquals(new Account(ANN.account(), "Ann", AccountState.SUSPENDED, limits), changed);
        assertEquals(
                Optional.of(changed.in(AccountState.OPEN)),
                office.change(ANN.account(), Optional.of(AccountState.OPEN), before -> before));
        assertEquals(Optional.empty(), office.change(NOBODY, Optional.of(AccountState.SUSPENDED), before -> before));
    }

    @Test
    void aRolledKeyWorksOnForAWhileBesideTheNewOne() {
        KeyScope scope = new KeyScope(
                Set.of(new ModelId("painter")), Limits.NONE, Optional.of(Credits.of("5")), Optional.empty());
        IssuedKey old = office.issueKey(ANN.account(), "shop", scope).orElseThrow();
        AuthenticateService authenticate = new AuthenticateService(shop.keys, shop.time);

        IssuedKey made = office.rollKey(old.key().prefix(), Duration.ofHours(1)).orElseThrow();

        assertEquals("shop", made.key().name());
        assertEquals(scope, made.key().scope());
        shop.time.pass(Duration.ofMinutes(59));
        assertInstanceOf(Decision.Accepted.class, authenticate.authenticate(old.secret().reveal()));
        assertInstanceOf(Decision.Accepted.class, authenticate.authenticate(made.secret().reveal()));
        shop.time.pass(Duration.ofMinutes(1));
        assertInstanceOf(Decision.Refused.class, authenticate.authenticate(old.secret().reveal()));
        assertInstanceOf(Decision.Accepted.class, authenticate.authenticate(made.secret().reveal()));
        assertEquals(Optional.empty(), office.rollKey(old.key().prefix(), Duration.ZERO), "it is over");
        assertEquals(Optional.empty(), office.rollKey("sk-relay-00000000", Duration.ZERO));
    }

    @Test
    void whatIsDoneIsOnRecordInTheNameOfWhoeverDidIt() {
        AdministerAccounts olivia = office.by("olivia");
        Account bob = olivia.open("Bob");
        IssuedKey key = olivia.issueKey(bob.id()).orElseThrow();
        olivia.grant(bob.id(), grant("10", null));
        olivia.grant(NOBODY, grant("10", null));
        olivia.adjustDown(bob.id(), Credits.of("11"), NOTE);
        olivia.change(bob.id(), Optional.of(AccountState.SUSPENDED), before -> before);
        olivia.revokeKey(key.key().prefix());

        assertEquals(
                List.of("revoke key", "change account", "grant", "issue key", "open account"),
                shop.trail.records(Optional.empty(), OptionalLong.empty(), 5).stream()
                        .map(line -> line.record().action())
                        .toList());
        assertTrue(shop.trail.records(Optional.empty(), OptionalLong.empty(), 5).stream()
                .allMatch(line -> line.record().who().equals("olivia")
                        && !line.record().toString().contains(key.secret().reveal())));
        AuditRecord suspension = shop.trail.records(Optional.of(bob.id().value()), OptionalLong.empty(), 1)
                .get(0).record();
        assertTrue(suspension.before().orElseThrow().startsWith("OPEN"), suspension.toString());
        assertTrue(suspension.after().orElseThrow().startsWith("SUSPENDED"), suspension.toString());
    }

    // Credits

    @Test
    void aGrantIsMadeAsItWasOrdered() {
        GrantOrder order = new GrantOrder(
                Credits.of("10"), GrantSource.PROMOTIONAL, 7, Optional.of(shop.time.instant().plusSeconds(60)),
                Optional.of("payment-1"));

        Posting.Posted posted = (Posting.Posted) office.grant(ANN.account(), order);

        Grant made = posted.grants().get(0);
        assertEquals(
                List.of(Grant.of(
                        made.id(), order.source(), order.priority(), order.expiresAt(), shop.time.instant(),
                        order.externalId(), order.amount())),
                posted.grants());
        assertTrue(made.id().value().matches("grant_[0-9a-f]{24}"), made.id().value());
        assertEquals(balance("10", "0"), posted.balance());
    }

    @Test
    void aRepeatedGrantIsTheSameGrant() {
        office.grant(ANN.account(), grant("10", "payment-1"));
        office.grant(ANN.account(), grant("10", "payment-1"));

        assertEquals(List.of("GRANTED 10"), shop.entries());
        assertInstanceOf(Posting.Contradicted.class, office.grant(ANN.account(), grant("11", "payment-1")));
        assertEquals(balance("10", "0"), shop.balance());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "-0.000001"})
    void aGrantOfNothingOrLessIsNotEvenAnOrder(String amount) {
        assertThrows(IllegalArgumentException.class, () -> grant(amount, "payment-1"));
    }

    @Test
    void aGrantThatHasExpiredIsContradicted() {
        GrantOrder order = new GrantOrder(
                Credits.of("10"), GrantSource.PURCHASED, Grant.USUAL_PRIORITY, Optional.of(shop.time.instant()),
                Optional.of("payment-1"));

        assertEquals(
                new Posting.Contradicted("a grant cannot have expired before it is made"),
                office.grant(ANN.account(), order));
        assertEquals(List.of(), shop.entries());
    }

    @Test
    void aGrantWithoutAnExternalIdIsAnotherEveryTime() {
        office.grant(ANN.account(), grant("10", null));
        office.grant(ANN.account(), grant("10", null));

        assertEquals(List.of("GRANTED 10", "GRANTED 10"), shop.entries());
    }

    private static GrantOrder grant(String amount, String externalId) {
        return new GrantOrder(
                Credits.of(amount), GrantSource.PURCHASED, Grant.USUAL_PRIORITY, Optional.empty(),
                Optional.ofNullable(externalId));
    }

    @Test
    void aRefundGoesToTheAccountThatPaid() {
        RelayId relay = settledRelay("5");

        assertInstanceOf(Posting.Posted.class, office.refund(relay, Credits.of("2"), NOTE));

        assertEquals(List.of("GRANTED 20", "HELD 5", "SETTLED 5", "REFUNDED 2"), shop.entries());
        assertEquals(Credits.of("2"), shop.ledger.relay(relay).orElseThrow().refunded());
    }

    @Test
    void aRefundBeyondTheChargeOrOfNoRelayIsContradicted() {
        RelayId relay = settledRelay("5");

        assertInstanceOf(Posting.Contradicted.class, office.refund(relay, Credits.of("5.000001"), NOTE));
        assertEquals(
                new Posting.Contradicted("there is no relay req_ffffffffffffffffffffffffffffffff"),
                office.refund(new RelayId("req_ffffffffffffffffffffffffffffffff"), Credits.of("1"), NOTE));
        assertEquals(List.of("GRANTED 20", "HELD 5", "SETTLED 5"), shop.entries());
    }

    @Test
    void aRefundOfARelayThatWasReleasedIsContradicted() {
        RelayId relay = heldRelay();
        shop.ledger.post(Intent.release(ANN.account(), relay, "timed_out"));

        assertEquals(
                new Posting.Contradicted("of " + relay + " up to 0 credits can be refunded, not 1"),
                office.refund(relay, Credits.of("1"), NOTE));
        assertEquals(List.of("GRANTED 20", "HELD 5", "RELEASED 5"), shop.entries());
    }

    private RelayId settledRelay(String charge) {
        RelayId id = heldRelay();
        shop.ledger.post(Intent.settle(ANN.account(), id, new Charge(Credits.of(charge), 1)));
        return id;
    }

    private RelayId heldRelay() {
        RelayId id = shop.with("20").nextRelay();
        ImageOrder order = ImageOrder.of("painter", "a fox");
        shop.ledger.post(Intent.hold(
                Relay.of(id, ANN.account(), ANN.keyPrefix(), Catalogues.painter().quote(order).orThrow())));
        return id;
    }

    @Test
    void creditsAreAddedAndTakenAwayByHand() {
        assertInstanceOf(Posting.Posted.class, office.adjustUp(ANN.account(), Credits.of("3"), NOTE));
        assertInstanceOf(Posting.Posted.class, office.adjustUp(ANN.account(), Credits.of("3"), NOTE));
        assertInstanceOf(Posting.Posted.class, office.adjustDown(ANN.account(), Credits.of("5"), NOTE));

        assertEquals(
                List.of("ADJUSTED_UP 3", "ADJUSTED_UP 3", "ADJUSTED_DOWN 3", "ADJUSTED_DOWN 2"), shop.entries());
    }

    @Test
    void noMoreIsTakenAwayThanThereIs() {
        shop.with("1");

        assertEquals(
                new Posting.Insufficient(Credits.of("2"), balance("1", "0")),
                office.adjustDown(ANN.account(), Credits.of("2"), NOTE));
        assertEquals(balance("1", "0"), shop.balance());
    }

    @Test
    void anAdjustmentByNothingIsContradicted() {
        Posting nothing = new Posting.Contradicted("an adjustment is of more than nothing");

        assertEquals(nothing, office.adjustUp(ANN.account(), Credits.ZERO, NOTE));
        assertEquals(nothing, office.adjustDown(ANN.account(), Credits.ZERO, NOTE));
        assertEquals(List.of(), shop.entries());
    }

    @Test
    void nobodyHasNoCredits() {
        Posting nobody = new Posting.Contradicted("there is no account nobody");

        assertEquals(nobody, office.grant(NOBODY, grant("10", null)));
        assertEquals(nobody, office.adjustUp(NOBODY, Credits.of("1"), NOTE));
        assertEquals(nobody, office.adjustDown(NOBODY, Credits.of("1"), NOTE));
    }
}
