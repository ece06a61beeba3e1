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
import org.jdbi.v3.core.Jdbi;

/** The books in tables: written by the writer, read beside it. */
final class JdbiCreditLedger implements CreditLedger {

    private final Writer writer;
    private final Jdbi reader;

    JdbiCreditLedger(Writer writer, Jdbi reader) {
        this.writer = writer;
        this.reader = reader;
    }

    @Override
    public Posting post(Intent intent) {
        return writer.post(intent);
    }

    @Override
    public Balance balance(AccountId account) {
        return reader.withHandle(handle -> handle.createQuery("SELECT available, held FROM account WHERE id = ?")
                .bind(0, account.value())
                .map((row, context) -> new Balance(Rows.credits(row, "available"), Rows.credits(row, "held")))
                .findOne()
                .orElse(new Balance(Credits.ZERO, Credits.ZERO)));
    }

    @Override
    public Totals totals(AccountId account) {
        Map<EntryKind, Credits> sums = new EnumMap<>(EntryKind.class);
        for (EntryKind kind : EntryKind.values()) {
            sums.put(kind, Credits.ZERO);
        }
        reader.useHandle(handle -> handle
                .createQuery("SELECT kind, SUM(amount) AS total FROM ledger_entry WHERE account_id = ? GROUP BY kind")
                .bind(0, account.value())
                .map((row, context) -> Map.entry(EntryKind.valueOf(row.getString("kind")), Rows.credits(row, "total")))
                .forEach(sum -> sums.put(sum.getKey(), sum.getValue())));
        Credits granted = sums.get(EntryKind.GRANTED)
                .plus(sums.get(EntryKind.ADJUSTED_UP))
                .minus(sums.get(EntryKind.ADJUSTED_DOWN));
        Credits spent = sums.get(EntryKind.SETTLED).minus(sums.get(EntryKind.REFUNDED));
        Credits expired = sums.get(EntryKind.EXPIRED);
        Credits held = sums.get(EntryKind.HELD)
                .minus(sums.get(EntryKind.RELEASED))
                .minus(sums.get(EntryKind.SETTLED));
        Credits available = granted.minus(spent).minus(expired).minus(held);
        return new Totals(new Balance(available, held), granted, spent, expired);
    }

    @Override
    public Statement entries(AccountId account, OptionalLong below, int limit) {
        List<Statement.Line> lines = reader.withHandle(handle -> handle.createQuery("""
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
        return reader.withHandle(handle -> handle.createQuery("SELECT * FROM relay WHERE id = ?")
                .bind(0, id.value())
                .map((row, context) -> Rows.relay(row))
                .findOne());
    }

    @Override
    public List<Relay> held(int limit) {
        return reader.withHandle(handle -> handle
                .createQuery("SELECT * FROM relay WHERE state = 'HELD' ORDER BY held_at, id LIMIT ?")
                .bind(0, limit)
                .map((row, context) -> Rows.relay(row))
                .list());
    }
}
