package dev.imagerelay.application.port.out;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.application.Records;
import dev.imagerelay.application.port.out.LedgerModel.Refusal;
import dev.imagerelay.domain.account.Account;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.ledger.CreditAccount;
import dev.imagerelay.domain.ledger.Grant;
import dev.imagerelay.domain.ledger.GrantId;
import dev.imagerelay.domain.ledger.Hold;
import dev.imagerelay.domain.ledger.Intent;
import dev.imagerelay.domain.ledger.LedgerEntry.Note;
import dev.imagerelay.domain.ledger.LedgerEntry;
import dev.imagerelay.domain.ledger.Posting;
import dev.imagerelay.domain.ledger.Pot;
import dev.imagerelay.domain.ledger.Statement;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.pricing.RateCardVersion;
import dev.imagerelay.domain.relay.Relay;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever happens to a ledger, it answers and has what {@link LedgerModel} does. What happens are chains of random
 * actions, each of another seed; some chains run side by side, each on accounts of its own. One that fails is cut down
 * to the actions that it takes, and is run alone with {@code -DledgerSeed=} and its seed.
 */
public abstract class CreditLedgerLaws {

    /** Every way in which an action must have come out at least once, lest the chains have become tame. */
    private static final Set<String> OUTCOMES = Set.of(
            "grant Posted", "grant Posted nothing", "grant Contradicted",
            "hold Posted", "hold Posted nothing", "hold Insufficient", "hold AlreadyOrdered",
            "hold AlreadyOrdered otherwise", "hold ID_TAKEN",
            "settle Posted", "settle Posted nothing", "settle AlreadyEnded", "settle NO_SUCH_RELAY",
            "settle CHARGE_ABOVE_HOLD",
            "release Posted", "release Posted nothing", "release AlreadyEnded", "release NO_SUCH_RELAY",
            "refund Posted", "refund Contradicted", "refund NO_SUCH_RELAY",
            "adjust up Posted", "adjust up Contradicted",
            "adjust down Posted", "adjust down Insufficient", "adjust down Contradicted",
            "expire Posted", "expire Posted nothing",
            "sweep of nothing", "sweep of something",
            "pass PT1M", "pass PT16M", "pass PT45M", "pass PT25H", "renew", "lose the gateway", "forget old claims");

    private static final int PAGE = 10_000;
    private static final Note NOTE = new Note("olivia", "over");

    private final ExecutorService threads = Executors.newFixedThreadPool(LedgerChain.SIDE_BY_SIDE);
    private final Map<String, Integer> outcomes = new ConcurrentSkipListMap<>();
    private CreditLedger ledger;
    private RateCardVersion version;
    private int runs;

    /** How many chains to run. */
    protected abstract int chains();

    /** The ledger for the next chain, an empty one or the one before. */
    protected abstract CreditLedger ledger();

    /** A rate card that the ledger knows of. */
    protected abstract RateCardVersion version();

    /** The accounts of the ledger. */
    protected abstract Accounts accounts();

    /** How long the lease of the gateway under test is; empty if it does not end. */
    protected abstract Optional<Duration> lease();

    /** The time of the ledger. */
    protected abstract Instant now();

    /** Lets time pass for the ledger, and nobody renews a lease. */
    protected abstract void pass(Duration duration);

    /** Renews the lease of the gateway under test. */
    protected abstract void renew();

    /** Lets the gateway die that holds what is held now; another lives on. */
    protected abstract void loseGateway();

    /** What the ledger's own check of the books finds. */
    protected abstract List<String> offenders();

    @Test
    @Timeout(600)
    void itDoesWhatTheModelDoes() throws Exception {
        version = version();
        Long repeated = Long.getLong("ledgerSeed");
        if (repeated != null) {
            requireNoFailure(List.of(repeated));
            return;
        }
        for (long seed = 0; seed < chains(); seed += LedgerChain.SIDE_BY_SIDE) {
            requireNoFailure(LongStream.range(seed, seed + LedgerChain.SIDE_BY_SIDE).boxed().toList());
        }
        System.out.println(getClass().getSimpleName() + ": " + chains() + " chains, "
                + outcomes.values().stream().mapToInt(Integer::intValue).sum() + " actions: " + outcomes);
        Set<String> missing = new HashSet<>(OUTCOMES);
        lease().ifPresent(ends -> missing.add("hold NO_LEASE"));
        missing.removeAll(outcomes.keySet());
        assertEquals(Set.of(), missing, "what never happened");
    }

    private void requireNoFailure(List<Long> seeds) throws Exception {
        List<Integer> everything = IntStream.range(0, chain(seeds.get(0)).actions().size()).boxed().toList();
        Optional<Failure> failure = failure(seeds, everything);
        if (failure.isPresent()) {
            throw cutDown(failure.get(), everything);
        }
    }

    /** Leaves out, in ever smaller pieces, whatever is not needed to make a chain fail alone. */
    private AssertionError cutDown(Failure failure, List<Integer> everything) throws Exception {
        List<Integer> kept = everything;
        Failure last = failure;
        for (int piece = kept.size(); piece > 0; piece /= 2) {
            for (int from = 0; from < kept.size(); ) {
                List<Integer> fewer = new ArrayList<>(kept);
                fewer.subList(from, Math.min(from + piece, kept.size())).clear();
                Optional<Failure> still = failure(List.of(failure.seed), fewer);
                if (still.isPresent()) {
                    kept = fewer;
                    last = still.get();
                } else {
                    from += piece;
                }
            }
        }
        List<LedgerAction> chain = chain(failure.seed).actions();
        return new AssertionError(
                "seed " + failure.seed + " (repeat with -DledgerSeed=" + failure.seed + "), of which it takes:\n"
                        + kept.stream().map(index -> "  " + chain.get(index)).collect(Collectors.joining("\n"))
                        + "\n" + last.how.getMessage(),
                last.how);
    }

    private LedgerChain chain(long seed) {
        return LedgerChain.of(seed, runs, version);
    }

    private record Failure(long seed, AssertionError how) {}

    /** Runs some of the actions of chains that can be run side by side; how one failed if one did. */
    private Optional<Failure> failure(List<Long> seeds, List<Integer> which) throws Exception {
        ledger = ledger();
        renew();
        List<Run> chains = new ArrayList<>();
        for (long seed : seeds) {
            runs++;
            chains.add(new Run(seed, chain(seed)));
        }
        try {
            first(chains, Run::begin);
            for (int index : which) {
                if (chains.get(0).actions.get(index) instanceof LedgerAction.Event event) {
                    event.toLedger().accept(this);
                    outcomes.merge(event.verb(), chains.size(), Integer::sum);
                }
                Optional<Failure> failure = first(chains, chain -> chain.go(index));
                if (failure.isPresent()) {
                    return failure;
                }
            }
            Optional<Failure> failure = first(chains, Run::over);
            if (failure.isEmpty()) {
                assertEquals(List.of(), offenders(), "of seeds " + seeds);
            }
            return failure;
        } finally {
            first(chains, Run::clearUp);
        }
    }

    /** Lets all chains do something at once; how the first of those that fail does. */
    private Optional<Failure> first(List<Run> chains, Consumer<Run> doing) throws Exception {
        List<Callable<Optional<Failure>>> calls = new ArrayList<>();
        for (Run chain : chains) {
            calls.add(() -> {
                try {
                    doing.accept(chain);
                    return Optional.empty();
                } catch (AssertionError e) {
                    return Optional.of(new Failure(chain.seed, e));
                }
            });
        }
        Optional<Failure> failure = Optional.empty();
        for (Future<Optional<Failure>> call : threads.invokeAll(calls)) {
            failure = failure.isPresent() ? failure : call.get();
        }
        return failure;
    }

    @AfterEach
    void stopThreads() {
        threads.shutdown();
    }

    void forgetOldClaims() {
        ledger.forgetOldClaims();
    }

    /** One run of a chain, on accounts of its own. */
    final class Run {

        private final long seed;
        private final List<LedgerAction> actions;
        private final List<AccountId> names;
        private final LedgerModel model;
        private final List<LedgerEntry> posted = new ArrayList<>();
        private volatile Optional<CreditAccount> loaded = Optional.empty();

        private Run(long seed, LedgerChain chain) {
            this.seed = seed;
            actions = chain.actions();
            names = chain.accounts();
            model = new LedgerModel(chain.coin(), lease(), CreditLedgerLaws.this.now());
        }

        private void begin() {
            names.forEach(name -> accounts().add(new Account(name, "of a chain"), Records.ANY));
        }

        Instant now() {
            return model.now();
        }

        /** Posts it and remembers what the ledger has loaded for it. */
        Object post(Intent intent) {
            try {
                return ledger.post(new Intent(
                        intent.verb(), intent.account(), intent.relay(), intent.externalId(), intent.claim(),
                        intent.caps(), intent.audit(),
                        (books, now) -> {
                            loaded = Optional.of(books);
                            return intent.rule().decide(books, now);
                        }));
            } catch (RuntimeException e) {
                return e;
            }
        }

        /** What a sweep does, for the accounts of this run. */
        Object sweep() {
            List<Object> answers = new ArrayList<>();
            for (Relay relay : ours(ledger.abandoned(PAGE))) {
                answers.add(post(Intent.release(relay.account(), relay.id(), "gateway_died")));
            }
            ledger.withLapsedGrants(PAGE).stream()
                    .filter(names::contains)
                    .sorted(Comparator.comparing(AccountId::value))
                    .forEach(account -> answers.add(post(Intent.expire(account))));
            loaded = Optional.empty(); // it was of the last only
            return answers;
        }

        private List<Relay> ours(List<Relay> relays) {
            return relays.stream()
                    .filter(relay -> names.contains(relay.account()))
                    .sorted(Comparator.comparing(relay -> relay.id().value()))
                    .toList();
        }

        private void go(int index) {
            LedgerAction action = actions.get(index);
            if (action instanceof LedgerAction.Event event) {
                event.toModel().accept(model);
            } else if (action instanceof LedgerAction.Step step) {
                go(step);
            }
        }

        private void go(LedgerAction.Step step) {
            AccountId account = step.account();
            List<Grant> grants = model.grants(account);
            Optional<Hold> hold = step.relay().flatMap(id -> model.hold(account, id));
            loaded = Optional.empty();
            Object actual = step.asked().apply(this);
            Object expected = step.expected().apply(model);
            outcomes.merge(step.verb() + outcome(expected), 1, Integer::sum);
            loaded.ifPresent(before -> {
                assertEquals(left(grants), left(before.grants()), "before " + step);
                assertEquals(hold, before.hold(), "before " + step);
            });
            compare(expected, actual, step.toString());
            assertEquals(model.balance(account), ledger.balance(account), step.toString());
        }

        /** What is in the end is as it should be, and agrees with itself. */
        private void over() {
            for (AccountId account : names) {
                assertEquals(model.totals(account), ledger.totals(account));
                post(Intent.adjustDown(account, Credits.ZERO, NOTE));
                assertEquals(left(model.grants(account)), left(loaded.orElseThrow().grants()));
                compareEntries(account);
            }
            assertEquals(model.held(), ours(ledger.held(PAGE)));
        }

        private void compare(Object expected, Object actual, String action) {
            if (expected instanceof List<?> several) {
                List<?> answers = (List<?>) actual;
                assertEquals(several.size(), answers.size(), action);
                for (int i = 0; i < several.size(); i++) {
                    compare(several.get(i), answers.get(i), action);
                }
            } else if (expected instanceof Refusal refusal) {
                assertTrue(
                        actual instanceof RuntimeException e && refusal.isMeantBy(e),
                        () -> action + " ==> expected: " + refusal + " but was: " + actual);
            } else {
                assertEquals(comparable(expected), comparable(actual), action);
            }
            if (actual instanceof Posting.Posted accepted) {
                posted.addAll(accepted.entries());
            }
        }

        /** What is in the books is what was said to be posted, and adds up to what the grants have. */
        private void compareEntries(AccountId account) {
            List<LedgerEntry> entries = new ArrayList<>();
            Statement page;
            OptionalLong below = OptionalLong.empty();
            do {
                page = ledger.entries(account, below, 20);
                page.lines().forEach(line -> entries.add(0, line.entry()));
                below = page.lines().stream().mapToLong(Statement.Line::number).min();
            } while (page.more());
            assertEquals(posted.stream().filter(entry -> entry.account().equals(account)).toList(), entries);
            for (Grant grant : model.grants(account)) {
                assertEquals(grant.available().micros(), folded(entries, grant.id(), Pot.AVAILABLE));
                assertEquals(grant.held().micros(), folded(entries, grant.id(), Pot.HELD));
            }
        }

        /** Leaves nothing behind that the next run would find. */
        private void clearUp() {
            ours(ledger.held(PAGE)).forEach(relay -> post(Intent.release(relay.account(), relay.id(), "cleared_up")));
            for (AccountId name : names) {
                post(Intent.adjustDown(name, ledger.balance(name).available(), NOTE));
            }
        }
    }

    /** Those with credits left, in the order of their names. */
    private static List<Grant> left(List<Grant> grants) {
        return inOrder(grants.stream()
                .filter(grant -> !(grant.available().isZero() && grant.held().isZero()))
                .toList());
    }

    private static List<Grant> inOrder(List<Grant> grants) {
        return grants.stream().sorted(Comparator.comparing(grant -> grant.id().value())).toList();
    }

    private static long folded(List<LedgerEntry> entries, GrantId grant, Pot pot) {
        return entries.stream()
                .filter(entry -> entry.grant().equals(grant))
                .mapToLong(entry -> (entry.kind().to() == pot ? entry.amount().micros() : 0)
                        - (entry.kind().from() == pot ? entry.amount().micros() : 0))
                .sum();
    }

    /** An answer without what is free: the order of the entries and grants of one posting, and a refusal's words. */
    private static Object comparable(Object answer) {
        if (answer instanceof Posting.Posted posted) {
            List<LedgerEntry> entries =
                    posted.entries().stream().sorted(Comparator.comparing(LedgerEntry::toString)).toList();
            return new Posting.Posted(entries, inOrder(posted.grants()), posted.relay(), posted.balance());
        }
        return answer instanceof Posting.Contradicted ? new Posting.Contradicted("") : answer;
    }

    private static String outcome(Object answer) {
        if (answer instanceof Posting.Posted posted) {
            return posted.entries().isEmpty() ? " Posted nothing" : " Posted";
        } else if (answer instanceof Posting.AlreadyOrdered earlier) {
            return earlier.sameOrder() ? " AlreadyOrdered" : " AlreadyOrdered otherwise";
        } else if (answer instanceof List<?> several) {
            return several.isEmpty() ? " of nothing" : " of something";
        } else if (answer instanceof Posting) {
            return " " + answer.getClass().getSimpleName();
        }
        return answer instanceof Refusal ? " " + answer : "";
    }
}
