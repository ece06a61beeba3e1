package dev.imagerelay.application.port.out;

import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.account.ApiKey;
import dev.imagerelay.domain.account.AuditRecord;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/** Keys that are gone with the process. */
public final class InMemoryApiKeys implements ApiKeys {

    private final Accounts accounts;
    private final InMemoryAuditTrail trail;
    private final Map<String, ApiKey> keys = Collections.synchronizedMap(new LinkedHashMap<>());

    public InMemoryApiKeys(Accounts accounts, InMemoryAuditTrail trail) {
        this.accounts = accounts;
        this.trail = trail;
    }

    @Override
    public void add(ApiKey key, AuditRecord record) {
        if (accounts.find(key.account()).isEmpty()) {
            throw new IllegalArgumentException("there is no account " + key.account());
        }
        if (keys.putIfAbsent(key.prefix(), key) != null) {
            throw new IllegalArgumentException("key " + key.prefix() + " exists");
        }
        trail.add(record);
    }

    @Override
    public Optional<OwnedKey> find(String prefix) {
        return Optional.ofNullable(keys.get(prefix))
                .map(key -> new OwnedKey(key, accounts.find(key.account()).orElseThrow()));
    }

    @Override
    public List<ApiKey> of(AccountId account) {
        synchronized (keys) {
            return keys.values().stream().filter(key -> key.account().equals(account)).toList();
        }
    }

    @Override
    public synchronized Optional<ApiKey> change(
            String prefix, Instant now, UnaryOperator<ApiKey> change, BiFunction<ApiKey, ApiKey, AuditRecord> record) {
        return working(prefix, now).map(before -> {
            ApiKey after = change.apply(before);
            keys.put(prefix, after);
            trail.add(record.apply(before, after));
            return after;
        });
    }

    @Override
    public synchronized Optional<ApiKey> roll(
            String prefix,
            Instant now,
            UnaryOperator<ApiKey> change,
            UnaryOperator<ApiKey> successor,
            BiFunction<ApiKey, ApiKey, AuditRecord> record) {
        return working(prefix, now).map(before -> {
            ApiKey made = successor.apply(before);
            keys.put(prefix, change.apply(before));
            keys.put(made.prefix(), made);
            trail.add(record.apply(before, made));
            return made;
        });
    }

    private Optional<ApiKey> working(String prefix, Instant now) {
        return Optional.ofNullable(keys.get(prefix)).filter(key -> key.works(now));
    }

    @Override
    public synchronized boolean revoke(String prefix, Instant at, AuditRecord record) {
        Optional<ApiKey> key = Optional.ofNullable(keys.get(prefix)).filter(known -> known.revokedAt().isEmpty());
        key.ifPresent(known -> {
            keys.put(prefix, known.revoked(at));
            trail.add(record);
        });
        return key.isPresent();
    }
}
