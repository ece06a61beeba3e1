package dev.imagerelay.adapters.persistence;

import dev.imagerelay.application.port.out.Accounts;
import dev.imagerelay.application.port.out.AccountsAndKeysContract;
import dev.imagerelay.application.port.out.ApiKeys;
import dev.imagerelay.application.port.out.AuditTrail;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Accounts and keys in every database keep the contract of every store of them. */
@ParameterizedClass
@EnumSource(Store.Kind.class)
class JdbiAccountsAndKeysTest extends AccountsAndKeysContract {

    @RegisterExtension
    final FreshDatabase fresh;

    JdbiAccountsAndKeysTest(Store.Kind kind) {
        fresh = new FreshDatabase(kind);
    }

    @Override
    protected Accounts accounts() {
        return fresh.database().accounts();
    }

    @Override
    protected ApiKeys keys() {
        return fresh.database().keys();
    }

    @Override
    protected AuditTrail trail() {
        return fresh.database().trail();
    }
}
