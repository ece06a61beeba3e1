package dev.imagerelay.domain.ledger;

import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.account.AuditRecord;
import dev.imagerelay.domain.account.SpendingCap;
import dev.imagerelay.domain.ledger.LedgerEntry.Note;
import dev.imagerelay.domain.pricing.Charge;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.relay.Claim;
import dev.imagerelay.domain.relay.Relay;
import dev.imagerelay.domain.relay.RelayId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Something to be done to one account's books. A store loads the account with what the intent names, applies the rule,
 * and makes the posting durable, all in one transaction; it may apply the rule again if the transaction has to be
 * repeated.
 *
 * @param verb       what is to be done, in a word, for logs
 * @param account    whose books
 * @param relay      the existing relay whose hold the rule must see; empty: none
 * @param externalId the grant that the rule must see if it exists; empty: none
 * @param claim      the claim whose present owner the rule must see if there is one, and which becomes the new relay's
 *                   if the intent is posted; empty: none
 * @param caps       the caps whose present spending the rule must see, each counting from then on what is posted; none
 *                   for anything but a hold
 * @param audit      what is to be recorded together with the posting, should it be posted; empty: nothing
 * @param rule       decides; free of side effects
 */
public record Intent(
        String verb,
        AccountId account,
        Optional<RelayId> relay,
        Optional<String> externalId,
        Optional<Claim> claim,
        List<SpendingCap> caps,
        Optional<AuditRecord> audit,
        Rule rule) {

    /** A pure decision on an account's state at a time. */
    @FunctionalInterface
    public interface Rule {
        Posting decide(CreditAccount books, Instant now);
    }

    public Intent {
        caps = List.copyOf(caps);
    }

    /** Whatever a rule decides that has to see no more than the account and a relay of it. */
    public static Intent of(String verb, AccountId account, Optional<RelayId> relay, Rule rule) {
        return new Intent(
                verb, account, relay, Optional.empty(), Optional.empty(), List.of(), Optional.empty(), rule);
    }

    /** Adds a grant, unless one with its external id is there. */
    public static Intent grant(AccountId account, Grant grant) {
        return new Intent("grant", account, Optional.empty(), grant.externalId(), Optional.empty(), List.of(),
                Optional.empty(), (books, now) -> books.grant(grant, now));
    }

    /** Sets a relay's quote aside. */
    public static Intent hold(Relay relay) {
        return hold(relay, Optional.empty(), List.of());
    }

    /** Sets a relay's quote aside, unless an earlier relay has a claim on the same order. */
    public static Intent hold(Relay relay, Optional<Claim> claim) {
        return hold(relay, claim, List.of());
    }

    /** Sets a relay's quote aside, unless an earlier relay has a claim on the same order, or a cap is in the way. */
    public static Intent hold(Relay relay, Optional<Claim> claim, List<SpendingCap> caps) {
        return new Intent("hold", relay.account(), Optional.empty(), Optional.empty(), claim, caps, Optional.empty(),
                (books, now) -> books.hold(relay, claim, now));
    }

    /** Takes what was delivered from a relay's hold and gives the rest back. */
    public static Intent settle(AccountId account, RelayId relay, Charge charge) {
        return of("settle", account, Optional.of(relay), (books, now) -> books.settle(charge, now));
    }

    /** Gives a relay's whole hold back; the reason is a short code. */
    public static Intent release(AccountId account, RelayId relay, String reason) {
        return of("release", account, Optional.of(relay), (books, now) -> books.release(reason, now));
    }

    /** Gives back some or all of what a settled relay cost. */
    public static Intent refund(AccountId account, RelayId relay, Credits amount, Note note) {
        return of("refund", account, Optional.of(relay), (books, now) -> books.refund(amount, note, now));
    }

    /** Adds credits by hand, as a grant that does not expire. */
    public static Intent adjustUp(AccountId account, GrantId id, Credits amount, Note note) {
        return of("adjust up", account, Optional.empty(), (books, now) -> books.adjustUp(id, amount, note, now));
    }

    /** Takes available credits away by hand. */
    public static Intent adjustDown(AccountId account, Credits amount, Note note) {
        return of("adjust down", account, Optional.empty(), (books, now) -> books.adjustDown(amount, note, now));
    }

    /** Writes off what has expired. */
    public static Intent expire(AccountId account) {
        return of("expire", account, Optional.empty(), CreditAccount::expire);
    }

    /** The same, on record. */
    public Intent audited(AuditRecord record) {
        return new Intent(verb, account, relay, externalId, claim, caps, Optional.of(record), rule);
    }

    @Override
    public String toString() {
        return verb + " " + account + relay.map(id -> " " + id).orElse("");
    }
}
