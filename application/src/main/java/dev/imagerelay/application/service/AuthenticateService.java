package dev.imagerelay.application.service;

import dev.imagerelay.application.port.in.Authenticate;
import dev.imagerelay.application.port.out.ApiKeys.OwnedKey;
import dev.imagerelay.application.port.out.ApiKeys;
import dev.imagerelay.domain.account.Account;
import dev.imagerelay.domain.account.AccountState;
import dev.imagerelay.domain.account.ApiKey;
import dev.imagerelay.domain.account.ApiKeySecret;
import dev.imagerelay.domain.account.Caller;
import dev.imagerelay.domain.relay.Decision;
import dev.imagerelay.domain.relay.Declined;
import java.time.InstantSource;
import java.util.Optional;

/** Looks a key up by its public part and compares the rest in constant time. */
final class AuthenticateService implements Authenticate {

    private final ApiKeys keys;
    private final InstantSource time;

    AuthenticateService(ApiKeys keys, InstantSource time) {
        this.keys = keys;
        this.time = time;
    }

    @Override
    public Decision<Caller> authenticate(String presented) {
        Optional<ApiKeySecret> secret = ApiKeySecret.read(presented);
        Optional<OwnedKey> owned = secret.flatMap(s -> keys.find(s.prefix()));
        if (owned.isEmpty() || !owned.get().key().admits(secret.get(), time.instant())) {
            return Decision.refused(new Declined.KeyRefused());
        }
        ApiKey key = owned.get().key();
        Account owner = owned.get().owner();
        return owner.state() == AccountState.OPEN
                ? Decision.accepted(new Caller(owner.id(), key.prefix(), key.scope(), owner.limits()))
                : Decision.refused(new Declined.AccountSuspended());
    }
}
