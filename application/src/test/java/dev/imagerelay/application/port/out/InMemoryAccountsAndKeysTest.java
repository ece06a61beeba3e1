package dev.imagerelay.application.port.out;

/** The fakes keep the same contract as the real stores. */
class InMemoryAccountsAndKeysTest extends AccountsAndKeysContract {

    private final InMemoryAuditTrail trail = new InMemoryAuditTrail();
    private final InMemoryAccounts accounts = new InMemoryAccounts(trail);
    private final InMemoryApiKeys keys = new InMemoryApiKeys(accounts, trail);

    @Override
    protected Accounts accounts() {
        return accounts;
    }

    @Override
    protected AuditTrail trail() {
        return trail;
    }

    @Override
    protected ApiKeys keys() {
        return keys;
    }
}
