package dev.imagerelay.application.port.out;

import dev.imagerelay.domain.account.ApiKey;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Keys that are gone with the process. */
public final class InMemoryApiKeys implements ApiKeys {

    private final Accounts accounts;
    private final Map<String, ApiKey> keys = new ConcurrentHashMap<>();

    public InMemoryApiKeys(Accounts accounts) {
        this.accounts = accounts;
    }

    @Override
    public void add(ApiKey key) {
        if (accounts.find(key.account()).isEmpty()) {
            throw new IllegalArgumentException("there is no account " + key.account());
        }
        if (keys.putIfAbsent(key.prefix(), key) != null) {
            throw new IllegalArgumentException("key " + key.prefix() + " exists");
        }
    }

    @Override
    public Optional<ApiKey> find(String prefix) {
        return Optional.ofNullable(keys.get(prefix));
    }

    @Override
    public synchronized boolean revoke(String prefix, Instant at) {
        ApiKey key = keys.get(prefix);
        if (key == null || key.revokedAt().isPresent()) {
            return false;
        }
        keys.put(prefix, new ApiKey(prefix, key.account(), key.digest(), key.issuedAt(), Optional.of(at)));
        return true;
    }
}
