package dev.imagerelay.domain.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.domain.image.ModelId;
import dev.imagerelay.domain.pricing.Credits;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
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
    void limitsAndScopesAreToldInWords() {
        Limits limits =
                new Limits(Optional.of(60), Optional.empty(), Optional.of(2), Optional.of(Credits.of("0.5")));
        Set<ModelId> models = Set.of(new ModelId("sample"), new ModelId("gpt-image-2"));

        assertEquals("no limits", Limits.NONE.toString());
        assertEquals("60 requests per minute, 2 requests at once, 0.5 credits per day", limits.toString());
        assertEquals("all models, no limits", KeyScope.ANYTHING.toString());
        assertEquals(
                "gpt-image-2 and sample, 3 credits in all, until 2026-01-01T00:00:00Z, no limits",
                new KeyScope(models, Limits.NONE, Optional.of(Credits.of("3")), Optional.of(NOW)).toString());
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

        assertTrue(working.admits(secret, NOW));
        assertFalse(working.admits(ApiKeySecret.make(random), NOW));
        assertFalse(revoked.admits(secret, NOW));
    }

    @Test
    void aKeyAdmitsItsSecretUntilItExpires() {
        ApiKeySecret secret = ApiKeySecret.make(new Random(1));
        ApiKey key = new ApiKey(secret.prefix(), ID, secret.digest(), NOW, Optional.empty())
                .with(KeyScope.ANYTHING.endingAt(NOW.plusSeconds(1)));

        assertTrue(key.admits(secret, NOW.plusMillis(999)));
        assertFalse(key.admits(secret, NOW.plusSeconds(1)));
    }

    @Test
    void aScopeEndsAtTheSoonerOfTwoEnds() {
        KeyScope soon = KeyScope.ANYTHING.endingAt(NOW.plusSeconds(1));

        assertEquals(soon, soon.endingAt(NOW.plusSeconds(2)));
        assertEquals(soon, KeyScope.ANYTHING.endingAt(NOW.plusSeconds(2)).endingAt(NOW.plusSeconds(1)));
    }

    @Test
    void aScopeAllowsItsModelsOrAll() {
        ModelId painter = new ModelId("painter");
        KeyScope painting = new KeyScope(Set.of(painter), Limits.NONE, Optional.empty(), Optional.empty());

        assertTrue(painting.allows(painter));
        assertFalse(painting.allows(new ModelId("sketcher")));
        assertTrue(KeyScope.ANYTHING.allows(painter));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void aLimitAllowsSomething(int most) {
        Optional<Integer> limit = Optional.of(most);
        Optional<Integer> none = Optional.empty();

        assertThrows(IllegalArgumentException.class, () -> new Limits(limit, none, none, Optional.empty()));
        assertThrows(IllegalArgumentException.class, () -> new Limits(none, limit, none, Optional.empty()));
        assertThrows(IllegalArgumentException.class, () -> new Limits(none, none, limit, Optional.empty()));
    }

    @Test
    void aCallersCapsAreThoseOfItsKeyBeforeThoseOfItsAccount() {
        Limits daily = new Limits(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(Credits.of("5")));
        KeyScope scope = new KeyScope(Set.of(), daily, Optional.of(Credits.of("9")), Optional.empty());

        assertEquals(List.of(), SpendingCap.of(new Caller(ID, "key")));
        assertEquals(
                List.of(
                        new SpendingCap(Spender.KEY, "key", SpendingCap.Period.EVER, Credits.of("9")),
                        new SpendingCap(Spender.KEY, "key", SpendingCap.Period.DAY, Credits.of("5")),
                        new SpendingCap(Spender.ACCOUNT, ID.value(), SpendingCap.Period.DAY, Credits.of("5"))),
                SpendingCap.of(new Caller(ID, "key", scope, daily)));
    }

    @Test
    void nobodyAdministersWithoutAName() {
        for (String who : List.of("", " ", "w".repeat(101))) {
            assertThrows(IllegalArgumentException.class, () -> new AuditRecord(
                    NOW, who, "open account", "acct_1", Optional.empty(), Optional.empty()));
        }
    }
}
