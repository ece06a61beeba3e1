package dev.imagerelay.application.port.out;

import dev.imagerelay.domain.account.Account;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.account.AuditRecord;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/** Accounts that are gone with the process. */
public final class InMemoryAccounts implements Accounts {

    private final Map<AccountId, Account> accounts = new ConcurrentHashMap<>();
    private final InMemoryAuditTrail trail;

    public InMemoryAccounts(InMemoryAuditTrail trail) {
        this.trail = trail;
    }

    @Override
    public void add(Account account, AuditRecord record) {
        if (accounts.putIfAbsent(account.id(), account) != null) {
            throw new IllegalArgumentException("account " + account.id() + " exists");
        }
        trail.add(record);
    }

    @Override
    public synchronized Optional<Account> change(
            AccountId id, UnaryOperator<Account> change, BiFunction<Account, Account, AuditRecord> record) {
        return find(id).map(before -> {
            Account after = change.apply(before);
            accounts.put(id, after);
            trail.add(record.apply(before, after));
            return after;
        });
    }

    @Override
    public Optional<Account> find(AccountId id) {
        return Optional.ofNullable(accounts.get(id));
    }

    @Override
    public List<Account> list(Optional<String> named, Optional<AccountId> after, int limit) {
        return accounts.values().stream()
                .sorted(Comparator.comparing(account -> account.id().value()))
                .filter(account -> after.isEmpty() || account.id().value().compareTo(after.get().value()) > 0)
                .filter(account -> named.isEmpty() || lower(account.name()).contains(lower(named.get())))
                .limit(limit)
                .toList();
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    @Override
    public boolean none() {
        return accounts.isEmpty();
    }
}
