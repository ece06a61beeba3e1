package dev.imagerelay.adapters.persistence;

import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.image.ImageQuality;
import dev.imagerelay.domain.image.ImageSize;
import dev.imagerelay.domain.ledger.CreditAccount;
import dev.imagerelay.domain.ledger.Draws;
import dev.imagerelay.domain.ledger.EntryKind;
import dev.imagerelay.domain.ledger.Grant;
import dev.imagerelay.domain.ledger.GrantId;
import dev.imagerelay.domain.ledger.Hold;
import dev.imagerelay.domain.ledger.Intent;
import dev.imagerelay.domain.ledger.LedgerEntry;
import dev.imagerelay.domain.ledger.Posting;
import dev.imagerelay.domain.relay.Relay;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.RelayState;
import java.sql.ResultSet;
import java.sql.SQLException;
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
import org.jdbi.v3.core.statement.StatementContext;

/**
 * The part of the books that one transaction works on: loads what its intents need in a few statements, lets the domain
 * decide them one after the other in memory, so that each sees what those before it did, and saves what came of them in
 * a few statements.
 */
final class LedgerPage {

    private final Instant now;
    private final Map<AccountId, Map<GrantId, Grant>> accounts = new LinkedHashMap<>();
    private final Map<RelayId, Relay> relays = new LinkedHashMap<>();
    private final Map<RelayId, Draws> draws = new LinkedHashMap<>();

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
            page.loadRelays(handle, distinct(intents, intent -> intent.relay().map(RelayId::value)));
            page.loadAccounts(
                    handle,
                    distinct(intents, intent -> Optional.of(intent.account().value())),
                    distinct(intents, Intent::externalId));
        }
        return page;
    }

    private static Set<String> distinct(List<Intent> intents, Function<Intent, Optional<String>> part) {
        Set<String> values = new LinkedHashSet<>();
        intents.forEach(intent -> part.apply(intent).ifPresent(values::add));
        return values;
    }

    private void loadRelays(Handle handle, Set<String> ids) {
        if (ids.isEmpty()) {
            return;
        }
        handle.createQuery("""
                        SELECT r.*, e.kind, e.amount, e.grant_id
                        FROM relay r LEFT JOIN ledger_entry e ON e.relay_id = r.id
                        WHERE r.id = ANY(:ids) ORDER BY e.number
                        """)
                .bindArray("ids", String.class, ids)
                .reduceResultSet(this, LedgerPage::addRelay);
    }

    private static LedgerPage addRelay(LedgerPage page, ResultSet row, StatementContext context) throws SQLException {
        Relay relay = Rows.relay(row);
        page.relays.put(relay.id(), relay);
        if (row.getString("kind") != null) {
            page.drawsOf(relay.id()).enter(
                    EntryKind.valueOf(row.getString("kind")), new GrantId(row.getString("grant_id")),
                    Rows.credits(row, "amount"));
        }
        return page;
    }

    /** Loads the accounts with every grant that has credits left, was drawn on by a relay, or is asked for by name. */
    private void loadAccounts(Handle handle, Set<String> ids, Set<String> externalIds) {
        Set<String> drawnOn = new LinkedHashSet<>();
        draws.values().forEach(ofRelay -> ofRelay.grants().forEach(grant -> drawnOn.add(grant.value())));
        handle.createQuery("""
                        SELECT a.id AS owner, g.*
                        FROM account a LEFT JOIN credit_grant g ON g.account_id = a.id
                          AND (g.available > 0 OR g.held > 0
                               OR g.id = ANY(:drawnOn) OR g.external_id = ANY(:externalIds))
                        WHERE a.id = ANY(:ids)
                        """)
                .bindArray("ids", String.class, ids)
                .bindArray("drawnOn", String.class, drawnOn)
                .bindArray("externalIds", String.class, externalIds)
                .reduceResultSet(this, LedgerPage::addGrant);
    }

    private static LedgerPage addGrant(LedgerPage page, ResultSet row, StatementContext context) throws SQLException {
        AccountId owner = new AccountId(row.getString("owner"));
        Map<GrantId, Grant> grants = page.accounts.computeIfAbsent(owner, id -> new LinkedHashMap<>());
        if (row.getString("id") != null) {
            Grant grant = Rows.grant(row);
            grants.put(grant.id(), grant);
        }
        return page;
    }

    private Draws drawsOf(RelayId relay) {
        return draws.computeIfAbsent(relay, id -> new Draws());
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
        return new Hold(relay, drawsOf(id).left());
    }

    private void note(AccountId account, Map<GrantId, Grant> grants, Posting.Posted posted) {
        for (Grant grant : posted.grants()) {
            if (grants.put(grant.id(), grant) == null) {
                newGrants.put(grant.id(), account);
            } else if (!newGrants.containsKey(grant.id())) {
                changedGrants.put(grant.id(), account);
            }
        }
        for (LedgerEntry entry : posted.entries()) {
            entries.add(entry);
            entry.relay().ifPresent(relay -> drawsOf(relay).enter(entry.kind(), entry.grant(), entry.amount()));
        }
        posted.relay().ifPresent(this::note);
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
}
