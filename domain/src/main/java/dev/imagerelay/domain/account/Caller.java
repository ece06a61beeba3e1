package dev.imagerelay.domain.account;

/**
 * Somebody who proved to hold a working key.
 *
 * @param account   whose credits are spent
 * @param keyPrefix the public part of the key that was presented
 * @param scope     what that key is good for
 * @param limits    how much all keys of the account together may order in a time
 */
public record Caller(AccountId account, String keyPrefix, KeyScope scope, Limits limits) {

    /** Somebody without limits. */
    public Caller(AccountId account, String keyPrefix) {
        this(account, keyPrefix, KeyScope.ANYTHING, Limits.NONE);
    }
}
