package dev.imagerelay.adapters.persistence;

import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.account.ApiKey;
import dev.imagerelay.domain.account.Spender;
import dev.imagerelay.domain.account.SpendingCap.Period;
import dev.imagerelay.domain.account.SpendingCap;
import dev.imagerelay.domain.ledger.Intent;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.relay.Relay;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/**
 * What the accounts and keys of one transaction have spent, as far as it is counted: from when a cap was met for the
 * first time. Whoever has no cap costs one query for the whole transaction, which finds nothing.
 */
final class SpendingPage {

    private static final String ACCOUNT = "account";
    private static final String EVER = "ever";

    private final Instant now;
    private final Map<Key, Credits> counted = new LinkedHashMap<>();
    private final Set<Key> changed = new LinkedHashSet<>();

    private record Key(String account, String spender, String period) {}

    private SpendingPage(Instant now) {
        this.now = now;
    }

    /** Loads what is counted of these accounts and their keys, and begins to count what the intents' caps need. */
    static SpendingPage load(Handle handle, Instant now, Set<String> accounts, List<Intent> intents) {
        SpendingPage page = new SpendingPage(now);
        if (accounts.isEmpty()) {
            return page;
        }
        handle.createQuery("SELECT * FROM spending WHERE account_id = ANY(:accounts)")
                .bindArray("accounts", String.class, accounts)
                .map((row, context) -> Map.entry(
                        new Key(row.getString("account_id"), row.getString("spender"), row.getString("period")),
                        Rows.credits(row, "amount")))
                .forEach(spent -> page.counted.put(spent.getKey(), spent.getValue()));
        for (Intent intent : intents) {
            intent.caps().forEach(cap -> page.begin(handle, page.key(intent.account(), cap)));
        }
        return page;
    }

    /** Begins to count what a new key with a cap spends at all. */
    static void beginWithNothing(Handle handle, ApiKey key) {
        handle.execute(
                "INSERT INTO spending (account_id, spender, period, amount) VALUES (?, ?, ?, 0)",
                key.account().value(), key.prefix(), EVER);
    }

    private Key key(AccountId account, SpendingCap cap) {
        return new Key(
                account.value(),
                cap.spender() == Spender.ACCOUNT ? ACCOUNT : cap.name(),
                cap.period() == Period.EVER ? EVER : day(now));
    }

    private static String day(Instant time) {
        return time.toString().substring(0, 10);
    }

    /** Adds up what the relays say, and forgets the days of which no relay can be in flight any more. */
    private void begin(Handle handle, Key key) {
        if (counted.containsKey(key)) {
            return;
        }
        boolean ever = key.period().equals(EVER);
        Credits spent = handle.createQuery("""
                        SELECT COALESCE(SUM(CASE state WHEN 'HELD' THEN quoted ELSE charged END), 0) AS spent FROM relay
                        WHERE account_id = :account AND held_at >= :since AND (:whole OR key_prefix = :spender)
                        """)
                .bind("account", key.account())
                .bind("since", ever ? Instant.EPOCH : now.truncatedTo(ChronoUnit.DAYS))
                .bind("whole", key.spender().equals(ACCOUNT))
                .bind("spender", key.spender())
                .map((row, context) -> Rows.credits(row, "spent"))
                .one();
        handle.execute(
                "DELETE FROM spending WHERE account_id = ? AND spender = ? AND period < ? AND period <> ?",
                key.account(), key.spender(), day(now.minus(2, ChronoUnit.DAYS)), EVER);
        counted.put(key, spent);
        changed.add(key);
    }

    /** What has been spent of an intent's caps. */
    List<SpendingCap.Spent> of(Intent intent) {
        return intent.caps().stream()
                .map(cap -> new SpendingCap.Spent(cap, counted.get(key(intent.account(), cap))))
                .toList();
    }

    /** Counts what a new relay holds. */
    void held(Relay relay) {
        count(relay, now, spent -> spent.plus(relay.quoted()));
    }

    /** Counts what a relay that has just ended gives back. */
    void ended(Relay relay, Instant heldAt) {
        Credits unused = relay.quoted().minus(relay.charged());
        count(relay, heldAt, spent -> spent.minus(unused.min(spent))); // less, if an older version held and did not count
    }

    private void count(Relay relay, Instant heldAt, UnaryOperator<Credits> change) {
        String account = relay.account().value();
        Stream.of(ACCOUNT, relay.keyPrefix())
                .flatMap(spender -> Stream.of(EVER, day(heldAt)).map(period -> new Key(account, spender, period)))
                .filter(counted::containsKey)
                .forEach(key -> {
                    counted.computeIfPresent(key, (same, spent) -> change.apply(spent));
                    changed.add(key);
                });
    }

    /** Makes what was counted part of the transaction. */
    Columns.Statement change() {
        return Columns.of(changed)
                .text("account_id", Key::account)
                .text("spender", Key::spender)
                .text("period", Key::period)
                .number("amount", key -> counted.get(key).micros())
                .in("""
                        MERGE INTO spending s USING (SELECT * FROM %s) AS v
                            ON s.account_id = v.account_id AND s.spender = v.spender AND s.period = v.period
                        WHEN MATCHED THEN UPDATE SET amount = v.amount
                        WHEN NOT MATCHED THEN INSERT (account_id, spender, period, amount)
                            VALUES (v.account_id, v.spender, v.period, v.amount)
                        """);
    }
}
