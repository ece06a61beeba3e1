package dev.imagerelay.adapters.persistence;

import dev.imagerelay.application.port.out.CreditLedger;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.ledger.Balance;
import dev.imagerelay.domain.ledger.EntryKind;
import dev.imagerelay.domain.ledger.Intent;
import dev.imagerelay.domain.ledger.Posting;
import dev.imagerelay.domain.ledger.Statement;
import dev.imagerelay.domain.ledger.Totals;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.relay.Relay;
import dev.imagerelay.domain.relay.RelayId;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;

/** The books in tables: written by the writer, read beside it. */
final class JdbiCreditLedger implements CreditLedger {

    private final Writer writer;
    private final Reader reader;
    private final Engine engine;

    JdbiCreditLedger(Writer writer, Reader reader, Engine engine) {
        this.writer = writer;
        this.reader = reader;
        this.engine = engine;
    }

    @Override
    public Posting post(Intent intent) {
        return writer.post(intent);
    }

    @Override
    public Balance balance(AccountId account) {
        return reader.read(handle -> balance(handle, account));
    }

    private Balance balance(Handle handle, AccountId account) {
        return handle.createQuery("""
                        SELECT COALESCE(SUM(CASE WHEN expires_at <= :now THEN 0 ELSE available END), 0) AS available,
                               COALESCE(SUM(held), 0) AS held
                        FROM credit_grant WHERE account_id = :account AND (available > 0 OR held > 0)
                        """)
                .bind("account", account.value())
                .bind("now", engine.now(handle))
                .map((row, context) -> new Balance(Rows.credits(row, "available"), Rows.credits(row, "held")))
                .one();
    }

    @Override
    public Totals totals(AccountId account) {
        return reader.read(handle -> {
            Map<EntryKind, Credits> sums = sums(handle, account);
            Credits granted = sums.get(EntryKind.GRANTED)
                    .plus(sums.get(EntryKind.ADJUSTED_UP))
                    .minus(sums.get(EntryKind.ADJUSTED_DOWN));
            Credits spent = sums.get(EntryKind.SETTLED).minus(sums.get(EntryKind.REFUNDED));
            Balance balance = balance(handle, account);
            Credits expired = granted.minus(spent).minus(balance.available()).minus(balance.held());
            return new Totals(balance, granted, spent, expired);
        });
    }

    private static Map<EntryKind, Credits> sums(Handle handle, AccountId account) {
        Map<EntryKind, Credits> sums = new EnumMap<>(EntryKind.class);
        for (EntryKind kind : EntryKind.values()) {
            sums.put(kind, Credits.ZERO);
        }
        handle.createQuery("SELECT kind, SUM(amount) AS total FROM ledger_entry WHERE account_id = ? GROUP BY kind")
                .bind(0, account.value())
                .map((row, context) -> Map.entry(EntryKind.valueOf(row.getString("kind")), Rows.credits(row, "total")))
                .forEach(sum -> sums.put(sum.getKey(), sum.getValue()));
        return sums;
    }

    @Override
    public Statement entries(AccountId account, OptionalLong below, int limit) {
        List<Statement.Line> lines = reader.read(handle -> handle.createQuery("""
                        SELECT * FROM ledger_entry WHERE account_id = ? AND number < ?
                        ORDER BY number DESC LIMIT ?
                        """)
                .bind(0, account.value())
                .bind(1, below.orElse(Long.MAX_VALUE))
                .bind(2, limit + 1)
                .map((row, context) -> new Statement.Line(row.getLong("number"), Rows.entry(row)))
                .list());
        return lines.size() > limit
                ? new Statement(lines.subList(0, limit), true)
                : new Statement(lines, false);
    }

    @Override
    public Optional<Relay> relay(RelayId id) {
        return reader.read(handle -> handle.createQuery("SELECT * FROM relay WHERE id = ?")
                .bind(0, id.value())
                .map((row, context) -> Rows.relay(row))
                .findOne());
    }

    @Override
    public List<Relay> held(int limit) {
        return reader.read(handle -> handle
                .createQuery("SELECT * FROM relay WHERE state = 'HELD' ORDER BY held_at, id LIMIT ?")
                .bind(0, limit)
                .map((row, context) -> Rows.relay(row))
                .list());
    }
}
