package dev.imagerelay.domain.account;

import java.time.Instant;
import java.util.Optional;

/**
 * A key as it is kept: everything but its secret.
 *
 * @param prefix    its public part, unique
 * @param account   whose credits it spends
 * @param digest    recognises the secret
 * @param issuedAt  when it was made
 * @param revokedAt when it stopped working; empty while it works
 */
public record ApiKey(
        String prefix, AccountId account, ApiKeyDigest digest, Instant issuedAt, Optional<Instant> revokedAt) {

    /** Whether that secret opens the account now. */
    public boolean admits(ApiKeySecret secret) {
        return digest.matches(secret) && revokedAt.isEmpty();
    }
}
