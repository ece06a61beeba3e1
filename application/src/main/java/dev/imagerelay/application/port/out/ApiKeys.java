package dev.imagerelay.application.port.out;

import dev.imagerelay.domain.account.Account;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.account.ApiKey;
import dev.imagerelay.domain.account.AuditRecord;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/** All API keys, revoked ones too. */
public interface ApiKeys {

    /**
     * Adds a key, durably and on record.
     *
     * @throws IllegalArgumentException if its prefix is taken or its account does not exist
     */
    void add(ApiKey key, AuditRecord record);

    /** The key with that public part, revoked or not, and whose it is; empty if there is none. */
    Optional<OwnedKey> find(String prefix);

    /** All keys of an account, the oldest first; empty if it has none or does not exist. */
    List<ApiKey> of(AccountId account);

    /**
     * Changes a working key as it is then, durably and on record.
     *
     * @param now    tells which keys work
     * @param change what becomes of it; its prefix, account and digest stay
     * @param record tells of the key before and after
     * @return the key after; empty if there is none that works
     */
    Optional<ApiKey> change(
            String prefix, Instant now, UnaryOperator<ApiKey> change, BiFunction<ApiKey, ApiKey, AuditRecord> record);

    /**
     * Changes a working key as it is then and adds its successor, both or nothing, durably and on record.
     *
     * @param successor makes it of the key before the change
     * @param record    tells of the key and its successor
     * @return the successor; empty if there is no such key that works
     */
    Optional<ApiKey> roll(
            String prefix,
            Instant now,
            UnaryOperator<ApiKey> change,
            UnaryOperator<ApiKey> successor,
            BiFunction<ApiKey, ApiKey, AuditRecord> record);

    /** Revokes a key, durably and on record; false if there is none or it was revoked before. */
    boolean revoke(String prefix, Instant at, AuditRecord record);

    /**
     * A key with its owner.
     *
     * @param key   the key
     * @param owner the account whose credits it spends
     */
    record OwnedKey(ApiKey key, Account owner) {}
}
