package dev.imagerelay.domain.ledger;

import static dev.imagerelay.domain.ledger.PaperLedger.ACCOUNT;
import static dev.imagerelay.domain.ledger.PaperLedger.NOTE;
import static dev.imagerelay.domain.ledger.PaperLedger.held;
import static dev.imagerelay.domain.ledger.PaperLedger.id;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.domain.account.Spender;
import dev.imagerelay.domain.account.SpendingCap;
import dev.imagerelay.domain.pricing.Charge;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.relay.Claim;
import dev.imagerelay.domain.relay.Claimed;
import dev.imagerelay.domain.relay.Relay;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.RelayState;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What holds of an account's books after any sequence of intents, repeated, late and impossible ones among them. Every
 * law is checked after every step by folding the entries from the first to the last.
 */
class LedgerLawsTest {

    private static final int CHAINS = 300;
    private static final int STEPS = 60;

    @Test
    void theLawsHoldAfterEveryStep() {
        Set<EntryKind> entered = EnumSet.noneOf(EntryKind.class);
        Set<Class<?>> answered = new HashSet<>();
        for (long seed = 1; seed <= CHAINS; seed++) {
            Chain chain = new Chain(seed);
            for (int step = 1; step <= STEPS; step++) {
                try {
                    answered.add(chain.step().getClass());
                    chain.check();
                } catch (AssertionError | RuntimeException e) {
                    throw new AssertionError("seed " + seed + ", step " + step + ": " + e, e);
                }
            }
            chain.ledger.entries().forEach(entry -> entered.add(entry.kind()));
        }
        assertEquals(EnumSet.allOf(EntryKind.class), entered, "the chains enter everything there is");
        assertEquals(Set.of(Posting.class.getPermittedSubclasses()), answered, "and meet every answer");
    }

    /** One account on its way through random intents, each with the answer that it must get. */
    private static final class Chain {

        private final Random random;
        private final PaperLedger ledger = new PaperLedger();
        private final Map<String, Credits> externalIds = new HashMap<>();
        private int number;
        private int day;

        Chain(long seed) {
            random = new Random(seed);
        }

        Posting step() {
            if (random.nextInt(8) == 0) {
                ledger.onDay(++day);
            }
            Posting posting = switch (random.nextInt(12)) {
                case 0, 1 -> grant();
                case 2, 3, 4, 5 -> hold();
                case 6, 7 -> settle();
                case 8 -> release();
                case 9 -> refund();
                case 10 -> adjust();
                default -> meets(true, Intent.expire(ACCOUNT), Posting.Posted.class);
            };
            if (posting instanceof Posting.Posted posted) {
                checkPosted(posted);
            }
            return posting;
        }

        private Posting grant() {
            Credits amount = upTo(20).plus(new Credits(1));
            Optional<String> externalId =
                    random.nextInt(3) == 0 ? Optional.of("payment-" + random.nextInt(4)) : Optional.empty();
            int lasts = externalId.isPresent() ? 1 + random.nextInt(5) : random.nextInt(5);
            Grant grant = Grant.of(
                    new GrantId("grant-" + ++number), GrantSource.PROMOTIONAL, 40 + 10 * random.nextInt(3),
                    random.nextBoolean() ? Optional.of(PaperLedger.day(day + lasts)) : Optional.empty(),
                    ledger.now(), externalId, amount);
            boolean repeats = externalId.isPresent() && externalIds.containsKey(externalId.get());
            boolean possible = repeats
                    ? externalIds.get(externalId.get()).equals(amount)
                    : !grant.expiresAt().equals(Optional.of(ledger.now()));
            Posting posting = meets(possible, Intent.grant(ACCOUNT, grant), Posting.Contradicted.class);
            if (possible) {
                externalId.ifPresent(name -> externalIds.put(name, amount));
                assertEquals(!repeats, ledger.grants().stream().anyMatch(known -> known.id().equals(grant.id())));
            }
            return posting;
        }

        private Posting hold() {
            Relay relay = held(++number, upTo(10));
            Optional<Claim> claim = random.nextBoolean() ? Optional.empty() : Optional.of(claim());
            Optional<Claimed> earlier = claim.flatMap(made -> ledger.claimed(made.name()))
                    .filter(made -> claim.get().kind() == Claim.Kind.KEYED)
                    .filter(made -> made.relay().state() == RelayState.HELD
                            || made.relay().state() == RelayState.SETTLED
                                    && made.since().plus(Claim.KEPT).isAfter(ledger.now()));
            List<SpendingCap> caps = random.nextInt(4) == 0 ? List.of(cap()) : List.of();
            Intent intent = Intent.hold(relay, claim, caps);
            if (earlier.isPresent()) {
                return meets(false, intent, Posting.AlreadyOrdered.class);
            }
            if (caps.stream().anyMatch(cap -> !cap.most().covers(spent().plus(relay.quoted())))) {
                return meets(false, intent, Posting.CapReached.class);
            }
            return meets(spendable().covers(relay.quoted()), intent, Posting.Insufficient.class);
        }

        private SpendingCap cap() {
            return new SpendingCap(Spender.ACCOUNT, ACCOUNT.value(), SpendingCap.Period.EVER, upTo(60));
        }

        /** What all relays hold or were charged. */
        private Credits spent() {
            return ledger.relays().stream()
                    .map(relay -> relay.state() == RelayState.HELD ? relay.quoted() : relay.charged())
                    .reduce(Credits.ZERO, Credits::plus);
        }

        private Claim claim() {
            return new Claim(
                    String.valueOf(random.nextInt(3)).repeat(64), "f".repeat(64),
                    random.nextBoolean() ? Claim.Kind.KEYED : Claim.Kind.FIRST);
        }

        private Posting settle() {
            return anyRelay()
                    .map(relay -> {
                        Credits tooMuch = relay.quoted().plus(new Credits(1));
                        if (relay.state() == RelayState.HELD) {
                            assertThrows(
                                    IllegalArgumentException.class,
                                    () -> ledger.post(Intent.settle(ACCOUNT, relay.id(), new Charge(tooMuch, 1))));
                        }
                        Charge charge = new Charge(upTo((int) relay.quoted().micros()), 1);
                        return ends(relay, Intent.settle(ACCOUNT, relay.id(), charge));
                    })
                    .orElseGet(this::hold);
        }

        private Posting release() {
            return anyRelay()
                    .map(relay -> ends(relay, Intent.release(ACCOUNT, relay.id(), "timed_out")))
                    .orElseGet(this::hold);
        }

        private Posting ends(Relay relay, Intent intent) {
            Posting posting = meets(relay.state() == RelayState.HELD, intent, Posting.AlreadyEnded.class);
            assertNotEquals(RelayState.HELD, ledger.relay(relay.id()).state());
            if (relay.state() != RelayState.HELD) {
                assertEquals(relay, ledger.relay(relay.id()));
            }
            return posting;
        }

        private Posting refund() {
            return anyRelay()
                    .map(relay -> {
                        Credits amount = upTo((int) relay.charged().micros() + 1);
                        boolean possible = !amount.isZero()
                                && relay.charged().covers(relay.refunded().plus(amount));
                        Intent intent = Intent.refund(ACCOUNT, relay.id(), amount, NOTE);
                        return meets(possible, intent, Posting.Contradicted.class);
                    })
                    .orElseGet(this::hold);
        }

        private Posting adjust() {
            Credits amount = upTo(10).plus(new Credits(1));
            return random.nextInt(3) == 0
                    ? meets(
                            true,
                            Intent.adjustUp(ACCOUNT, new GrantId("grant-" + ++number), amount, NOTE),
                            Posting.Posted.class)
                    : meets(
                            spendable().covers(amount),
                            Intent.adjustDown(ACCOUNT, amount, NOTE),
                            Posting.Insufficient.class);
        }

        /** Posts an intent that is accepted exactly if it is possible, and otherwise answered so. */
        private Posting meets(boolean possible, Intent intent, Class<? extends Posting> otherwise) {
            Credits spendable = spendable();
            Posting posting = ledger.post(intent);
            assertEquals(possible ? Posting.Posted.class : otherwise, posting.getClass(), intent::toString);
            if (posting instanceof Posting.Insufficient insufficient) {
                assertEquals(new Balance(spendable, sum(Pot.HELD)), insufficient.balance());
            }
            return posting;
        }

        private Credits upTo(int most) {
            return new Credits(random.nextInt(most + 1));
        }

        private Optional<Relay> anyRelay() {
            List<Relay> relays = ledger.relays();
            return relays.isEmpty() ? Optional.empty() : Optional.of(relays.get(random.nextInt(relays.size())));
        }

        /** What is available and has not expired. */
        private Credits spendable() {
            return ledger.grants().stream()
                    .filter(grant -> grant.expiresAt().isEmpty() || grant.expiresAt().get().isAfter(ledger.now()))
                    .map(Grant::available)
                    .reduce(Credits.ZERO, Credits::plus);
        }

        private void checkPosted(Posting.Posted posted) {
            assertEquals(new Balance(spendable(), sum(Pot.HELD)), posted.balance());
            assertEquals(
                    posted.entries().stream().map(LedgerEntry::grant).collect(Collectors.toSet()),
                    posted.grants().stream().map(Grant::id).collect(Collectors.toSet()),
                    "every changed grant has an entry, and the other way round");
            assertTrue(posted.entries().stream()
                    .allMatch(entry -> entry.at().equals(ledger.now()) && entry.account().equals(ACCOUNT)));
            assertEquals(spendable(), sum(Pot.AVAILABLE), "what has expired is written off");
        }

        void check() {
            Map<Pot, Long> pots = new EnumMap<>(Pot.class);
            Map<GrantId, Map<Pot, Long>> byGrant = new HashMap<>();
            for (LedgerEntry entry : ledger.entries()) {
                assertTrue(entry.amount().micros() > 0);
                move(entry, pots);
                move(entry, byGrant.computeIfAbsent(entry.grant(), id -> new EnumMap<>(Pot.class)));
                byGrant.values().forEach(Chain::checkNothingIsOverdrawn);
            }
            assertEquals(0, pots.values().stream().mapToLong(Long::longValue).sum());
            for (Grant grant : ledger.grants()) {
                Map<Pot, Long> folded = byGrant.get(grant.id());
                assertEquals(grant.available().micros(), folded.getOrDefault(Pot.AVAILABLE, 0L));
                assertEquals(grant.held().micros(), folded.getOrDefault(Pot.HELD, 0L));
            }
            assertEquals(
                    sumOf(EntryKind.GRANTED) + sumOf(EntryKind.ADJUSTED_UP) - sumOf(EntryKind.ADJUSTED_DOWN)
                            - (sumOf(EntryKind.SETTLED) - sumOf(EntryKind.REFUNDED))
                            - sumOf(EntryKind.EXPIRED),
                    sum(Pot.AVAILABLE).micros() + sum(Pot.HELD).micros(),
                    "granted - spent - expired is what is left");
            assertEquals(
                    ledger.relays().stream()
                            .filter(relay -> relay.state() == RelayState.HELD)
                            .mapToLong(relay -> relay.quoted().micros())
                            .sum(),
                    sum(Pot.HELD).micros(),
                    "held is what the relays in flight may cost");
            ledger.relays().forEach(this::checkRelay);
        }

        private static void move(LedgerEntry entry, Map<Pot, Long> pots) {
            pots.merge(entry.kind().from(), -entry.amount().micros(), Long::sum);
            pots.merge(entry.kind().to(), entry.amount().micros(), Long::sum);
        }

        private static void checkNothingIsOverdrawn(Map<Pot, Long> pots) {
            assertTrue(pots.getOrDefault(Pot.AVAILABLE, 0L) >= 0);
            assertTrue(pots.getOrDefault(Pot.HELD, 0L) >= 0);
            assertTrue(pots.getOrDefault(Pot.EARNED, 0L) >= 0, "no grant gets back more than it paid");
        }

        private void checkRelay(Relay relay) {
            assertEquals(relay.quoted().micros(), sumOf(EntryKind.HELD, relay.id()));
            assertEquals(relay.charged().micros(), sumOf(EntryKind.SETTLED, relay.id()));
            assertEquals(relay.refunded().micros(), sumOf(EntryKind.REFUNDED, relay.id()));
            assertEquals(
                    relay.state() == RelayState.HELD ? 0 : relay.quoted().micros() - relay.charged().micros(),
                    sumOf(EntryKind.RELEASED, relay.id()));
            assertTrue(relay.quoted().covers(relay.charged()));
            assertTrue(relay.charged().covers(relay.refunded()));
        }

        /** What the grants have in a pot, by their own account. */
        private Credits sum(Pot pot) {
            return ledger.grants().stream()
                    .map(grant -> pot == Pot.HELD ? grant.held() : grant.available())
                    .reduce(Credits.ZERO, Credits::plus);
        }

        private long sumOf(EntryKind kind) {
            return sumOf(entry -> entry.kind() == kind);
        }

        private long sumOf(EntryKind kind, RelayId relay) {
            return sumOf(entry -> entry.kind() == kind && entry.relay().equals(Optional.of(relay)));
        }

        private long sumOf(Predicate<LedgerEntry> which) {
            return ledger.entries().stream()
                    .filter(which)
                    .mapToLong(entry -> entry.amount().micros())
                    .sum();
        }
    }
}
