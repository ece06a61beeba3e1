package dev.imagerelay.domain.ledger;

import dev.imagerelay.domain.account.SpendingCap;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.relay.Relay;
import java.util.List;
import java.util.Optional;

/** What an intent comes to. Only {@link Posted} changes anything. */
public sealed interface Posting {

    /**
     * Accepted: all of it is to be made durable together, or nothing.
     *
     * @param entries what moved, to be appended; empty if it had all been done before
     * @param grants  every grant that is new or changed, as it is now
     * @param relay   the relay as it is now; empty if the intent concerned none
     * @param balance what the account has now
     */
    record Posted(List<LedgerEntry> entries, List<Grant> grants, Optional<Relay> relay, Balance balance)
            implements Posting {

        public Posted {
            entries = List.copyOf(entries);
            grants = List.copyOf(grants);
        }
    }

    /** The account cannot cover what is needed. */
    record Insufficient(Credits needed, Balance balance) implements Posting {}

    /** A cap on what may be spent does not leave that much; nothing is held. */
    record CapReached(SpendingCap.Spent spent) implements Posting {}

    /** The relay had already ended so; this came second and does nothing. */
    record AlreadyEnded(Relay relay, Balance balance) implements Posting {}

    /**
     * An earlier relay has a claim on the same order; nothing is held.
     *
     * @param earlier     that relay, held or settled
     * @param sameOrder   whether it was for just the same order; if not, one key was used for two orders
     */
    record AlreadyOrdered(Relay earlier, boolean sameOrder) implements Posting {}

    /** It contradicts the books; the reason in words. */
    record Contradicted(String why) implements Posting {}
}
