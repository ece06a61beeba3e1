package dev.imagerelay.application.port.in;

import dev.imagerelay.domain.account.Account;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.account.ApiKey;
import dev.imagerelay.domain.account.ApiKeySecret;
import dev.imagerelay.domain.ledger.Grant;
import dev.imagerelay.domain.ledger.GrantSource;
import dev.imagerelay.domain.ledger.LedgerEntry.Note;
import dev.imagerelay.domain.ledger.Posting;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.relay.RelayId;
import java.time.Instant;
import java.util.Optional;

/** The back office: accounts, their keys and their credits. Whoever may call this may give away money. */
public interface AdministerAccounts {

    /** Opens an account without credits. */
    Account open(String name);

    /** Makes a key for an account; empty if there is no such account. */
    Optional<IssuedKey> issueKey(AccountId account);

    /** Makes a key useless at once; false if there is no such key or it was revoked before. */
    boolean revokeKey(String prefix);

    /** Gives credits to an account. Contradicted if there is none such, or the external id names another grant. */
    Posting grant(AccountId account, GrantOrder grant);

    /** Gives back some or all of what a settled relay cost. Contradicted if there is none such or it is too much. */
    Posting refund(RelayId relay, Credits amount, Note note);

    /** Adds credits by hand. Contradicted if there is no such account. */
    Posting adjustUp(AccountId account, Credits amount, Note note);

    /** Takes available credits away by hand. Contradicted if there is no such account, insufficient if it has less. */
    Posting adjustDown(AccountId account, Credits amount, Note note);

    /**
     * A key that has just been made.
     *
     * @param key    what is kept
     * @param secret what its owner gets to see, now and never again
     */
    record IssuedKey(ApiKey key, ApiKeySecret secret) {}

    /**
     * A grant to be made.
     *
     * @param amount     more than zero
     * @param source     how it comes about
     * @param priority   the lower, the sooner it is spent; 0 to 100
     * @param expiresAt  from then on what is left lapses; empty: never
     * @param externalId what the outside calls it: asked for again, it is the same grant; empty: every call grants anew
     */
    record GrantOrder(
            Credits amount,
            GrantSource source,
            int priority,
            Optional<Instant> expiresAt,
            Optional<String> externalId) {

        public GrantOrder {
            if (amount.isZero()) {
                throw new IllegalArgumentException("a grant is of more than nothing");
            }
        }

        /** A grant of usual priority that never expires and that the outside has no name for. */
        public static GrantOrder of(Credits amount, GrantSource source) {
            return new GrantOrder(amount, source, Grant.USUAL_PRIORITY, Optional.empty(), Optional.empty());
        }
    }
}
