package dev.imagerelay.adapters.persistence;

import dev.imagerelay.application.port.out.Accounts;
import dev.imagerelay.domain.account.Account;
import dev.imagerelay.domain.account.AccountId;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Accounts in a table. */
final class JdbiAccounts implements Accounts {

    private final Writer writer;
    private final Reader reader;

    JdbiAccounts(Writer writer, Reader reader) {
        this.writer = writer;
        this.reader = reader;
    }

    @Override
    public void add(Account account) {
        writer.write(handle -> {
            if (find(handle, account.id()).isPresent()) {
                throw new IllegalArgumentException("account " + account.id() + " exists");
            }
            return handle.execute(
                    "INSERT INTO account (id, name) VALUES (?, ?)", account.id().value(), account.name());
        });
    }

    @Override
    public Optional<Account> find(AccountId id) {
        return reader.read(handle -> find(handle, id));
    }

    static Optional<Account> find(Handle handle, AccountId id) {
        return handle.createQuery("SELECT id, name FROM account WHERE id = ?")
                .bind(0, id.value())
                .map((row, context) -> new Account(new AccountId(row.getString("id")), row.getString("name")))
                .findOne();
    }

    @Override
    public boolean none() {
        return reader.read(handle -> handle.createQuery("SELECT id FROM account LIMIT 1")
                .mapTo(String.class)
                .findOne()
                .isEmpty());
    }
}
