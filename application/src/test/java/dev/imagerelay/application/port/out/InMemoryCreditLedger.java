package dev.imagerelay.application.port.out;

import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.account.Spender;
import dev.imagerelay.domain.account.SpendingCap;
import dev.imagerelay.domain.ledger.Balance;
import dev.imagerelay.domain.ledger.CreditAccount;
import dev.imagerelay.domain.ledger.Draws;
import dev.imagerelay.domain.ledger.EntryKind;
import dev.imagerelay.domain.ledger.Grant;
import dev.imagerelay.domain.ledger.GrantId;
import dev.imagerelay.domain.ledger.Hold;
import dev.imagerelay.domain.ledger.Intent;
import dev.imagerelay.domain.ledger.LedgerEntry;
import dev.imagerelay.domain.ledger.Posting;
import dev.imagerelay.domain.ledger.Statement;
import dev.imagerelay.domain.ledger.Totals;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.relay.Claim;
import dev.imagerelay.domain.relay.Claimed;
import dev.imagerelay.domain.relay.Relay;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.RelayState;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** A ledger that is gone with the process: every list is kept whole and every answer is folded from it. */
public final class InMemoryCreditLedger implements CreditLedger {

    private final Accounts accounts;
    private final InstantSource time;
    private final List<LedgerEntry> entries = new ArrayList<>();
    private final Map<AccountId, Map<GrantId, Grant>> grants = new LinkedHashMap<>();
    private final Map<RelayId, Relay> relays = new LinkedHashMap<>();
    private final Map<String, Claimed> claims = new LinkedHashMap<>();
    private final Map<RelayId, Instant> heldAt = new LinkedHashMap<>();
    private final Set<RelayId> abandoned = new LinkedHashSet<>();
    private final InMemoryAuditTrail trail;

    public InMemoryCreditLedger(Accounts accounts, InstantSource time, InMemoryAuditTrail trail) {
        this.accounts = accounts;
        this.time = time;
        this.trail = trail;
    }

    @Override
    public synchronized Posting post(Intent intent) {
        if (accounts.find(intent.account()).isEmpty()) {
            throw new IllegalArgumentException("there is no account " + intent.account());
        }
        Posting posting = intent.rule().decide(load(intent), time.instant());
        if (posting instanceof Posting.Posted posted) {
            if (intent.relay().isEmpty() && posted.relay().filter(relay -> relays.containsKey(relay.id())).isPresent()) {
                throw new IllegalArgumentException("the relay's id is taken");
            }
            entries.addAll(posted.entries());
            posted.grants().forEach(grant -> grantsOf(intent.account()).put(grant.id(), grant));
            posted.relay().ifPresent(relay -> {
                relays.put(relay.id(), relay);
                heldAt.putIfAbsent(relay.id(), time.instant());
            });
            if (!posted.entries().isEmpty()) {
                intent.audit().ifPresent(trail::add);
            }
            intent.claim().ifPresent(claim -> claims.put(
                    nameOf(intent.account(), claim), new Claimed(posted.relay().orElseThrow(), claim.fingerprint(), time.instant())));
        }
        return posting;
    }

    private CreditAccount load(Intent intent) {
        return new CreditAccount(
                intent.account(),
                List.copyOf(grantsOf(intent.account()).values()),
                intent.relay().map(id -> hold(intent.account(), id)),
                intent.claim().flatMap(claim -> made(intent.account(), claim)),
                intent.caps().stream().map(cap -> new SpendingCap.Spent(cap, spent(cap))).toList());
    }

    private Credits spent(SpendingCap cap) {
        return relays.values().stream()
                .filter(relay -> cap.name().equals(
                        cap.spender() == Spender.KEY ? relay.keyPrefix() : relay.account().value()))
                .filter(relay -> cap.period() == SpendingCap.Period.EVER
                        || day(heldAt.get(relay.id())).equals(day(time.instant())))
                .map(relay -> relay.state() == RelayState.HELD ? relay.quoted() : relay.charged())
                .reduce(Credits.ZERO, Credits::plus);
    }

    private static Instant day(Instant time) {
        return time.truncatedTo(ChronoUnit.DAYS);
    }

    private Optional<Claimed> made(AccountId account, Claim claim) {
        return Optional.ofNullable(claims.get(nameOf(account, claim)))
                .map(made -> new Claimed(relays.get(made.relay().id()), made.fingerprint(), made.since()));
    }

    private static String nameOf(AccountId account, Claim claim) {
        return account + " " + claim.name();
    }

    private Hold hold(AccountId account, RelayId id) {
        Relay relay = relays.get(id);
        if (relay == null || !relay.account().equals(account)) {
            throw new IllegalArgumentException("there is no relay " + id + " in " + account);
        }
        Draws draws = new Draws();
        entries.stream()
                .filter(entry -> entry.relay().equals(Optional.of(id)))
                .forEach(entry -> draws.enter(entry.kind(), entry.grant(), entry.amount()));
        return new Hold(relay, draws.left());
    }

    private Map<GrantId, Grant> grantsOf(AccountId account) {
        return grants.computeIfAbsent(account, id -> new LinkedHashMap<>());
    }

    @Override
    public synchronized Balance balance(AccountId account) {
        Credits available = Credits.ZERO;
        Credits held = Credits.ZERO;
        for (Grant grant : grantsOf(account).values()) {
            available = available.plus(hasLapsed(grant) ? Credits.ZERO : grant.available());
            held = held.plus(grant.held());
        }
        return new Balance(available, held);
    }

    private boolean hasLapsed(Grant grant) {
        return grant.expiresAt().isPresent() && !time.instant().isBefore(grant.expiresAt().get());
    }

    @Override
    public synchronized Totals totals(AccountId account) {
        return new Totals(
                balance(account),
                sum(account, EntryKind.GRANTED)
                        .plus(sum(account, EntryKind.ADJUSTED_UP))
                        .minus(sum(account, EntryKind.ADJUSTED_DOWN)),
                sum(account, EntryKind.SETTLED).minus(sum(account, EntryKind.REFUNDED)),
                grantsOf(account).values().stream()
                        .filter(this::hasLapsed)
                        .map(Grant::available)
                        .reduce(sum(account, EntryKind.EXPIRED), Credits::plus));
    }

    private Credits sum(AccountId account, EntryKind kind) {
        return entries.stream()
                .filter(entry -> entry.account().equals(account) && entry.kind() == kind)
                .map(LedgerEntry::amount)
                .reduce(Credits.ZERO, Credits::plus);
    }

    @Override
    public synchronized Statement entries(AccountId account, OptionalLong below, int limit) {
        List<Statement.Line> lines = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i).account().equals(account) && i + 1 < below.orElse(Long.MAX_VALUE)) {
                lines.add(new Statement.Line(i + 1, entries.get(i)));
            }
        }
        Collections.reverse(lines);
        return new Statement(lines.subList(0, Math.min(limit, lines.size())), lines.size() > limit);
    }

    @Override
    public synchronized Optional<Relay> relay(RelayId id) {
        return Optional.ofNullable(relays.get(id));
    }

    @Override
    public synchronized Optional<Claimed> claimed(AccountId account, Claim claim) {
        return made(account, claim).filter(made -> claim.isMetBy(made, time.instant()));
    }

    @Override
    public synchronized List<Relay> held(int limit) {
        return relays.values().stream()
                .filter(relay -> relay.state() == RelayState.HELD)
                .limit(limit)
                .toList();
    }

    /** Lets the gateway die that holds what is held now. */
    public synchronized void loseGateway() {
        held(Integer.MAX_VALUE).forEach(relay -> abandoned.add(relay.id()));
    }

    @Override
    public synchronized List<Relay> abandoned(int limit) {
        return held(Integer.MAX_VALUE).stream()
                .filter(relay -> abandoned.contains(relay.id()))
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized List<AccountId> withLapsedGrants(int limit) {
        return grants.entrySet().stream()
                .filter(account -> account.getValue().values().stream()
                        .anyMatch(grant -> hasLapsed(grant) && !grant.available().isZero()))
                .map(Map.Entry::getKey)
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized void forgetOldClaims() {
        claims.values().removeIf(made -> !made.since().plus(Claim.KEPT).isAfter(time.instant()));
    }
}
