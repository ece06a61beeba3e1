package dev.imagerelay.application.port.out;

import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.image.ModelId;
import dev.imagerelay.domain.ledger.Grant;
import dev.imagerelay.domain.ledger.GrantId;
import dev.imagerelay.domain.ledger.GrantSource;
import dev.imagerelay.domain.ledger.Intent;
import dev.imagerelay.domain.ledger.LedgerEntry.Note;
import dev.imagerelay.domain.pricing.Charge;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.pricing.RateCardVersion;
import dev.imagerelay.domain.relay.Claim;
import dev.imagerelay.domain.relay.Relay;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.RelayState;
import dev.imagerelay.domain.relay.RequestBody;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Makes chains of random actions on two accounts. The seed says everything about a chain but its names: those are of
 * the run, so that the same chain can be run again in the same database. It remembers the relays it has named, what
 * they were to cost and which of them it has settled, and nothing of what became of them.
 */
final class LedgerChain {

    /** How many can be run at once, as the same happens to everybody in them: those of seeds 0 to 19, and so on. */
    static final int SIDE_BY_SIDE = 20;

    private static final int ACTIONS = 50;
    private static final Note NOTE = new Note("olivia", "because");
    private static final long[] COINS = {1, 333_333, 1_000_000, 1_000_000_000_000_000L};
    private static final int[] MINUTES = {1, 1, 16, 45, 25 * 60};

    private final Random random;
    private final int run;
    private final RateCardVersion version;
    private final AccountId[] accounts;
    private final Credits coin;
    private final List<Relay> relays = new ArrayList<>();
    private final List<Relay> settled = new ArrayList<>();
    private final List<LedgerAction> actions = new ArrayList<>();
    private int grants;

    private LedgerChain(long seed, int run, RateCardVersion version) {
        this.random = new Random(seed);
        this.run = run;
        this.version = version;
        this.accounts = new AccountId[] {new AccountId("ann-" + run), new AccountId("bob-" + run)};
        this.coin = new Credits(COINS[random.nextInt(COINS.length)]);
        grant();
        grant();
        Random timetable = new Random(seed / SIDE_BY_SIDE);
        while (actions.size() < ACTIONS) {
            if (timetable.nextInt(7) == 0) {
                event(timetable);
            } else {
                step();
            }
        }
    }

    /**
     * A chain.
     *
     * @param seed    makes it what it is
     * @param run     keeps its names apart from those of other runs
     * @param version of the rate card of its relays
     */
    static LedgerChain of(long seed, int run, RateCardVersion version) {
        return new LedgerChain(seed, run, version);
    }

    List<AccountId> accounts() {
        return List.of(accounts);
    }

    /** What all its amounts are multiples of. */
    Credits coin() {
        return coin;
    }

    List<LedgerAction> actions() {
        return List.copyOf(actions);
    }

    private void event(Random timetable) {
        int kind = timetable.nextInt(10);
        if (kind < 6) {
            Duration time = Duration.ofMinutes(MINUTES[timetable.nextInt(MINUTES.length)]);
            event("pass " + time, ledger -> ledger.pass(time), model -> model.pass(time));
            if (timetable.nextInt(4) > 0) {
                renew();
            }
        } else if (kind < 7) {
            renew();
        } else if (kind < 9) {
            event("lose the gateway", CreditLedgerLaws::loseGateway, LedgerModel::loseGateway);
        } else {
            event("forget old claims", CreditLedgerLaws::forgetOldClaims, LedgerModel::forgetOldClaims);
        }
    }

    private void renew() {
        event("renew", CreditLedgerLaws::renew, LedgerModel::renew);
    }

    private void event(String words, Consumer<CreditLedgerLaws> toLedger, Consumer<LedgerModel> toModel) {
        actions.add(new LedgerAction.Event(words, toLedger, toModel));
    }

    private void step() {
        int kind = random.nextInt(100);
        if (kind < 19) {
            grant();
        } else if (kind < 47) {
            hold();
        } else if (kind < 67) {
            settle();
        } else if (kind < 74) {
            release();
        } else if (kind < 86) {
            refund();
        } else if (kind < 94) {
            adjust();
        } else if (kind < 97) {
            AccountId account = account();
            post(Intent.expire(account), "", model -> model.expire(account));
        } else {
            actions.add(new LedgerAction.Step(
                    "sweep", "sweep", accounts[0], Optional.empty(), CreditLedgerLaws.Run::sweep,
                    LedgerChain::swept));
        }
    }

    private void grant() {
        AccountId account = account();
        GrantId id = nextGrant();
        Credits amount = coins(random.nextInt(3) == 0 ? 7 : 1 + random.nextInt(25));
        int priority = 40 + 10 * random.nextInt(3);
        Optional<String> externalId =
                random.nextInt(3) == 0 ? Optional.of("payment-" + random.nextInt(3)) : Optional.empty();
        Optional<Duration> lasting = random.nextInt(3) == 0
                ? Optional.empty()
                : Optional.of(Duration.ofMinutes(random.nextInt(90) - 5));
        MadeAt made = now -> Grant.of(
                id, GrantSource.PURCHASED, priority, lasting.map(now::plus), now, externalId, amount);
        String words = id + " of " + amount + " at " + priority + lasting.map(time -> " for " + time).orElse("")
                + externalId.map(name -> " as " + name).orElse("");
        actions.add(new LedgerAction.Step(
                "grant", "grant " + account + " " + words, account, Optional.empty(),
                run -> run.post(Intent.grant(account, made.at(run.now()))),
                model -> model.grant(account, made.at(model.now()))));
    }

    private interface MadeAt {
        Grant at(Instant now);
    }

    private void hold() {
        boolean taken = random.nextInt(15) == 0 && !relays.isEmpty();
        Relay relay = relay(taken ? anyRelay().id() : relayId(relays.size()), account(), random.nextInt(8));
        if (!taken) {
            relays.add(relay);
        }
        Optional<Claim> claim = random.nextInt(3) == 0 ? Optional.empty() : Optional.of(claim());
        post(
                Intent.hold(relay, claim),
                relay.quoted() + " for " + relay.id() + claim.map(LedgerChain::words).orElse(""),
                model -> model.hold(relay, claim));
    }

    private Claim claim() {
        RequestBody body = RequestBody.of(ImageOrder.of("painter", "fox " + random.nextInt(2)));
        return random.nextBoolean()
                ? Claim.keyed("key " + random.nextInt(3), body)
                : Claim.attempt("sk", random.nextInt(2), body);
    }

    private static String words(Claim claim) {
        return " " + claim.kind() + " " + claim.name().substring(0, 4) + " of " + claim.fingerprint().substring(0, 4);
    }

    /** As a rule for no more than is held. */
    private void settle() {
        Relay relay = anyRelay();
        settled.add(relay);
        AccountId account = accountOf(relay);
        long quoted = relay.quoted().micros() / coin.micros();
        int images = 1 + random.nextInt(4);
        long unit = quoted / images + (random.nextInt(10) == 0 ? 1 : 0);
        Charge charge = new Charge(coins(random.nextInt(3) == 0 ? unit : random.nextLong(unit + 1)), images);
        post(
                Intent.settle(account, relay.id(), charge), "for " + images + " x " + charge.unitPrice(),
                model -> model.settle(account, relay.id(), charge));
    }

    private void release() {
        Relay relay = anyRelay();
        AccountId account = accountOf(relay);
        post(
                Intent.release(account, relay.id(), "timed_out"), "",
                model -> model.release(account, relay.id(), "timed_out"));
    }

    private void refund() {
        Relay relay = settled.isEmpty() || random.nextInt(8) == 0
                ? anyRelay()
                : settled.get(random.nextInt(settled.size()));
        AccountId account = accountOf(relay);
        Credits amount = coins(random.nextInt(5));
        post(
                Intent.refund(account, relay.id(), amount, NOTE), "by " + amount,
                model -> model.refund(account, relay.id(), amount, NOTE));
    }

    private void adjust() {
        AccountId account = account();
        Credits amount = coins(random.nextInt(16));
        GrantId id = nextGrant();
        if (random.nextInt(3) == 0) {
            post(
                    Intent.adjustUp(account, id, amount, NOTE), "by " + amount,
                    model -> model.adjustUp(account, id, amount, NOTE));
        } else {
            post(
                    Intent.adjustDown(account, amount, NOTE), "by " + amount,
                    model -> model.adjustDown(account, amount, NOTE));
        }
    }

    private static Object swept(LedgerModel model) {
        List<Object> answers = new ArrayList<>();
        model.abandoned().forEach(relay -> answers.add(model.release(relay.account(), relay.id(), "gateway_died")));
        model.withLapsedGrants().forEach(account -> answers.add(model.expire(account)));
        return answers;
    }

    private void post(Intent intent, String words, Function<LedgerModel, Object> expected) {
        actions.add(new LedgerAction.Step(
                intent.verb(), intent + " " + words, intent.account(), intent.relay(),
                run -> run.post(intent), expected));
    }

    private AccountId account() {
        return accounts[random.nextInt(accounts.length)];
    }

    /** As a rule whose it is. */
    private AccountId accountOf(Relay relay) {
        return random.nextInt(20) == 0 ? account() : relay.account();
    }

    /** As a rule one of the last that were named. */
    private Relay anyRelay() {
        return relays.isEmpty() || random.nextInt(30) == 0
                ? relay(relayId(999), account(), 5)
                : relays.get(Math.max(0, relays.size() - 1 - random.nextInt(5)));
    }

    private Relay relay(RelayId id, AccountId account, int quoted) {
        return new Relay(
                id, account, "sk-relay-abcdefgh", new ModelId("m"), Optional.empty(), Optional.empty(), 4,
                coins(quoted), version, RelayState.HELD, 0, Credits.ZERO, Credits.ZERO, Optional.empty());
    }

    private RelayId relayId(int number) {
        return new RelayId(String.format("req_%016x%016x", run, number));
    }

    private GrantId nextGrant() {
        return new GrantId(String.format("grant-%d-%d", run, ++grants));
    }

    private Credits coins(long many) {
        return new Credits(coin.micros() * many);
    }
}
