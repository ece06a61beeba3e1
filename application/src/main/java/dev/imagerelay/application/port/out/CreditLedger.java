package dev.imagerelay.application.port.out;

import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.ledger.Balance;
import dev.imagerelay.domain.ledger.Intent;
import dev.imagerelay.domain.ledger.Posting;
import dev.imagerelay.domain.ledger.Statement;
import dev.imagerelay.domain.ledger.Totals;
import dev.imagerelay.domain.relay.Claim;
import dev.imagerelay.domain.relay.Claimed;
import dev.imagerelay.domain.relay.Relay;
import dev.imagerelay.domain.relay.RelayId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The books, kept. The rules are the domain's; this only makes what they decide durable, one intent at a time. */
public interface CreditLedger {

    /**
     * Applies an intent to its account: loads the account's state, asks the rule, and appends what it posts, all or
     * nothing, as if no other intent for that account ran at the same time. A posting that is returned is durable.
     *
     * @throws IllegalArgumentException if there is no such account, or no such relay in it
     * @throws RuntimeException if a new relay has the id of another; nothing is posted then
     */
    Posting post(Intent intent);

    /** What an account has now, what has expired left out; nothing if it does not exist. */
    Balance balance(AccountId account);

    /** All that ever happened to an account's credits; all zero if it has no entries. */
    Totals totals(AccountId account);

    /**
     * An account's entries, the newest first.
     *
     * @param below only entries with a lower number than this; empty: from the newest
     * @param limit the most entries to return, at least 1
     */
    Statement entries(AccountId account, OptionalLong below, int limit);

    /** A relay by its name; empty if no credits were ever held for it. */
    Optional<Relay> relay(RelayId id);

    /** What has been claimed before an order with this claim, as its hold would find it; empty if it is a new order. */
    Optional<Claimed> claimed(AccountId account, Claim claim);

    /** Up to so many relays whose credits are still held, the oldest first. */
    List<Relay> held(int limit);

    /** Up to so many of those that are held by gateways that are not alive, the oldest first; see {@link Leases}. */
    List<Relay> abandoned(int limit);

    /** Up to so many accounts with something that has expired and is not written off yet. */
    List<AccountId> withLapsedGrants(int limit);

    /** Forgets the claims that have lost their meaning, which are those older than {@code Claim.KEPT}. */
    void forgetOldClaims();
}
