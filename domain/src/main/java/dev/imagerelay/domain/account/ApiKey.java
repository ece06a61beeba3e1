package dev.imagerelay.domain.account;

import java.time.Instant;
import java.util.Optional;

/**
 * A key as it is kept: everything but its secret.
 *
 * @param prefix    its public part, unique
 * @param account   whose credits it spends
 * @param name      how its owner calls it, at most 200 characters; may be empty
 * @param digest    recognises the secret
 * @param scope     what it is good for
 * @param issuedAt  when it was made
 * @param revokedAt when it stopped working; empty while it works
 */
public record ApiKey(
        String prefix,
        AccountId account,
        String name,
        ApiKeyDigest digest,
        KeyScope scope,
        Instant issuedAt,
        Optional<Instant> revokedAt) {

    public ApiKey {
        if (name.length() > 200) {
            throw new IllegalArgumentException("a key's name has at most 200 characters");
        }
    }

    /** A key for everything, without a name. */
    public ApiKey(
            String prefix, AccountId account, ApiKeyDigest digest, Instant issuedAt, Optional<Instant> revokedAt) {
        this(prefix, account, "", digest, KeyScope.ANYTHING, issuedAt, revokedAt);
    }

    /** Whether that secret opens the account at that time. */
    public boolean admits(ApiKeySecret secret, Instant now) {
        return digest.matches(secret) && works(now);
    }

    /** Whether it is neither revoked nor over. */
    public boolean works(Instant now) {
        return revokedAt.isEmpty() && !scope.hasExpired(now);
    }

    /** The same key with another scope. */
    public ApiKey with(KeyScope scope) {
        return new ApiKey(prefix, account, name, digest, scope, issuedAt, revokedAt);
    }

    /** The same key, of no use from then on. */
    public ApiKey revoked(Instant at) {
        return new ApiKey(prefix, account, name, digest, scope, issuedAt, Optional.of(at));
    }
}
