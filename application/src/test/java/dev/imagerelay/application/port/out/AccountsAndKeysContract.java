package dev.imagerelay.application.port.out;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.domain.account.Account;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.account.ApiKey;
import dev.imagerelay.domain.account.ApiKeySecret;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What every store of accounts and keys must do. */
public abstract class AccountsAndKeysContract {

    private static final Instant ISSUED = Instant.parse("2026-11-22T12:00:00Z");
    private static final Instant REVOKED = ISSUED.plusSeconds(60);

    private final Account ann = new Account(new AccountId("ann"), "Ann's pictures");

    /** The accounts under test, none yet. */
    protected abstract Accounts accounts();

    /** The keys of those accounts, none yet. */
    protected abstract ApiKeys keys();

    @Test
    void anAccountIsFoundByItsIdOnceItIsThere() {
        assertTrue(accounts().none());
        assertEquals(Optional.empty(), accounts().find(ann.id()));

        accounts().add(ann);

        assertFalse(accounts().none());
        assertEquals(Optional.of(ann), accounts().find(ann.id()));
    }

    @Test
    void anIdIsTakenOnce() {
        accounts().add(ann);

        assertThrows(IllegalArgumentException.class, () -> accounts().add(new Account(ann.id(), "Another")));

        assertEquals(Optional.of(ann), accounts().find(ann.id()));
    }

    @Test
    void aKeyIsFoundByItsPrefixAsItWasAdded() {
        accounts().add(ann);
        ApiKey key = key(1);

        keys().add(key);

        assertEquals(Optional.of(key), keys().find(key.prefix()));
        assertEquals(Optional.empty(), keys().find("sk-relay-absent00"));
        assertThrows(IllegalArgumentException.class, () -> keys().add(key));
    }

    @Test
    void aKeyNeedsAnAccount() {
        assertThrows(IllegalArgumentException.class, () -> keys().add(key(1)));
    }

    @Test
    void aRevokedKeyStaysOnRecordWithItsTime() {
        accounts().add(ann);
        ApiKey key = key(1);
        keys().add(key);

        assertTrue(keys().revoke(key.prefix(), REVOKED));
        assertFalse(keys().revoke(key.prefix(), REVOKED.plusSeconds(1)));
        assertFalse(keys().revoke("sk-relay-absent00", REVOKED));

        assertEquals(Optional.of(REVOKED), keys().find(key.prefix()).orElseThrow().revokedAt());
    }

    private ApiKey key(long seed) {
        ApiKeySecret secret = ApiKeySecret.make(new Random(seed));
        return new ApiKey(secret.prefix(), ann.id(), secret.digest(), ISSUED, Optional.empty());
    }
}
