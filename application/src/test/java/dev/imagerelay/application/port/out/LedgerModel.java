package dev.imagerelay.application.port.out;

import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.ledger.Balance;
import dev.imagerelay.domain.ledger.Draw;
import dev.imagerelay.domain.ledger.EntryKind;
import dev.imagerelay.domain.ledger.Grant;
import dev.imagerelay.domain.ledger.GrantId;
import dev.imagerelay.domain.ledger.GrantSource;
import dev.imagerelay.domain.ledger.Hold;
import dev.imagerelay.domain.ledger.LedgerEntry;
import dev.imagerelay.domain.ledger.LedgerEntry.Note;
import dev.imagerelay.domain.ledger.Posting;
import dev.imagerelay.domain.ledger.Totals;
import dev.imagerelay.domain.pricing.Charge;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.relay.Claim;
import dev.imagerelay.domain.relay.Relay;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.RelayState;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What a ledger must answer and have, worked out with coins on a table: a grant is a row of coins of one value, each of
 * them lies in some place, whatever happens moves single coins, and whoever wants to know something counts.
 */
final class LedgerModel {

    /** Why a ledger throws. */
    enum Refusal {
        NO_SUCH_RELAY,
        CHARGE_ABOVE_HOLD,
        ID_TAKEN,
        NO_LEASE;

        boolean isMeantBy(RuntimeException e) {
            return switch (this) {
                case NO_SUCH_RELAY, CHARGE_ABOVE_HOLD -> e instanceof IllegalArgumentException;
                case NO_LEASE -> e instanceof StoreUnavailable unavailable && unavailable.nothingChanged();
                case ID_TAKEN -> true;
            };
        }
    }

    private enum Place {
        AVAILABLE,
        HELD,
        SPENT,
        LAPSED,
        TAKEN_AWAY
    }

    private static final class Coin {
        private final AccountId account;
        private final Grant grant;
        private Place place = Place.AVAILABLE;

        Coin(AccountId account, Grant grant) {
            this.account = account;
            this.grant = grant;
        }
    }

    /** A relay and the coins that it holds or has cost, in the order in which they were taken. */
    private static final class Sale {
        private final List<Coin> coins;
        private Relay relay;
        private boolean ownerIsDead;

        Sale(Relay relay, List<Coin> coins) {
            this.relay = relay;
            this.coins = new ArrayList<>(coins);
        }

        /** Takes all coins but the first few out. */
        List<Coin> allBut(int first) {
            List<Coin> rest = coins.subList(first, coins.size());
            List<Coin> out = List.copyOf(rest);
            rest.clear();
            return out;
        }
    }

    private record ClaimMade(Sale by, String fingerprint, Instant since) {}

    private final BigInteger coinMicros;
    private final Optional<Duration> lease;
    private final List<Coin> coins = new ArrayList<>();
    private final Map<RelayId, Sale> sales = new LinkedHashMap<>();
    private final Map<String, ClaimMade> claims = new HashMap<>();
    private final List<LedgerEntry> posted = new ArrayList<>();
    private Instant now;
    private Instant leaseUntil;

    /**
     * A table without coins.
     *
     * @param coin  what each coin will be worth
     * @param lease how long the gateway may hold credits after it has said that it is alive; empty: for ever
     */
    LedgerModel(Credits coin, Optional<Duration> lease, Instant now) {
        this.coinMicros = BigInteger.valueOf(coin.micros());
        this.lease = lease;
        this.now = now;
        renew();
    }

    // Time and gateways

    Instant now() {
        return now;
    }

    void pass(Duration duration) {
        now = now.plus(duration);
    }

    void renew() {
        leaseUntil = lease.map(now::plus).orElse(Instant.MAX);
    }

    private boolean isAsleep() {
        return !now.isBefore(leaseUntil);
    }

    /** The gateway that holds what is held now has died; another has taken its place. */
    void loseGateway() {
        sales.values().forEach(sale -> sale.ownerIsDead |= sale.relay.state() == RelayState.HELD);
    }

    /** Those that are held, in the order of their names. */
    List<Relay> held() {
        return relays(sale -> true);
    }

    /** Those of them that are held by nobody who lives, in the same order. */
    List<Relay> abandoned() {
        return relays(sale -> sale.ownerIsDead || isAsleep());
    }

    private List<Relay> relays(Predicate<Sale> which) {
        return sales.values().stream()
                .filter(sale -> sale.relay.state() == RelayState.HELD)
                .filter(which)
                .map(sale -> sale.relay)
                .sorted(Comparator.comparing(relay -> relay.id().value()))
                .toList();
    }

    /** Those that have something that has expired and has not been written off, in the order of their names. */
    List<AccountId> withLapsedGrants() {
        return coins.stream()
                .filter(coin -> coin.place == Place.AVAILABLE && hasExpired(coin))
                .map(coin -> coin.account)
                .distinct()
                .sorted(Comparator.comparing(AccountId::value))
                .toList();
    }

    void forgetOldClaims() {
        claims.values().removeIf(claim -> isOlderThan(Duration.ofHours(24), claim));
    }

    private boolean isOlderThan(Duration age, ClaimMade claim) {
        return Duration.between(claim.since, now).compareTo(age) >= 0;
    }

    // What is asked of the books, and answered by a posting or a refusal

    Object grant(AccountId account, Grant grant) {
        Optional<Grant> same = grant.externalId().flatMap(name -> coins.stream()
                .filter(coin -> coin.account.equals(account))
                .map(coin -> coin.grant)
                .filter(known -> known.externalId().equals(Optional.of(name)))
                .findFirst());
        if (same.isPresent() && !same.get().granted().equals(grant.granted())) {
            return contradicted();
        }
        if (same.isEmpty() && grant.expiresAt().isPresent() && !grant.expiresAt().get().isAfter(now)) {
            return contradicted();
        }
        begin(account);
        if (same.isEmpty()) {
            issue(EntryKind.GRANTED, account, grant, Optional.empty());
        }
        return done(account, Optional.empty());
    }

    Object hold(Relay relay, Optional<Claim> claim) {
        Optional<ClaimMade> earlier = claim.map(made -> claims.get(nameOf(relay.account(), made)));
        if (earlier.isPresent() && stands(earlier.get(), claim.get().kind())) {
            boolean sameOrder = earlier.get().fingerprint.equals(claim.get().fingerprint());
            return new Posting.AlreadyOrdered(earlier.get().by.relay, sameOrder);
        }
        List<Coin> spendable = spendable(relay.account());
        int needed = count(relay.quoted());
        if (needed > spendable.size()) {
            return new Posting.Insufficient(relay.quoted(), balance(relay.account()));
        }
        if (isAsleep()) {
            return Refusal.NO_LEASE;
        }
        if (sales.containsKey(relay.id())) {
            return Refusal.ID_TAKEN;
        }
        begin(relay.account());
        Sale sale = new Sale(relay, spendable.subList(0, needed));
        sales.put(relay.id(), sale);
        claim.ifPresent(made ->
                claims.put(nameOf(relay.account(), made), new ClaimMade(sale, made.fingerprint(), now)));
        move(EntryKind.HELD, sale.coins, Place.HELD, Optional.of(relay.id()), Optional.empty());
        return done(relay.account(), Optional.of(sale));
    }

    private static String nameOf(AccountId account, Claim claim) {
        return account + " " + claim.name();
    }

    private boolean stands(ClaimMade earlier, Claim.Kind kind) {
        return switch (earlier.by.relay.state()) {
            case RELEASED -> false;
            case HELD -> kind != Claim.Kind.FIRST;
            case SETTLED -> kind == Claim.Kind.KEYED && !isOlderThan(Duration.ofHours(24), earlier)
                    || kind == Claim.Kind.AGAIN && !isOlderThan(Duration.ofMinutes(15), earlier);
        };
    }

    Object settle(AccountId account, RelayId id, Charge charge) {
        return ofRelay(account, id, sale -> {
            if (sale.relay.state() != RelayState.HELD) {
                return new Posting.AlreadyEnded(sale.relay, balance(account));
            }
            int due = count(charge.total());
            if (due > sale.coins.size()) {
                return Refusal.CHARGE_ABOVE_HOLD;
            }
            begin(account);
            end(sale, due, sale.relay.settled(charge));
            return done(account, Optional.of(sale));
        });
    }

    Object release(AccountId account, RelayId id, String reason) {
        return ofRelay(account, id, sale -> {
            if (sale.relay.state() != RelayState.HELD) {
                return new Posting.AlreadyEnded(sale.relay, balance(account));
            }
            begin(account);
            end(sale, 0, sale.relay.released(reason));
            return done(account, Optional.of(sale));
        });
    }

    private void end(Sale sale, int due, Relay ended) {
        Optional<RelayId> id = Optional.of(ended.id());
        move(EntryKind.RELEASED, sale.allBut(due), Place.AVAILABLE, id, Optional.empty());
        move(EntryKind.SETTLED, sale.coins, Place.SPENT, id, Optional.empty());
        sale.relay = ended;
    }

    Object refund(AccountId account, RelayId id, Credits amount, Note note) {
        return ofRelay(account, id, sale -> {
            int kept = sale.coins.size() - count(amount);
            if (sale.relay.state() != RelayState.SETTLED || amount.isZero() || kept < 0) {
                return contradicted();
            }
            begin(account);
            move(EntryKind.REFUNDED, sale.allBut(kept), Place.AVAILABLE, Optional.of(id), Optional.of(note));
            sale.relay = sale.relay.refunded(amount);
            return done(account, Optional.of(sale));
        });
    }

    private Object ofRelay(AccountId account, RelayId id, Function<Sale, Object> answer) {
        Sale sale = sales.get(id);
        return sale == null || !sale.relay.account().equals(account) ? Refusal.NO_SUCH_RELAY : answer.apply(sale);
    }

    Object adjustUp(AccountId account, GrantId id, Credits amount, Note note) {
        if (amount.isZero()) {
            return contradicted();
        }
        begin(account);
        Grant grant =
                Grant.of(id, GrantSource.ADJUSTMENT, 50, Optional.empty(), now, Optional.empty(), amount);
        issue(EntryKind.ADJUSTED_UP, account, grant, Optional.of(note));
        return done(account, Optional.empty());
    }

    Object adjustDown(AccountId account, Credits amount, Note note) {
        List<Coin> spendable = spendable(account);
        int taken = count(amount);
        if (taken == 0) {
            return contradicted();
        }
        if (taken > spendable.size()) {
            return new Posting.Insufficient(amount, balance(account));
        }
        begin(account);
        move(
                EntryKind.ADJUSTED_DOWN, spendable.subList(0, taken), Place.TAKEN_AWAY, Optional.empty(),
                Optional.of(note));
        return done(account, Optional.empty());
    }

    Object expire(AccountId account) {
        begin(account);
        return done(account, Optional.empty());
    }

    /** A refusal in words, which are the ledger's own. */
    private static Posting contradicted() {
        return new Posting.Contradicted("");
    }

    // Moving coins

    private void begin(AccountId account) {
        posted.clear();
        writeOff(account);
    }

    /** What came back to a grant whose time had come is written off too. */
    private Posting done(AccountId account, Optional<Sale> sale) {
        writeOff(account);
        List<GrantId> changed = posted.stream().map(LedgerEntry::grant).toList();
        return new Posting.Posted(
                posted, grants(account).stream().filter(grant -> changed.contains(grant.id())).toList(),
                sale.map(of -> of.relay), balance(account));
    }

    private void writeOff(AccountId account) {
        List<Coin> expired = inOrder(coins.stream()
                .filter(coin -> coin.account.equals(account) && coin.place == Place.AVAILABLE && hasExpired(coin)));
        move(EntryKind.EXPIRED, expired, Place.LAPSED, Optional.empty(), Optional.empty());
    }

    private void issue(EntryKind kind, AccountId account, Grant grant, Optional<Note> note) {
        List<Coin> issued = new ArrayList<>();
        for (int i = 0; i < count(grant.granted()); i++) {
            issued.add(new Coin(account, grant));
        }
        coins.addAll(issued);
        move(kind, issued, Place.AVAILABLE, Optional.empty(), note);
    }

    private void move(EntryKind kind, List<Coin> moving, Place to, Optional<RelayId> relay, Optional<Note> note) {
        Map<Grant, Integer> moved = new LinkedHashMap<>();
        for (Coin coin : moving) {
            coin.place = to;
            moved.merge(coin.grant, 1, Integer::sum);
        }
        moved.forEach((grant, many) -> posted.add(
                new LedgerEntry(moving.get(0).account, kind, worth(many), grant.id(), relay, note, now)));
    }

    private boolean hasExpired(Coin coin) {
        return coin.grant.expiresAt().isPresent() && !coin.grant.expiresAt().get().isAfter(now);
    }

    /** What can be spent, in the order in which it is. */
    private List<Coin> spendable(AccountId account) {
        return inOrder(coins.stream()
                .filter(coin -> coin.account.equals(account) && coin.place == Place.AVAILABLE && !hasExpired(coin)));
    }

    private static List<Coin> inOrder(Stream<Coin> coins) {
        return coins.sorted(Comparator.<Coin>comparingInt(coin -> coin.grant.priority())
                        .thenComparing(coin -> coin.grant.expiresAt().orElse(Instant.MAX))
                        .thenComparing(coin -> coin.grant.grantedAt())
                        .thenComparing(coin -> coin.grant.id().value()))
                .toList();
    }

    // Counting coins

    private int count(Credits amount) {
        return BigInteger.valueOf(amount.micros()).divide(coinMicros).intValueExact();
    }

    private Credits worth(long many) {
        return new Credits(coinMicros.multiply(BigInteger.valueOf(many)).longValueExact());
    }

    private Credits worthOf(AccountId account, Predicate<Coin> which) {
        return worth(coins.stream().filter(coin -> coin.account.equals(account)).filter(which).count());
    }

    Balance balance(AccountId account) {
        return new Balance(
                worth(spendable(account).size()), worthOf(account, coin -> coin.place == Place.HELD));
    }

    Totals totals(AccountId account) {
        return new Totals(
                balance(account),
                worthOf(account, coin -> coin.place != Place.TAKEN_AWAY),
                worthOf(account, coin -> coin.place == Place.SPENT),
                worthOf(account, coin -> coin.place == Place.LAPSED
                        || coin.place == Place.AVAILABLE && hasExpired(coin)));
    }

    /** Every grant as it is now. */
    List<Grant> grants(AccountId account) {
        return coins.stream()
                .filter(coin -> coin.account.equals(account))
                .map(coin -> coin.grant)
                .distinct()
                .map(made -> new Grant(
                        made.id(), made.source(), made.priority(), made.expiresAt(), made.grantedAt(),
                        made.externalId(), made.granted(),
                        worthOf(account, coin -> coin.grant == made && coin.place == Place.AVAILABLE),
                        worthOf(account, coin -> coin.grant == made && coin.place == Place.HELD)))
                .toList();
    }

    /** A relay and what it has drawn; empty if the account has none of that name. */
    Optional<Hold> hold(AccountId account, RelayId id) {
        return Optional.ofNullable(sales.get(id))
                .filter(sale -> sale.relay.account().equals(account))
                .map(sale -> new Hold(sale.relay, draws(sale)));
    }

    private List<Draw> draws(Sale sale) {
        Map<GrantId, Integer> drawn = new LinkedHashMap<>();
        sale.coins.forEach(coin -> drawn.merge(coin.grant.id(), 1, Integer::sum));
        return drawn.entrySet().stream()
                .map(draw -> new Draw(draw.getKey(), worth(draw.getValue())))
                .toList();
    }
}
