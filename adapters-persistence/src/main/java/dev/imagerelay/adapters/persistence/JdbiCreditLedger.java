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
import dev.imagerelay.domain.relay.Claim;
import dev.imagerelay.domain.relay.Claimed;
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

    private static final int FORGOTTEN_AT_ONCE = 256;

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

    /** To look for them takes long, so nobody does unless a gateway has died, and not again once none is left. */
    @Override
    public List<Relay> abandoned(int limit) {
        List<Long> dead = reader.read(handle -> handle
                .createQuery("SELECT id FROM gateway WHERE NOT swept AND lease_until <= ?")
                .bind(0, engine.now(handle))
                .mapTo(Long.class)
                .list());
        if (dead.isEmpty()) {
            return List.of();
        }
        List<Relay> left = reader.readPatiently(handle -> handle.createQuery("""
                        SELECT * FROM relay WHERE state = 'HELD' AND owner = ANY(:dead)
                        ORDER BY held_at, id LIMIT :limit
                        """)
                .bindArray("dead", Long.class, dead)
                .bind("limit", limit)
                .map((row, context) -> Rows.relay(row))
                .list());
        if (left.isEmpty()) {
            writer.write(handle -> handle
                    .createUpdate("UPDATE gateway SET swept = TRUE WHERE id = ANY(:dead) AND lease_until <= :now")
                    .bindArray("dead", Long.class, dead)
                    .bind("now", engine.now(handle))
                    .execute());
        }
        return left;
    }

    @Override
    public List<AccountId> withLapsedGrants(int limit) {
        return reader.read(handle -> handle.createQuery("""
                        SELECT DISTINCT account_id FROM credit_grant WHERE expires_at <= ? AND available > 0 LIMIT ?
                        """)
                .bind(0, engine.now(handle))
                .bind(1, limit)
                .map((row, context) -> new AccountId(row.getString("account_id")))
                .list());
    }

    /** A few at a time, as a large transaction would keep the books from everybody else. */
    @Override
    public void forgetOldClaims() {
        while (reader.read(this::hasOldClaims)) {
            writer.write(handle -> handle.execute("""
                    DELETE FROM claim WHERE (account_id, name) IN
                        (SELECT account_id, name FROM claim WHERE since <= ? ORDER BY since LIMIT ?)
                    """, engine.now(handle).minus(Claim.KEPT), FORGOTTEN_AT_ONCE));
        }
    }

    private boolean hasOldClaims(Handle handle) {
        return handle.createQuery("SELECT 1 FROM claim WHERE since <= ? LIMIT 1")
                .bind(0, engine.now(handle).minus(Claim.KEPT))
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    @Override
    public Optional<Relay> relay(RelayId id) {
        return reader.read(handle -> handle.createQuery("SELECT * FROM relay WHERE id = ?")
                .bind(0, id.value())
                .map((row, context) -> Rows.relay(row))
                .findOne());
    }

    @Override
    public Optional<Claimed> claimed(AccountId account, Claim claim) {
        return reader.read(handle -> handle.createQuery("""
                        SELECT r.*, c.fingerprint, c.since FROM claim c JOIN relay r ON r.id = c.relay_id
                        WHERE c.account_id = ? AND c.name = ?
                        """)
                .bind(0, account.value())
                .bind(1, claim.name())
                .map((row, context) ->
                        new Claimed(Rows.relay(row), row.getString("fingerprint"), Rows.instant(row, "since")))
                .findOne()
                .filter(made -> claim.isMetBy(made, engine.now(handle))));
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
