package dev.imagerelay.domain.ledger;

import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.ledger.LedgerEntry.Note;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.relay.Relay;
import dev.imagerelay.domain.relay.RelayId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An account's grants while one intent is being decided: every move changes a grant and writes the entry that says so,
 * in one step, so that the two cannot differ.
 */
final class Books {

    private final AccountId account;
    private final Instant now;
    private final Map<GrantId, Grant> grants = new LinkedHashMap<>();
    private final Map<GrantId, Grant> changed = new LinkedHashMap<>();
    private final List<LedgerEntry> entries = new ArrayList<>();

    private Books(CreditAccount account, Instant now) {
        this.account = account.id();
        this.now = now;
        account.grants().stream().sorted(Grant.BURN_DOWN).forEach(grant -> grants.put(grant.id(), grant));
    }

    /** Opens the books of an account, with everything written off that has expired. */
    static Books of(CreditAccount account, Instant now) {
        Books books = new Books(account, now);
        books.expire();
        return books;
    }

    /** Writes off what is available of grants whose time has come. */
    void expire() {
        for (Grant grant : List.copyOf(grants.values())) {
            if (grant.hasLapsed(now)) {
                enter(EntryKind.EXPIRED, grant, grant.available(), Optional.empty(), Optional.empty());
            }
        }
    }

    /** Lets a new grant come in whole. */
    void add(EntryKind kind, Grant grant, Optional<Note> note) {
        enter(kind, grant.leaving(Credits.ZERO, Credits.ZERO), grant.granted(), Optional.empty(), note);
    }

    /** Takes an amount out of what is available, in burn-down order; false, and nothing taken, if there is less. */
    boolean draw(EntryKind kind, Credits amount, Optional<RelayId> relay, Optional<Note> note) {
        if (!balance().available().covers(amount)) {
            return false;
        }
        Credits due = amount;
        for (Grant grant : List.copyOf(grants.values())) {
            Credits taken = grant.available().min(due);
            due = due.minus(taken);
            enter(kind, grant, taken, relay, note);
        }
        return true;
    }

    /** Moves some of what a relay holds of a grant. */
    void move(EntryKind kind, GrantId grant, Credits amount, RelayId relay) {
        enter(kind, theGrant(grant), amount, Optional.of(relay), Optional.empty());
    }

    /** Gives back to a grant what had been taken from it. */
    void refund(GrantId grant, Credits amount, RelayId relay, Note note) {
        enter(EntryKind.REFUNDED, theGrant(grant), amount, Optional.of(relay), Optional.of(note));
    }

    private Grant theGrant(GrantId id) {
        Grant grant = grants.get(id);
        if (grant == null) {
            throw new IllegalStateException("the store did not load grant " + id);
        }
        return grant;
    }

    private void enter(EntryKind kind, Grant grant, Credits amount, Optional<RelayId> relay, Optional<Note> note) {
        if (amount.isZero()) {
            return;
        }
        entries.add(new LedgerEntry(account, kind, amount, grant.id(), relay, note, now));
        Grant after = grant.leaving(
                moved(grant.available(), Pot.AVAILABLE, kind, amount), moved(grant.held(), Pot.HELD, kind, amount));
        grants.put(grant.id(), after);
        changed.put(grant.id(), after);
    }

    private static Credits moved(Credits before, Pot pot, EntryKind kind, Credits amount) {
        Credits with = kind.to() == pot ? before.plus(amount) : before;
        return kind.from() == pot ? with.minus(amount) : with;
    }

    Balance balance() {
        Credits available = Credits.ZERO;
        Credits held = Credits.ZERO;
        for (Grant grant : grants.values()) {
            available = available.plus(grant.available());
            held = held.plus(grant.held());
        }
        return new Balance(available, held);
    }

    /** Closes the books: what is to be made durable. */
    Posting posted(Optional<Relay> relay) {
        return new Posting.Posted(entries, List.copyOf(changed.values()), relay, balance());
    }
}
