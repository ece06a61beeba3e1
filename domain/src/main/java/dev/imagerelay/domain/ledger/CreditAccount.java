package dev.imagerelay.domain.ledger;

import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.account.SpendingCap;
import dev.imagerelay.domain.ledger.LedgerEntry.Note;
import dev.imagerelay.domain.pricing.Charge;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.relay.Claim;
import dev.imagerelay.domain.relay.Claimed;
import dev.imagerelay.domain.relay.Relay;
import dev.imagerelay.domain.relay.RelayState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The rules of the books, on the state of one account: what each intent does to it, or why it does nothing.
 * Every rule first writes off what has expired. Immutable and pure.
 *
 * @param id      whose books
 * @param grants  every grant with credits left, and every grant that the hold draws on
 * @param hold    the existing relay that the intent concerns; empty if it concerns none
 * @param claimed the earlier relay that made the intent's claim; empty if there is none, or no claim
 * @param spent   what has been spent of each of the intent's caps
 */
public record CreditAccount(
        AccountId id,
        List<Grant> grants,
        Optional<Hold> hold,
        Optional<Claimed> claimed,
        List<SpendingCap.Spent> spent) {

    private static final Posting NOTHING_TO_ADJUST = new Posting.Contradicted("an adjustment is of more than nothing");

    public CreditAccount {
        grants = List.copyOf(grants);
        spent = List.copyOf(spent);
    }

    /** The state that an intent without a claim and without caps sees. */
    public CreditAccount(AccountId id, List<Grant> grants, Optional<Hold> hold) {
        this(id, grants, hold, Optional.empty(), List.of());
    }

    /** Adds a grant. One with the same external id and amount is the same grant, and adds nothing. */
    Posting grant(Grant grant, Instant now) {
        Optional<Grant> same = grants.stream()
                .filter(known -> grant.externalId().isPresent() && known.externalId().equals(grant.externalId()))
                .findAny();
        if (same.isPresent() && !same.get().granted().equals(grant.granted())) {
            return new Posting.Contradicted("grant '" + grant.externalId().get() + "' is already in the books with "
                    + same.get().granted() + " credits, not " + grant.granted());
        }
        if (same.isEmpty() && grant.hasLapsed(now)) {
            return new Posting.Contradicted("a grant cannot have expired before it is made");
        }
        Books books = Books.of(this, now);
        if (same.isEmpty()) {
            books.add(EntryKind.GRANTED, grant, Optional.empty());
        }
        return books.posted(Optional.empty());
    }

    /**
     * Sets a new relay's quote aside, from the grants that are to be spent first, unless an earlier relay has a claim on
     * the same order.
     */
    Posting hold(Relay relay, Optional<Claim> claim, Instant now) {
        if (claim.isPresent() && claimed.isPresent() && claim.get().isMetBy(claimed.get(), now)) {
            boolean sameOrder = claim.get().fingerprint().equals(claimed.get().fingerprint());
            return new Posting.AlreadyOrdered(claimed.get().relay(), sameOrder);
        }
        for (SpendingCap.Spent capped : spent) {
            if (!capped.leaves(relay.quoted())) {
                return new Posting.CapReached(capped);
            }
        }
        Books books = Books.of(this, now);
        return books.draw(EntryKind.HELD, relay.quoted(), Optional.of(relay.id()), Optional.empty())
                ? books.posted(Optional.of(relay))
                : new Posting.Insufficient(relay.quoted(), books.balance());
    }

    /** Takes the charge from the hold, in the order in which it was drawn, and gives the rest back. */
    Posting settle(Charge charge, Instant now) {
        return end(relay -> relay.settled(charge), now);
    }

    /** Gives the whole hold back. */
    Posting release(String reason, Instant now) {
        return end(relay -> relay.released(reason), now);
    }

    private Posting end(UnaryOperator<Relay> ending, Instant now) {
        Hold held = theHold();
        Books books = Books.of(this, now);
        if (held.relay().state() != RelayState.HELD) {
            return new Posting.AlreadyEnded(held.relay(), books.balance());
        }
        Relay ended = ending.apply(held.relay());
        Credits due = ended.charged();
        for (Draw draw : held.draws()) {
            Credits taken = draw.amount().min(due);
            due = due.minus(taken);
            books.move(EntryKind.SETTLED, draw.grant(), taken, ended.id());
            books.move(EntryKind.RELEASED, draw.grant(), draw.amount().minus(taken), ended.id());
        }
        if (!due.isZero()) {
            throw new IllegalStateException(ended.id() + " draws less than its quote");
        }
        books.expire();
        return books.posted(Optional.of(ended));
    }

    /** Gives back some of what a settled relay cost, to the grants that paid, the last that paid first. */
    Posting refund(Credits amount, Note note, Instant now) {
        Hold paid = theHold();
        Credits left = paid.relay().charged().minus(paid.relay().refunded());
        if (amount.isZero() || !left.covers(amount)) {
            return new Posting.Contradicted(
                    "of " + paid.relay().id() + " up to " + left + " credits can be refunded, not " + amount);
        }
        Books books = Books.of(this, now);
        Credits due = amount;
        for (int i = paid.draws().size() - 1; i >= 0; i--) {
            Draw draw = paid.draws().get(i);
            Credits back = draw.amount().min(due);
            due = due.minus(back);
            books.refund(draw.grant(), back, paid.relay().id(), note);
        }
        if (!due.isZero()) {
            throw new IllegalStateException(paid.relay().id() + " has paid less than its charge");
        }
        books.expire();
        return books.posted(Optional.of(paid.relay().refunded(amount)));
    }

    /** Adds credits by hand, as a grant that does not expire. */
    Posting adjustUp(GrantId grant, Credits amount, Note note, Instant now) {
        if (amount.isZero()) {
            return NOTHING_TO_ADJUST;
        }
        Books books = Books.of(this, now);
        books.add(
                EntryKind.ADJUSTED_UP,
                Grant.of(grant, GrantSource.ADJUSTMENT, Grant.USUAL_PRIORITY, Optional.empty(), now, Optional.empty(),
                        amount),
                Optional.of(note));
        return books.posted(Optional.empty());
    }

    /** Takes available credits away by hand, from the grants that are to be spent first. */
    Posting adjustDown(Credits amount, Note note, Instant now) {
        if (amount.isZero()) {
            return NOTHING_TO_ADJUST;
        }
        Books books = Books.of(this, now);
        return books.draw(EntryKind.ADJUSTED_DOWN, amount, Optional.empty(), Optional.of(note))
                ? books.posted(Optional.empty())
                : new Posting.Insufficient(amount, books.balance());
    }

    /** Writes off what has expired. */
    Posting expire(Instant now) {
        return Books.of(this, now).posted(Optional.empty());
    }

    private Hold theHold() {
        return hold.orElseThrow(() -> new IllegalStateException("the store did not load the relay that was named"));
    }
}
