package dev.imagerelay.adapters.persistence;

import dev.imagerelay.application.port.out.StoreUnavailable;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.account.AuditRecord;
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
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * The part of the books that one transaction works on: loads what its intents need in a few statements, lets the domain
 * decide them one after the other in memory, so that each sees what those before it did, and saves what came of them in
 * a few statements.
 */
final class LedgerPage {

    private final Lease lease;
    private final Instant now;
    private final ClaimPage claims;
    private final SpendingPage spending;
    private final Map<AccountId, Map<GrantId, Grant>> accounts = new LinkedHashMap<>();
    private final Map<RelayId, Relay> relays = new LinkedHashMap<>();
    private final Map<RelayId, Instant> heldAt = new LinkedHashMap<>();
    private final Map<RelayId, Draws> draws = new LinkedHashMap<>();

    private final Map<GrantId, AccountId> newGrants = new LinkedHashMap<>();
    private final Map<GrantId, AccountId> changedGrants = new LinkedHashMap<>();
    private final Set<RelayId> newRelays = new LinkedHashSet<>();
    private final Set<RelayId> changedRelays = new LinkedHashSet<>();
    private final List<LedgerEntry> entries = new ArrayList<>();
    private final Set<Instant> refundedDays = new LinkedHashSet<>();
    private final List<AuditRecord> records = new ArrayList<>();

    private LedgerPage(Lease lease, Instant now, ClaimPage claims, SpendingPage spending) {
        this.lease = lease;
        this.now = now;
        this.claims = claims;
        this.spending = spending;
    }

    static LedgerPage load(Engine engine, Lease lease, Handle handle, List<Intent> intents) {
        Set<String> accounts = distinct(intents, intent -> Optional.of(intent.account().value()));
        Instant now = engine.lock(handle, accounts);
        LedgerPage page = new LedgerPage(
                lease, now, ClaimPage.load(handle, intents), SpendingPage.load(handle, now, accounts, intents));
        Set<String> relays = distinct(intents, intent -> intent.relay().map(RelayId::value));
        relays.addAll(page.claims.relays());
        page.loadRelays(handle, relays);
        page.loadAccounts(handle, accounts, distinct(intents, Intent::externalId));
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
        page.heldAt.put(relay.id(), Rows.instant(row, "held_at"));
        if (row.getString("kind") != null) {
            page.drawsOf(relay.id()).enter(
                    EntryKind.valueOf(row.getString("kind")), new GrantId(row.getString("grant_id")),
                    Rows.credits(row, "amount"));
        }
        return page;
    }

    /** Loads the accounts with every grant that has credits left, was drawn on by a relay, or is asked for by name. */
    private void loadAccounts(Handle handle, Set<String> ids, Set<String> externalIds) {
        if (ids.isEmpty()) {
            return;
        }
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
     * @throws StoreUnavailable if it holds credits for a gateway whose lease has ended
     */
    Posting post(Intent intent) {
        Map<GrantId, Grant> grants = accounts.get(intent.account());
        if (grants == null) {
            throw new IllegalArgumentException("there is no account " + intent.account());
        }
        Optional<Hold> hold = intent.relay().map(id -> hold(intent.account(), id));
        CreditAccount account = new CreditAccount(
                intent.account(), List.copyOf(grants.values()), hold, claims.find(intent, relays), spending.of(intent));
        Posting posting = intent.rule().decide(account, now);
        if (posting instanceof Posting.Posted posted) {
            posted.relay().filter(relay -> intent.relay().isEmpty()).ifPresent(this::requireCanBeHeld);
            note(intent, grants, posted);
        }
        return posting;
    }

    /** A new relay; what is held without a lease would be released by others, or, worse, by nobody. */
    private void requireCanBeHeld(Relay relay) {
        if (relays.containsKey(relay.id())) {
            throw new IllegalArgumentException("the id " + relay.id() + " is taken");
        }
        if (lease.hasEnded(now)) {
            throw StoreUnavailable.before("this gateway's lease has ended");
        }
    }

    private Hold hold(AccountId account, RelayId id) {
        Relay relay = relays.get(id);
        if (relay == null || !relay.account().equals(account)) {
            throw new IllegalArgumentException("there is no relay " + id + " in " + account);
        }
        return new Hold(relay, drawsOf(id).left());
    }

    private void note(Intent intent, Map<GrantId, Grant> grants, Posting.Posted posted) {
        AccountId account = intent.account();
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
        posted.relay().ifPresent(relay -> {
            note(relay);
            claims.note(intent, relay.id(), now);
        });
        if (!posted.entries().isEmpty()) {
            intent.audit().ifPresent(records::add);
        }
    }

    private void note(Relay relay) {
        Relay before = relays.put(relay.id(), relay);
        if (before == null) {
            newRelays.add(relay.id());
            heldAt.put(relay.id(), now);
            spending.held(relay);
            return;
        }
        changedRelays.add(relay.id());
        if (before.state() == RelayState.HELD) {
            spending.ended(relay, heldAt.get(relay.id()));
        } else {
            refundedDays.add(heldAt.get(relay.id()).truncatedTo(ChronoUnit.DAYS));
        }
    }

    /** Makes everything that was posted part of the transaction. */
    void save(Engine engine, Handle handle) {
        engine.execute(
                handle,
                Stream.of(addGrants(), changeGrants(), addRelays(), changeRelays(), appendEntries(), claims.change(),
                                spending.change(), UsageDays.begin(refundedDays), JdbiAuditTrail.addAll(records))
                        .filter(statement -> !statement.isEmpty())
                        .toList());
    }

    private Columns.Statement addGrants() {
        return Columns.of(newGrants.entrySet())
                .text("id", added -> added.getKey().value())
                .text("account_id", added -> added.getValue().value())
                .text("source", added -> grant(added).source().name())
                .number("priority", added -> grant(added).priority())
                .time("expires_at", added -> grant(added).expiresAt().orElse(null))
                .time("granted_at", added -> grant(added).grantedAt())
                .text("external_id", added -> grant(added).externalId().orElse(null))
                .number("granted", added -> grant(added).granted().micros())
                .number("available", added -> grant(added).available().micros())
                .number("held", added -> grant(added).held().micros())
                .in("""
                        INSERT INTO credit_grant (id, account_id, source, priority, expires_at, granted_at, external_id,
                                                  granted, available, held)
                        SELECT id, account_id, source, priority, expires_at, granted_at, external_id,
                               granted, available, held
                        FROM %s
                        """);
    }

    private Columns.Statement changeGrants() {
        return Columns.of(changedGrants.entrySet())
                .text("id", changed -> changed.getKey().value())
                .number("available", changed -> grant(changed).available().micros())
                .number("held", changed -> grant(changed).held().micros())
                .in("""
                        MERGE INTO credit_grant g USING (SELECT * FROM %s) AS v ON g.id = v.id
                        WHEN MATCHED THEN UPDATE SET available = v.available, held = v.held
                        """);
    }

    private Grant grant(Map.Entry<GrantId, AccountId> owned) {
        return accounts.get(owned.getValue()).get(owned.getKey());
    }

    private Columns.Statement addRelays() {
        return Columns.of(newRelays.stream().map(relays::get).toList())
                .text("id", relay -> relay.id().value())
                .text("account_id", relay -> relay.account().value())
                .text("key_prefix", Relay::keyPrefix)
                .text("model", relay -> relay.model().value())
                .text("size", relay -> relay.size().map(ImageSize::value).orElse(null))
                .text("quality", relay -> relay.quality().map(ImageQuality::value).orElse(null))
                .number("images", Relay::images)
                .number("quoted", relay -> relay.quoted().micros())
                .text("version", relay -> relay.version().value())
                .time("held_at", relay -> now)
                .number("owner", relay -> lease.gateway())
                .in("""
                        INSERT INTO relay (id, account_id, key_prefix, model, size, quality, images, quoted, version,
                                           held_at, owner, state, delivered, charged, refunded)
                        SELECT id, account_id, key_prefix, model, size, quality, images, quoted, version,
                               held_at, owner, 'HELD', 0, 0, 0
                        FROM %s
                        """);
    }

    private Columns.Statement changeRelays() {
        return Columns.of(changedRelays.stream().map(relays::get).toList())
                .text("id", relay -> relay.id().value())
                .text("state", relay -> relay.state().name())
                .number("delivered", Relay::delivered)
                .number("charged", relay -> relay.charged().micros())
                .number("refunded", relay -> relay.refunded().micros())
                .text("reason", relay -> relay.reason().orElse(null))
                .time("now", relay -> now)
                .in("""
                        MERGE INTO relay r USING (SELECT * FROM %s) AS v ON r.id = v.id
                        WHEN MATCHED THEN UPDATE SET
                            state = v.state, delivered = v.delivered, charged = v.charged, refunded = v.refunded,
                            reason = v.reason, ended_at = COALESCE(r.ended_at, v.now)
                        """);
    }

    private Columns.Statement appendEntries() {
        return Columns.of(entries)
                .text("account_id", entry -> entry.account().value())
                .text("kind", entry -> entry.kind().name())
                .number("amount", entry -> entry.amount().micros())
                .text("grant_id", entry -> entry.grant().value())
                .text("relay_id", entry -> entry.relay().map(RelayId::value).orElse(null))
                .text("who", entry -> entry.note().map(LedgerEntry.Note::who).orElse(null))
                .text("reason", entry -> entry.note().map(LedgerEntry.Note::reason).orElse(null))
                .time("at", LedgerEntry::at)
                .in("""
                        INSERT INTO ledger_entry (account_id, kind, amount, grant_id, relay_id, who, reason, at)
                        SELECT account_id, kind, amount, grant_id, relay_id, who, reason, at FROM %s ORDER BY place
                        """);
    }
}
