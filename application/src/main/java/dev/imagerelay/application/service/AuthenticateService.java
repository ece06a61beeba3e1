package dev.imagerelay.application.service;

import dev.imagerelay.application.port.in.Authenticate;
import dev.imagerelay.application.port.out.ApiKeys;
import dev.imagerelay.domain.account.ApiKey;
import dev.imagerelay.domain.account.ApiKeySecret;
import dev.imagerelay.domain.account.Caller;
import dev.imagerelay.domain.relay.Decision;
import dev.imagerelay.domain.relay.Declined;
import java.util.Optional;

/** Looks a key up by its public part and compares the rest in constant time. */
final class AuthenticateService implements Authenticate {

    private final ApiKeys keys;

    AuthenticateService(ApiKeys keys) {
        this.keys = keys;
    }

    @Override
    public Decision<Caller> authenticate(String presented) {
        Optional<ApiKeySecret> secret = ApiKeySecret.read(presented);
        Optional<ApiKey> key = secret.flatMap(s -> keys.find(s.prefix()));
        return key.isPresent() && key.get().admits(secret.get())
                ? Decision.accepted(new Caller(key.get().account(), key.get().prefix()))
                : Decision.refused(new Declined.KeyRefused());
    }
}
