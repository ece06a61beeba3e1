package dev.imagerelay.application.port.out;

import dev.imagerelay.domain.account.Account;
import dev.imagerelay.domain.account.AccountId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Accounts that are gone with the process. */
public final class InMemoryAccounts implements Accounts {

    private final Map<AccountId, Account> accounts = new ConcurrentHashMap<>();

    @Override
    public void add(Account account) {
        if (accounts.putIfAbsent(account.id(), account) != null) {
            throw new IllegalArgumentException("account " + account.id() + " exists");
        }
    }

    @Override
    public Optional<Account> find(AccountId id) {
        return Optional.ofNullable(accounts.get(id));
    }

    @Override
    public boolean none() {
        return accounts.isEmpty();
    }
}
