package dev.imagerelay.adapters.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.imagerelay.application.Records;
import dev.imagerelay.application.port.out.CreditLedger;
import dev.imagerelay.application.port.out.Reports;
import dev.imagerelay.domain.account.Account;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.image.ModelId;
import dev.imagerelay.domain.ledger.Balance;
import dev.imagerelay.domain.ledger.Grant;
import dev.imagerelay.domain.ledger.GrantId;
import dev.imagerelay.domain.ledger.GrantSource;
import dev.imagerelay.domain.ledger.Intent;
import dev.imagerelay.domain.ledger.LedgerEntry.Note;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.relay.Relay;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.RelayState;
import dev.imagerelay.domain.report.GrantQuery;
import dev.imagerelay.domain.report.GrantRecord;
import dev.imagerelay.domain.report.Overview.Pace;
import dev.imagerelay.domain.report.Overview;
import dev.imagerelay.domain.report.RelayQuery;
import dev.imagerelay.domain.report.RelayRecord;
import dev.imagerelay.domain.report.UsageQuery;
import dev.imagerelay.domain.report.UsageQuery.Dimension;
import dev.imagerelay.domain.report.UsageQuery.Grain;
import dev.imagerelay.domain.report.UsageRow;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** An operator finds relays by what they are, and what was used adds up to what the relays say. */
@ParameterizedClass
@EnumSource(Store.Kind.class)
class JdbiReportsTest {

    @RegisterExtension
    final FreshDatabase fresh;

    private final AccountId ann = new AccountId("ann");
    private final AccountId bob = new AccountId("bob");
    private Reports reports;
    private Instant midnight;
    private Relay delivered;
    private Relay failed;
    private Relay refunded;
    private Relay inFlight;

    JdbiReportsTest(Store.Kind kind) {
        fresh = new FreshDatabase(kind);
    }

    /**
     * Yesterday at 23:30 one picture and one failure for Ann, today at 00:30 one for Bob, refunded by half, at 01:30 one in
     * flight.
     */
    @BeforeEach
    void doBusiness() {
        Database database = fresh.database();
        reports = database.reports();
        database.rateCards().keep(Samples.CARD);
        for (AccountId account : List.of(ann, bob)) {
            database.accounts().add(new Account(account, account.value()), Records.ANY);
            database.ledger().post(Samples.grant(account, "100"));
        }
        Instant now = fresh.store().now();
        midnight = now.truncatedTo(ChronoUnit.DAYS).plus(Duration.ofDays(1));
        pass(Duration.between(now, midnight).minusMinutes(30));
        delivered = settled(Samples.relay(ann));
        failed = Samples.relay(ann);
        database.ledger().post(Intent.hold(failed));
        database.ledger().post(Intent.release(ann, failed.id(), "timed_out"));
        failed = failed.released("timed_out");
        pass(Duration.ofHours(1));
        refunded = settled(Samples.relay(bob));
        database.ledger().post(Intent.refund(bob, refunded.id(), Credits.of("0.5"), new Note("olivia", "black")));
        refunded = refunded.refunded(Credits.of("0.5"));
        pass(Duration.ofHours(1));
        inFlight = Samples.relay(ann);
        database.ledger().post(Intent.hold(inFlight));
    }

    private void pass(Duration duration) {
        fresh.store().pass(duration);
        fresh.database().leases().renew();
    }

    private Relay settled(Relay relay) {
        fresh.database().ledger().post(Intent.hold(relay));
        fresh.database().ledger().post(Intent.settle(relay.account(), relay.id(), Samples.CHARGE));
        return relay.settled(Samples.CHARGE);
    }

    @Test
    void theNewestRelaysComeFirstAndPageByPage() {
        assertEquals(List.of(inFlight, refunded, failed, delivered), relays(RelayQuery.newest(10)));
        assertEquals(List.of(inFlight, refunded), relays(RelayQuery.newest(2)));
        assertEquals(List.of(failed, delivered), relays(query(null, null, null, null, null, refunded.id())));
        assertEquals(List.of(), relays(query(null, null, null, null, null, delivered.id())));
        assertThrows(IllegalArgumentException.class, () -> RelayQuery.newest(0));
    }

    @Test
    void relaysAreFoundByWhatTheyAre() {
        assertEquals(List.of(refunded), relays(query(bob, null, null, null, null, null)));
        assertEquals(List.of(inFlight), relays(query(null, RelayState.HELD, null, null, null, null)));
        assertEquals(List.of(failed), relays(query(null, null, "timed_out", null, null, null)));
        assertEquals(List.of(inFlight, refunded), relays(query(null, null, null, midnight, null, null)));
        assertEquals(List.of(failed, delivered), relays(query(ann, null, null, null, midnight, null)));
        assertEquals(4, relays(new RelayQuery(
                Optional.empty(), Optional.of(delivered.keyPrefix()), Optional.of(new ModelId("m")), Optional.empty(),
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), 10)).size());
    }

    private static RelayQuery query(
            AccountId account, RelayState state, String reason, Instant from, Instant to, RelayId below) {
        return new RelayQuery(
                Optional.ofNullable(account), Optional.empty(), Optional.empty(), Optional.ofNullable(state),
                Optional.ofNullable(reason), Optional.ofNullable(from), Optional.ofNullable(to),
                Optional.ofNullable(below), 10);
    }

    private List<Relay> relays(RelayQuery query) {
        return reports.relays(query).stream().map(RelayRecord::relay).toList();
    }

    @Test
    void aRelayIsShownInItsTimeWithItsEntries() {
        Instant held = midnight.minus(Duration.ofMinutes(30));

        assertEquals(
                Optional.of(new RelayRecord(delivered, held, Optional.of(held))), reports.relay(delivered.id()));
        assertEquals(Optional.empty(), reports.relay(inFlight.id()).orElseThrow().endedAt());
        assertEquals(Optional.empty(), reports.relay(Samples.relay(ann).id()));
        assertEquals(
                List.of("HELD", "SETTLED", "REFUNDED"),
                reports.entries(refunded.id()).stream().map(line -> line.entry().kind().name()).toList());
    }

    @Test
    void grantsAreShownInTheOrderOfSpending() {
        List<Grant> grants = reports.grants(ann);

        assertEquals(1, grants.size());
        assertEquals(Credits.of("98"), grants.get(0).available());
        assertEquals(List.of(), reports.grants(new AccountId("nobody")));
    }

    @Test
    void whatCameInIsFoundByItsTimeAndPageByPage() {
        Grant late = Grant.of(
                new GrantId("late"), GrantSource.PROMOTIONAL, 50, Optional.of(midnight.plus(Duration.ofDays(1))),
                midnight, Optional.empty(), Credits.of("7"));
        fresh.database().ledger().post(Intent.grant(bob, late));

        assertEquals(
                List.of(new GrantRecord(bob, late)),
                reports.grants(new GrantQuery(
                        Optional.of(midnight), Optional.of(midnight.plusNanos(1_000)), Optional.empty(), 10)));
        List<GrantRecord> all =
                reports.grants(new GrantQuery(Optional.empty(), Optional.empty(), Optional.empty(), 10));
        assertEquals(3, all.size());
        assertEquals(
                all.subList(1, 3),
                reports.grants(new GrantQuery(Optional.empty(), Optional.empty(), Optional.of(late.id()), 10)));
    }

    @Test
    void everyAccountHasItsBalanceUnlessItNeverHadAnything() {
        AccountId nobody = new AccountId("nobody");
        Balance annHas = new Balance(Credits.of("98"), Credits.of("1"));
        Balance bobHas = new Balance(Credits.of("99.5"), Credits.ZERO);

        assertEquals(Map.of(ann, annHas, bob, bobHas), reports.balances(List.of(ann, bob, nobody)));
        assertEquals(annHas, fresh.database().ledger().balance(ann));
        assertEquals(Map.of(), reports.balances(List.of()));
    }

    @Test
    void theOverviewTellsWhatCameInWhatIsThereAndHowLongItTook() {
        for (int seconds = 1; seconds <= 19; seconds++) {
            Relay slow = Samples.relay(ann);
            fresh.database().ledger().post(Intent.hold(slow));
            pass(Duration.ofSeconds(seconds));
            fresh.database().ledger().post(Intent.settle(ann, slow.id(), Samples.CHARGE));
        }
        Instant end = fresh.store().now().plusSeconds(1);

        Overview since = reports.overview(midnight.plus(Duration.ofMinutes(45)), end);
        Overview never = reports.overview(end, end.plusSeconds(1));

        assertEquals(new Balance(Credits.of("178.5"), Credits.of("1")), since.balance());
        assertEquals(0, since.grants());
        assertEquals(Optional.of(new Pace(Duration.ofSeconds(10), Duration.ofSeconds(19))), since.pace());
        assertEquals(new Overview(since.balance(), 0, Credits.ZERO, Optional.empty()), never);
        Overview ever = reports.overview(Instant.EPOCH, end);
        assertEquals(2, ever.grants());
        assertEquals(Credits.of("200"), ever.granted());
    }

    @Test
    void usageIsAddedUpByPeriodAndGroup() {
        Instant yesterday = midnight.minus(Duration.ofDays(1));

        assertEquals(
                List.of(
                        row(yesterday, List.of(), 2, 2, 1, "2", "1", "0"),
                        row(midnight, List.of(), 2, 2, 1, "2", "1", "0.5")),
                usage(Grain.DAY, Optional.empty()));
        assertEquals(
                List.of(
                        row(midnight.minus(Duration.ofHours(1)), List.of(), 2, 2, 1, "2", "1", "0"),
                        row(midnight, List.of(), 1, 1, 1, "1", "1", "0.5"),
                        row(midnight.plus(Duration.ofHours(1)), List.of(), 1, 1, 0, "1", "0", "0")),
                usage(Grain.HOUR, Optional.empty()));
        assertEquals(
                List.of(row(Instant.EPOCH, List.of(), 4, 4, 2, "4", "2", "0.5")), usage(Grain.ALL, Optional.empty()));
        assertEquals(
                List.of(
                        row(Instant.EPOCH, List.of("bob", "settled"), 1, 1, 1, "1", "1", "0.5"),
                        row(Instant.EPOCH, List.of("ann", "settled"), 1, 1, 1, "1", "1", "0")),
                usage(Grain.ALL, Optional.empty(), Dimension.ACCOUNT, Dimension.OUTCOME).stream()
                        .filter(row -> !row.charged().isZero())
                        .sorted((one, other) -> other.refunded().compareTo(one.refunded()))
                        .toList());
        assertEquals(
                List.of("held", "settled", "timed_out"),
                usage(Grain.ALL, Optional.of(ann), Dimension.OUTCOME).stream()
                        .map(row -> row.group().get(0))
                        .sorted()
                        .toList());
        assertEquals(
                List.of(row(
                        Instant.EPOCH, List.of(inFlight.keyPrefix(), "m", "auto", "auto"), 4, 4, 2, "4", "2", "0.5")),
                usage(Grain.ALL, Optional.empty(),
                        Dimension.KEY, Dimension.MODEL, Dimension.SIZE, Dimension.QUALITY));
    }

    @Test
    void aMonthBeginsOnItsFirstDayInUtc() {
        List<UsageRow> rows = usage(Grain.MONTH, Optional.empty());

        assertEquals(4, rows.stream().mapToLong(UsageRow::relays).sum());
        rows.forEach(row -> assertEquals("-01T00:00:00Z", row.period().toString().substring(7)));
    }

    @Test
    void whatWasUsedOnADayThatIsOverStaysRightWhateverIsRefundedLater() {
        pass(Duration.ofDays(1));
        Instant yesterday = midnight.minus(Duration.ofDays(1));
        List<UsageRow> first = List.of(
                row(yesterday, List.of(), 2, 2, 1, "2", "1", "0"), row(midnight, List.of(), 2, 2, 1, "2", "1", "0.5"));
        assertEquals(first, usage(Grain.DAY, Optional.empty()));
        assertEquals(first, usage(Grain.DAY, Optional.empty()), "added up once, and asked for again");

        ledger().post(Intent.refund(ann, delivered.id(), Credits.of("0.25"), new Note("olivia", "dim")));
        List<UsageRow> refundedYesterday = List.of(
                row(yesterday, List.of(), 2, 2, 1, "2", "1", "0.25"),
                row(midnight, List.of(), 2, 2, 1, "2", "1", "0.5"));
        assertEquals(refundedYesterday, usage(Grain.DAY, Optional.empty()));

        ledger().post(Intent.settle(ann, inFlight.id(), Samples.CHARGE));
        List<UsageRow> settledToday = List.of(
                row(yesterday, List.of(), 2, 2, 1, "2", "1", "0.25"),
                row(midnight, List.of(), 2, 2, 2, "2", "2", "0.5"));
        assertEquals(settledToday, usage(Grain.DAY, Optional.empty()), "what is in flight completes no day");
        assertEquals(settledToday, usage(Grain.DAY, Optional.empty()));
    }

    @Test
    void aDayThatIsOverIsAddedUpOnce() throws SQLException {
        usage(Grain.DAY, Optional.empty());
        pass(Duration.ofDays(1));
        usage(Grain.DAY, Optional.empty());

        fresh.store().change("UPDATE usage_day SET ordered = ordered + 40");

        assertEquals(
                List.of(82L, 2L), usage(Grain.DAY, Optional.empty()).stream().map(UsageRow::ordered).toList());
        assertEquals(4, usage(Grain.HOUR, Optional.empty()).stream().mapToLong(UsageRow::ordered).sum());
    }

    @Test
    void partsOfADayAreAddedUpFromTheirRelays() {
        pass(Duration.ofDays(2));
        ledger().post(Intent.settle(ann, inFlight.id(), Samples.CHARGE));
        usage(Grain.DAY, Optional.empty());
        Instant from = midnight.minus(Duration.ofMinutes(10));
        Instant to = midnight.plus(Duration.ofMinutes(45));

        assertEquals(
                List.of(row(midnight, List.of(), 1, 1, 1, "1", "1", "0.5")),
                reports.usage(new UsageQuery(from, to, Optional.empty(), Grain.DAY, List.of())));
        for (Grain grain : Grain.values()) {
            assertEquals(
                    List.of(4L, 3L),
                    List.of(
                            usage(grain, Optional.empty()).stream().mapToLong(UsageRow::relays).sum(),
                            usage(grain, Optional.of(ann)).stream().mapToLong(UsageRow::relays).sum()));
        }
    }

    private CreditLedger ledger() {
        return fresh.database().ledger();
    }

    @Test
    void nothingUsedIsNoRow() {
        assertEquals(List.of(), usage(Grain.ALL, Optional.of(new AccountId("nobody"))));
        assertEquals(List.of(), usage(Grain.DAY, Optional.of(new AccountId("nobody"))));
    }

    private List<UsageRow> usage(Grain grain, Optional<AccountId> account, Dimension... by) {
        Instant end = midnight.plus(Duration.ofDays(100));
        return reports.usage(new UsageQuery(Instant.EPOCH, end, account, grain, List.of(by)));
    }

    private static UsageRow row(
            Instant period, List<String> group, long relays, long ordered, long delivered, String quoted,
            String charged, String refunded) {
        return new UsageRow(
                period, group, relays, ordered, delivered, Credits.of(quoted), Credits.of(charged),
                Credits.of(refunded));
    }
}
