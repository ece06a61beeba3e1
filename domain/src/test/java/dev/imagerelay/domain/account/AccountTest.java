package dev.imagerelay.domain.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an account is called, and which secrets its keys admit. */
class AccountTest {

    private static final AccountId ID = new AccountId("acct_1");
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @ParameterizedTest
    @ValueSource(strings = {"a", "acct_0f-9", "0123456789012345678901234567890123456789012345678901234567890123"})
    void idsOfAccounts(String value) {
        assertEquals(value, new AccountId(value).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", " ", "a b", "a.b", "a\n", "é", "01234567890123456789012345678901234567890123456789012345678901234"
    })
    void whatCannotBeTheIdOfAnAccount(String value) {
        assertThrows(IllegalArgumentException.class, () -> new AccountId(value));
    }

    @Test
    void anAccountHasAName() {
        assertEquals("n".repeat(200), new Account(ID, "n".repeat(200)).name());
        assertThrows(IllegalArgumentException.class, () -> new Account(ID, "n".repeat(201)));
        assertThrows(IllegalArgumentException.class, () -> new Account(ID, " "));
    }

    @Test
    void aKeyAdmitsItsSecretUntilItIsRevoked() {
        Random random = new Random(1);
        ApiKeySecret secret = ApiKeySecret.make(random);
        ApiKey working = new ApiKey(secret.prefix(), ID, secret.digest(), NOW, Optional.empty());
        ApiKey revoked = new ApiKey(secret.prefix(), ID, secret.digest(), NOW, Optional.of(NOW));

        assertTrue(working.admits(secret));
        assertFalse(working.admits(ApiKeySecret.make(random)));
        assertFalse(revoked.admits(secret));
    }
}
