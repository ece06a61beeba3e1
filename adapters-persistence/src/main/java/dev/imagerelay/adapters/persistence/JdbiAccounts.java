package dev.imagerelay.adapters.persistence;

import dev.imagerelay.application.port.out.Accounts;
import dev.imagerelay.domain.account.Account;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.account.AuditRecord;
import dev.imagerelay.domain.account.Limits;
import dev.imagerelay.domain.pricing.Credits;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;

/** Accounts in a table. */
final class JdbiAccounts implements Accounts {

    private final Writer writer;
    private final Reader reader;
    private final Engine engine;

    JdbiAccounts(Writer writer, Reader reader, Engine engine) {
        this.writer = writer;
        this.reader = reader;
        this.engine = engine;
    }

    @Override
    public void add(Account account, AuditRecord record) {
        writer.write(handle -> {
            if (find(handle, account.id()).isPresent()) {
                throw new IllegalArgumentException("account " + account.id() + " exists");
            }
            int added = save(handle, account, """
                    INSERT INTO account (id, name, state, requests_per_minute, images_per_minute, requests_at_once,
                                         credits_per_day)
                    VALUES (:id, :name, :state, :requestsPerMinute, :imagesPerMinute, :requestsAtOnce, :creditsPerDay)
                    """);
            JdbiAuditTrail.add(handle, record);
            return added;
        });
    }

    @Override
    public Optional<Account> change(
            AccountId id, UnaryOperator<Account> change, BiFunction<Account, Account, AuditRecord> record) {
        return writer.write(handle -> {
            engine.lock(handle, List.of(id.value()));
            return find(handle, id).map(before -> {
                Account after = change.apply(before);
                save(handle, after, """
                        UPDATE account SET name = :name, state = :state, requests_per_minute = :requestsPerMinute,
                            images_per_minute = :imagesPerMinute, requests_at_once = :requestsAtOnce,
                            credits_per_day = :creditsPerDay
                        WHERE id = :id
                        """);
                JdbiAuditTrail.add(handle, record.apply(before, after));
                return after;
            });
        });
    }

    private static int save(Handle handle, Account account, String sql) {
        try (Update update = handle.createUpdate(sql)) {
            update.bind("id", account.id().value())
                    .bind("name", account.name())
                    .bind("state", account.state().name());
            bind(update, account.limits());
            return update.execute();
        }
    }

    /** As {@code :requestsPerMinute}, {@code :imagesPerMinute}, {@code :requestsAtOnce} and {@code :creditsPerDay}. */
    static void bind(Update update, Limits limits) {
        update.bind("requestsPerMinute", limits.requestsPerMinute().orElse(null))
                .bind("imagesPerMinute", limits.imagesPerMinute().orElse(null))
                .bind("requestsAtOnce", limits.requestsAtOnce().orElse(null))
                .bind("creditsPerDay", limits.creditsPerDay().map(Credits::micros).orElse(null));
    }

    @Override
    public Optional<Account> find(AccountId id) {
        return reader.read(handle -> find(handle, id));
    }

    static Optional<Account> find(Handle handle, AccountId id) {
        return handle.createQuery("SELECT * FROM account WHERE id = ?")
                .bind(0, id.value())
                .map((row, context) -> Rows.account(row))
                .findOne();
    }

    @Override
    public List<Account> list(Optional<String> named, Optional<AccountId> after, int limit) {
        return reader.read(handle -> handle.createQuery("""
                        SELECT * FROM account WHERE id > :after AND POSITION(LOWER(:named) IN LOWER(name)) > 0
                        ORDER BY id LIMIT :limit
                        """)
                .bind("after", after.map(AccountId::value).orElse(""))
                .bind("named", named.orElse("")) // which every name has in it
                .bind("limit", limit)
                .map((row, context) -> Rows.account(row))
                .list());
    }

    @Override
    public boolean none() {
        return reader.read(handle -> handle.createQuery("SELECT id FROM account LIMIT 1")
                .mapTo(String.class)
                .findOne()
                .isEmpty());
    }
}
