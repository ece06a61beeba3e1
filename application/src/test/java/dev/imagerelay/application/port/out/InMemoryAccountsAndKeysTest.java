package dev.imagerelay.application.port.out;

/** The fakes keep the same contract as the real stores. */
class InMemoryAccountsAndKeysTest extends AccountsAndKeysContract {

    private final InMemoryAccounts accounts = new InMemoryAccounts();
    private final InMemoryApiKeys keys = new InMemoryApiKeys(accounts);

    @Override
    protected Accounts accounts() {
        return accounts;
    }

    @Override
    protected ApiKeys keys() {
        return keys;
    }
}
