package dev.imagerelay.application.port.out;

import dev.imagerelay.domain.account.ApiKey;
import java.time.Instant;
import java.util.Optional;

/** All API keys, revoked ones too. */
public interface ApiKeys {

    /**
     * Adds a key, durably.
     *
     * @throws IllegalArgumentException if its prefix is taken or its account does not exist
     */
    void add(ApiKey key);

    /** The key with that public part, revoked or not; empty if there is none. */
    Optional<ApiKey> find(String prefix);

    /** Revokes a key, durably; false if there is none or it was revoked before. */
    boolean revoke(String prefix, Instant at);
}
