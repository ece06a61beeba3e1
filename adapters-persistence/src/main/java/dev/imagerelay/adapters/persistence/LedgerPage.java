package dev.imagerelay.adapters.persistence;

import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.image.ImageQuality;
import dev.imagerelay.domain.image.ImageSize;
import dev.imagerelay.domain.ledger.Balance;
import dev.imagerelay.domain.ledger.CreditAccount;
import dev.imagerelay.domain.ledger.Draw;
import dev.imagerelay.domain.ledger.EntryKind;
import dev.imagerelay.domain.ledger.Grant;
import dev.imagerelay.domain.ledger.GrantId;
import dev.imagerelay.domain.ledger.Hold;
import dev.imagerelay.domain.ledger.Intent;
import dev.imagerelay.domain.ledger.LedgerEntry;
import dev.imagerelay.domain.ledger.Posting;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.relay.Relay;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.RelayState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * The part of the books that one transaction works on: loads what its intents need in a few statements, lets the domain
 * decide them one after the other in memory, so that each sees what those before it did, and saves what came of them in
 * a few statements. The rows of the accounts are locked meanwhile, in the order of their ids.
 */
final class LedgerPage {

    private final Instant now;
    private final Map<AccountId, Map<GrantId, Grant>> accounts = new LinkedHashMap<>();
    private final Map<RelayId, Relay> relays = new LinkedHashMap<>();
    private final Map<RelayId, Map<GrantId, Credits>> draws = new LinkedHashMap<>();

    private final Map<AccountId, Balance> balances = new LinkedHashMap<>();
    private final Map<GrantId, AccountId> newGrants = new LinkedHashMap<>();
    private final Map<GrantId, AccountId> changedGrants = new LinkedHashMap<>();
    private final Set<RelayId> newRelays = new LinkedHashSet<>();
    private final Set<RelayId> endedRelays = new LinkedHashSet<>();
    private final Set<RelayId> refundedRelays = new LinkedHashSet<>();
    private final List<LedgerEntry> entries = new ArrayList<>();

    private LedgerPage(Instant now) {
        this.now = now;
    }

    static LedgerPage load(Handle handle, List<Intent> intents, Instant now) {
        LedgerPage page = new LedgerPage(now);
        if (!intents.isEmpty()) {
            page.loadAccounts(handle, distinct(intents, intent -> Optional.of(intent.account().value())));
            page.loadRelays(handle, distinct(intents, intent -> intent.relay().map(RelayId::value)));
            page.loadGrants(handle, distinct(intents, Intent::externalId));
        }
        return page;
    }

    private static Set<String> distinct(List<Intent> intents, Function<Intent, Optional<String>> part) {
        Set<String> values = new LinkedHashSet<>();
        intents.forEach(intent -> part.apply(intent).ifPresent(values::add));
        return values;
    }

    private void loadAccounts(Handle handle, Set<String> ids) {
        handle.createQuery("SELECT id FROM account WHERE id = ANY(:ids) ORDER BY id FOR UPDATE")
                .bindArray("ids", String.class, ids)
                .mapTo(String.class)
                .forEach(id -> accounts.put(new AccountId(id), new LinkedHashMap<>()));
    }

    private void loadRelays(Handle handle, Set<String> ids) {
        if (ids.isEmpty()) {
            return;
        }
        handle.createQuery("SELECT * FROM relay WHERE id = ANY(:ids)")
                .bindArray("ids", String.class, ids)
                .map((row, context) -> Rows.relay(row))
                .forEach(relay -> relays.put(relay.id(), relay));
        handle.createQuery("SELECT * FROM ledger_entry WHERE relay_id = ANY(:ids) ORDER BY number")
                .bindArray("ids", String.class, ids)
                .map((row, context) -> Rows.entry(row))
                .forEach(this::draw);
    }

    private void loadGrants(Handle handle, Set<String> externalIds) {
        Set<String> drawnOn = new LinkedHashSet<>();
        draws.values().forEach(ofRelay -> ofRelay.keySet().forEach(grant -> drawnOn.add(grant.value())));
        handle.createQuery("""
                        SELECT * FROM credit_grant
                        WHERE account_id = ANY(:accounts)
                          AND (available > 0 OR held > 0 OR id = ANY(:drawnOn) OR external_id = ANY(:externalIds))
                        """)
                .bindArray("accounts", String.class, accounts.keySet().stream().map(AccountId::value).toList())
                .bindArray("drawnOn", String.class, drawnOn)
                .bindArray("externalIds", String.class, externalIds)
                .map((row, context) -> Map.entry(new AccountId(row.getString("account_id")), Rows.grant(row)))
                .forEach(found -> accounts.get(found.getKey()).put(found.getValue().id(), found.getValue()));
    }

    /** Keeps what a relay has in its grants in step with an entry. */
    private void draw(LedgerEntry entry) {
        if (entry.relay().isEmpty()) {
            return;
        }
        Map<GrantId, Credits> ofRelay = draws.computeIfAbsent(entry.relay().get(), id -> new LinkedHashMap<>());
        if (entry.kind() == EntryKind.HELD) {
            ofRelay.merge(entry.grant(), entry.amount(), Credits::plus);
        } else if (entry.kind() == EntryKind.RELEASED || entry.kind() == EntryKind.REFUNDED) {
            ofRelay.merge(entry.grant(), entry.amount(), Credits::minus);
        }
    }

    /**
     * Decides one intent; what it posts is part of this page from then on.
     *
     * @throws IllegalArgumentException if its account does not exist, or its relay does not exist in it
     */
    Posting post(Intent intent) {
        Map<GrantId, Grant> grants = accounts.get(intent.account());
        if (grants == null) {
            throw new IllegalArgumentException("there is no account " + intent.account());
        }
        Optional<Hold> hold = intent.relay().map(id -> hold(intent.account(), id));
        Posting posting =
                intent.rule().decide(new CreditAccount(intent.account(), List.copyOf(grants.values()), hold), now);
        if (posting instanceof Posting.Posted posted) {
            note(intent.account(), grants, posted);
        }
        return posting;
    }

    private Hold hold(AccountId account, RelayId id) {
        Relay relay = relays.get(id);
        if (relay == null || !relay.account().equals(account)) {
            throw new IllegalArgumentException("there is no relay " + id + " in " + account);
        }
        List<Draw> left = new ArrayList<>();
        draws.getOrDefault(id, Map.of()).forEach((grant, amount) -> {
            if (!amount.isZero()) {
                left.add(new Draw(grant, amount));
            }
        });
        return new Hold(relay, left);
    }

    private void note(AccountId account, Map<GrantId, Grant> grants, Posting.Posted posted) {
        for (Grant grant : posted.grants()) {
            if (grants.put(grant.id(), grant) == null) {
                newGrants.put(grant.id(), account);
            } else if (!newGrants.containsKey(grant.id())) {
                changedGrants.put(grant.id(), account);
            }
        }
        posted.entries().forEach(this::draw);
        entries.addAll(posted.entries());
        posted.relay().ifPresent(this::note);
        if (!posted.entries().isEmpty()) {
            balances.put(account, posted.balance());
        }
    }

    private void note(Relay relay) {
        Relay before = relays.put(relay.id(), relay);
        if (before == null) {
            newRelays.add(relay.id());
        } else if (before.state() == RelayState.HELD) {
            endedRelays.add(relay.id());
        } else if (!endedRelays.contains(relay.id())) {
            refundedRelays.add(relay.id());
        }
    }

    /** Makes everything that was posted part of the transaction. */
    void save(Handle handle) {
        batch(handle, newGrants.keySet(), """
                INSERT INTO credit_grant (id, account_id, source, priority, expires_at, granted_at, external_id,
                                          granted, available, held)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """, this::newGrant);
        batch(handle, newRelays, """
                INSERT INTO relay (id, account_id, key_prefix, model, size, quality, images, quoted, version, state,
                                   delivered, charged, refunded, held_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, ?)
                """, this::newRelay);
        batch(handle, endedRelays, """
                UPDATE relay SET state = ?, delivered = ?, charged = ?, refunded = ?, reason = ?, ended_at = ?
                WHERE id = ?
                """, this::endedRelay);
        batch(handle, refundedRelays, "UPDATE relay SET refunded = ? WHERE id = ?", this::refundedRelay);
        batch(handle, changedGrants.keySet(), "UPDATE credit_grant SET available = ?, held = ? WHERE id = ?",
                this::changedGrant);
        batch(handle, entries, """
                INSERT INTO ledger_entry (account_id, kind, amount, grant_id, relay_id, who, reason, at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """, this::entry);
        batch(handle, balances.keySet(), "UPDATE account SET available = ?, held = ? WHERE id = ?", this::balance);
    }

    private static <T> void batch(Handle handle, Collection<T> items, String sql, Function<T, Object[]> row) {
        if (!items.isEmpty()) {
            PreparedBatch batch = handle.prepareBatch(sql);
            items.forEach(item -> batch.add(row.apply(item)));
            batch.execute();
        }
    }

    private Object[] newGrant(GrantId id) {
        AccountId account = newGrants.get(id);
        Grant grant = accounts.get(account).get(id);
        return new Object[] {
            id.value(), account.value(), grant.source(), grant.priority(), grant.expiresAt(), grant.grantedAt(),
            grant.externalId(), grant.granted().micros(), grant.available().micros(), grant.held().micros()
        };
    }

    private Object[] changedGrant(GrantId id) {
        Grant grant = accounts.get(changedGrants.get(id)).get(id);
        return new Object[] {grant.available().micros(), grant.held().micros(), id.value()};
    }

    private Object[] newRelay(RelayId id) {
        Relay relay = relays.get(id);
        return new Object[] {
            id.value(), relay.account().value(), relay.keyPrefix(), relay.model().value(),
            relay.size().map(ImageSize::value), relay.quality().map(ImageQuality::value), relay.images(),
            relay.quoted().micros(), relay.version().value(), relay.state(), now
        };
    }

    private Object[] endedRelay(RelayId id) {
        Relay relay = relays.get(id);
        return new Object[] {
            relay.state(), relay.delivered(), relay.charged().micros(), relay.refunded().micros(), relay.reason(), now,
            id.value()
        };
    }

    private Object[] refundedRelay(RelayId id) {
        return new Object[] {relays.get(id).refunded().micros(), id.value()};
    }

    private Object[] entry(LedgerEntry entry) {
        return new Object[] {
            entry.account().value(), entry.kind(), entry.amount().micros(), entry.grant().value(),
            entry.relay().map(RelayId::value), entry.note().map(LedgerEntry.Note::who),
            entry.note().map(LedgerEntry.Note::reason), entry.at()
        };
    }

    private Object[] balance(AccountId account) {
        Balance balance = balances.get(account);
        return new Object[] {balance.available().micros(), balance.held().micros(), account.value()};
    }
}
