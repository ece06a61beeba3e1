package dev.imagerelay.domain.ledger;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.account.SpendingCap;
import dev.imagerelay.domain.image.ModelId;
import dev.imagerelay.domain.ledger.LedgerEntry.Note;
import dev.imagerelay.domain.pricing.Charge;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.pricing.RateCardVersion;
import dev.imagerelay.domain.relay.Claimed;
import dev.imagerelay.domain.relay.Relay;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.RelayState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One account's books as a store would keep them: it loads what the intent names and no more, asks the rule, and takes
 * over what is posted. Its clock stands still until it is moved.
 */
final class PaperLedger {

    static final AccountId ACCOUNT = new AccountId("acct_1");
    static final Instant FIRST_DAY = Instant.parse("2026-01-01T00:00:00Z");
    static final Note NOTE = new Note("ann", "because");

    private final Map<GrantId, Grant> grants = new LinkedHashMap<>();
    private final Map<RelayId, Relay> relays = new LinkedHashMap<>();
    private final Map<String, Claimed> claims = new LinkedHashMap<>();
    private final List<LedgerEntry> entries = new ArrayList<>();
    private Instant now = FIRST_DAY;

    /** Moves the clock to that day at midnight; it begins on day 0. */
    PaperLedger onDay(int day) {
        now = day(day);
        return this;
    }

    static Instant day(int day) {
        return FIRST_DAY.plus(Duration.ofDays(day));
    }

    Instant now() {
        return now;
    }

    Posting post(Intent intent) {
        Posting posting = intent.rule().decide(load(intent), now);
        if (posting instanceof Posting.Posted posted) {
            entries.addAll(posted.entries());
            posted.grants().forEach(grant -> grants.put(grant.id(), grant));
            posted.relay().ifPresent(relay -> relays.put(relay.id(), relay));
            intent.claim().ifPresent(claim ->
                    claims.put(claim.name(), new Claimed(posted.relay().orElseThrow(), claim.fingerprint(), now)));
        }
        return posting;
    }

    private CreditAccount load(Intent intent) {
        Optional<Hold> hold = intent.relay().map(id -> new Hold(relays.get(id), draws(id)));
        Set<GrantId> drawnOn = hold.map(Hold::draws).orElse(List.of()).stream()
                .map(Draw::grant)
                .collect(Collectors.toSet());
        List<Grant> loaded = grants.values().stream()
                .filter(grant -> !grant.available().isZero()
                        || !grant.held().isZero()
                        || intent.externalId().isPresent() && intent.externalId().equals(grant.externalId())
                        || drawnOn.contains(grant.id()))
                .toList();
        return new CreditAccount(
                ACCOUNT, loaded, hold, intent.claim().flatMap(claim -> claimed(claim.name())),
                intent.caps().stream().map(cap -> new SpendingCap.Spent(cap, spent(cap))).toList());
    }

    /** What the account has held and not given back since the cap's period began. */
    private Credits spent(SpendingCap cap) {
        Instant since = cap.period() == SpendingCap.Period.DAY ? now.truncatedTo(ChronoUnit.DAYS) : FIRST_DAY;
        Set<RelayId> counted = entries.stream()
                .filter(entry -> entry.kind() == EntryKind.HELD && !entry.at().isBefore(since))
                .map(entry -> entry.relay().orElseThrow())
                .collect(Collectors.toSet());
        long micros = entries.stream()
                .filter(entry -> entry.relay().filter(counted::contains).isPresent())
                .mapToLong(entry -> switch (entry.kind()) {
                    case HELD -> entry.amount().micros();
                    case RELEASED -> -entry.amount().micros();
                    default -> 0;
                })
                .sum();
        return new Credits(micros);
    }

    /** Who has made that claim, as it is now. */
    Optional<Claimed> claimed(String name) {
        return Optional.ofNullable(claims.get(name))
                .map(made -> new Claimed(relays.get(made.relay().id()), made.fingerprint(), made.since()));
    }

    /** What a relay has set aside of each grant and not given back, in the order of drawing. */
    private List<Draw> draws(RelayId relay) {
        Map<GrantId, Long> amounts = new LinkedHashMap<>();
        for (LedgerEntry entry : entries) {
            if (entry.relay().equals(Optional.of(relay))) {
                long sign = switch (entry.kind()) {
                    case HELD -> 1;
                    case RELEASED, REFUNDED -> -1;
                    default -> 0;
                };
                amounts.merge(entry.grant(), sign * entry.amount().micros(), Long::sum);
            }
        }
        return amounts.entrySet().stream()
                .filter(amount -> amount.getValue() != 0)
                .map(amount -> new Draw(amount.getKey(), new Credits(amount.getValue())))
                .toList();
    }

    /** Posts what must be accepted, and says what it did: {@code HELD 3 a, HELD 1 b}. */
    String does(Intent intent) {
        return described(assertInstanceOf(Posting.Posted.class, post(intent)).entries());
    }

    private static String described(List<LedgerEntry> entries) {
        return entries.stream()
                .map(entry -> entry.kind() + " " + entry.amount() + " " + entry.grant())
                .collect(Collectors.joining(", "));
    }

    /**
     * Grants what the words say, one minute after the other: {@code a 5, b 3 until 9 first, c 2 last} is 5 credits in
     * grant a, 3 in b until day 9 that are spent first, and 2 in c that are spent last.
     */
    PaperLedger with(String words) {
        Instant began = now;
        for (String grant : words.split(", *")) {
            now = now.plusSeconds(60);
            post(Intent.grant(ACCOUNT, grantIn(grant.split(" "))));
        }
        now = began;
        return this;
    }

    private Grant grantIn(String[] words) {
        List<String> rest = List.of(words).subList(2, words.length);
        int priority = rest.contains("first") ? 10 : rest.contains("last") ? 90 : Grant.USUAL_PRIORITY;
        Optional<Instant> expiresAt = rest.contains("until")
                ? Optional.of(day(Integer.parseInt(rest.get(rest.indexOf("until") + 1))))
                : Optional.empty();
        return Grant.of(
                new GrantId(words[0]), GrantSource.PURCHASED, priority, expiresAt, now, Optional.empty(),
                Credits.of(words[1]));
    }

    /** What each grant has left, in the order in which they came: {@code a 5+0, b 0+3} for available+held. */
    String left() {
        return grants.values().stream()
                .map(grant -> grant.id() + " " + grant.available() + "+" + grant.held())
                .collect(Collectors.joining(", "));
    }

    List<Grant> grants() {
        return List.copyOf(grants.values());
    }

    List<Relay> relays() {
        return List.copyOf(relays.values());
    }

    Relay relay(RelayId id) {
        return relays.get(id);
    }

    List<LedgerEntry> entries() {
        return List.copyOf(entries);
    }

    static Balance balance(String available, String held) {
        return new Balance(Credits.of(available), Credits.of(held));
    }

    static RelayId id(int number) {
        return new RelayId(String.format("req_%032x", number));
    }

    static Intent hold(int number, String quoted) {
        return Intent.hold(held(number, Credits.of(quoted)));
    }

    static Relay held(int number, Credits quoted) {
        return new Relay(
                id(number), ACCOUNT, "sk-relay-Ab3dE6gH", new ModelId("painter"), Optional.empty(), Optional.empty(), 1,
                quoted, new RateCardVersion("0123456789abcdef"), RelayState.HELD, 0, Credits.ZERO, Credits.ZERO,
                Optional.empty());
    }

    static Intent settle(int number, String charge) {
        return Intent.settle(ACCOUNT, id(number), new Charge(Credits.of(charge), 1));
    }

    static Intent release(int number) {
        return Intent.release(ACCOUNT, id(number), "timed_out");
    }

    static Intent refund(int number, String amount) {
        return Intent.refund(ACCOUNT, id(number), Credits.of(amount), NOTE);
    }
}
