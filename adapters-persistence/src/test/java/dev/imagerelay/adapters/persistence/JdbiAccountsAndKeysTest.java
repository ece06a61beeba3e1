package dev.imagerelay.adapters.persistence;

import dev.imagerelay.application.port.out.Accounts;
import dev.imagerelay.application.port.out.AccountsAndKeysContract;
import dev.imagerelay.application.port.out.ApiKeys;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Accounts and keys in H2 keep the contract of every store of them. */
class JdbiAccountsAndKeysTest extends AccountsAndKeysContract {

    @RegisterExtension
    final H2Extension h2 = new H2Extension();

    @Override
    protected Accounts accounts() {
        return h2.database().accounts();
    }

    @Override
    protected ApiKeys keys() {
        return h2.database().keys();
    }
}
