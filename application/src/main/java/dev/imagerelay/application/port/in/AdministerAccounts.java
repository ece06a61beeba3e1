package dev.imagerelay.application.port.in;

import dev.imagerelay.domain.account.Account;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.account.AccountState;
import dev.imagerelay.domain.account.ApiKey;
import dev.imagerelay.domain.account.ApiKeySecret;
import dev.imagerelay.domain.account.KeyScope;
import dev.imagerelay.domain.account.Limits;
import dev.imagerelay.domain.ledger.Grant;
import dev.imagerelay.domain.ledger.GrantSource;
import dev.imagerelay.domain.ledger.LedgerEntry.Note;
import dev.imagerelay.domain.ledger.Posting;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.relay.RelayId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The back office: accounts, their keys and their credits. Whoever may call this may give away money. Everything it does
 * is on record, in the name of whoever does it.
 */
public interface AdministerAccounts {

    /** The same back office, in that name from then on: 1 to 100 characters. */
    AdministerAccounts by(String who);

    /** Opens an account without credits. */
    Account open(String name);

    /**
     * Refuses all keys of an account, or takes them again, and changes what they may order together, from now on.
     *
     * @param state  empty: as it is
     * @param limits what becomes of the limits that there are then
     * @return the account after; empty if there is none such
     */
    Optional<Account> change(AccountId account, Optional<AccountState> state, UnaryOperator<Limits> limits);

    /** Makes a key for everything, without a name; empty if there is no such account. */
    default Optional<IssuedKey> issueKey(AccountId account) {
        return issueKey(account, "", KeyScope.ANYTHING);
    }

    /** Makes a key; empty if there is no such account. */
    Optional<IssuedKey> issueKey(AccountId account, String name, KeyScope scope);

    /**
     * Makes a key that takes the place of another: of the same name and scope. It begins to spend anew: what the other
     * has spent does not count against its caps.
     *
     * @param overlap how long the other still works
     * @return empty if there is no such key, or it does not work any more
     */
    Optional<IssuedKey> rollKey(String prefix, Duration overlap);

    /** Changes what a key is good for, from now on; empty if there is no such key, or it does not work any more. */
    Optional<ApiKey> changeKey(String prefix, UnaryOperator<KeyScope> scope);

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
