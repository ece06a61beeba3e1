package dev.imagerelay.application.service;

import static dev.imagerelay.application.service.Shop.ANN;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.imagerelay.application.Records;
import dev.imagerelay.domain.account.AccountState;
import dev.imagerelay.domain.account.ApiKey;
import dev.imagerelay.domain.account.ApiKeySecret;
import dev.imagerelay.domain.account.Caller;
import dev.imagerelay.domain.account.KeyScope;
import dev.imagerelay.domain.account.Limits;
import dev.imagerelay.domain.relay.Decision;
import dev.imagerelay.domain.relay.Declined;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A working key opens its account; of any other key nothing is told but that it is refused. */
class AuthenticateServiceTest {

    private final Shop shop = new Shop();
    private final ApiKeySecret secret = ApiKeySecret.make(new Random(1));
    private final AuthenticateService authenticate = new AuthenticateService(shop.keys, shop.time);

    @BeforeEach
    void issueAKey() {
        shop.keys.add(new ApiKey(
                secret.prefix(), ANN.account(), secret.digest(), shop.time.instant(), Optional.empty()), Records.ANY);
    }

    @Test
    void aWorkingKeyOpensItsAccount() {
        assertEquals(
                Decision.accepted(new Caller(ANN.account(), secret.prefix())),
                authenticate.authenticate(secret.reveal()));
    }

    @Test
    void anUnknownKeyIsRefused() {
        assertRefused(ApiKeySecret.make(new Random(2)).reveal());
    }

    @Test
    void aKnownPrefixWithAnotherSecretIsRefused() {
        String other = ApiKeySecret.make(new Random(2)).reveal();

        assertRefused(secret.prefix() + other.substring(secret.prefix().length()));
    }

    @Test
    void aRevokedKeyIsRefused() {
        shop.keys.revoke(secret.prefix(), shop.time.instant(), Records.ANY);

        assertRefused(secret.reveal());
    }

    @Test
    void aKeyIsRefusedFromTheMomentItExpires() {
        KeyScope scope = KeyScope.ANYTHING.endingAt(shop.time.instant().plusSeconds(60));
        shop.keys.change(
                secret.prefix(), shop.time.instant(), key -> key.with(scope), (before, after) -> Records.ANY);
        shop.time.pass(Duration.ofMillis(59_999));
        assertEquals(
                Decision.accepted(new Caller(ANN.account(), secret.prefix(), scope, Limits.NONE)),
                authenticate.authenticate(secret.reveal()));

        shop.time.pass(Duration.ofMillis(1));

        assertRefused(secret.reveal());
    }

    @Test
    void aGoodKeyOfASuspendedAccountIsToldSo() {
        shop.accounts.change(
                ANN.account(), account -> account.in(AccountState.SUSPENDED), (before, after) -> Records.ANY);

        assertEquals(
                Decision.refused(new Declined.AccountSuspended()), authenticate.authenticate(secret.reveal()));
        assertRefused(secret.prefix() + ApiKeySecret.make(new Random(2)).reveal().substring(secret.prefix().length()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "sk-proj-0123456789", "Bearer", "\u0000", "狐"})
    void whatCannotBeAKeyIsRefused(String presented) {
        assertRefused(presented);
    }

    @Test
    void aKeyWithAnythingAroundItIsRefused() {
        assertRefused(" " + secret.reveal());
        assertRefused(secret.reveal() + "\n");
        assertRefused(secret.prefix());
    }

    private void assertRefused(String presented) {
        assertEquals(Decision.refused(new Declined.KeyRefused()), authenticate.authenticate(presented));
    }
}
