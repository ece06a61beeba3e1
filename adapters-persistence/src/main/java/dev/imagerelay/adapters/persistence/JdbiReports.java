package dev.imagerelay.adapters.persistence;

import dev.imagerelay.application.port.out.Reports;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.ledger.Balance;
import dev.imagerelay.domain.ledger.Grant;
import dev.imagerelay.domain.ledger.Statement;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.report.GrantQuery;
import dev.imagerelay.domain.report.GrantRecord;
import dev.imagerelay.domain.report.Overview.Pace;
import dev.imagerelay.domain.report.Overview;
import dev.imagerelay.domain.report.RelayQuery;
import dev.imagerelay.domain.report.RelayRecord;
import dev.imagerelay.domain.report.UsageQuery;
import dev.imagerelay.domain.report.UsageRow;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** Queries of relays and entries. */
final class JdbiReports implements Reports {

    private static final String BALANCE = """
            COALESCE(SUM(CASE WHEN expires_at <= :now THEN 0 ELSE available END), 0) AS available,
            COALESCE(SUM(held), 0) AS held""";

    private final Reader reader;
    private final Engine engine;
    private final UsageReport usage;

    JdbiReports(Writer writer, Reader reader, Engine engine) {
        this.reader = reader;
        this.engine = engine;
        this.usage = new UsageReport(reader, new UsageDays(writer, reader, engine));
    }

    @Override
    public List<RelayRecord> relays(RelayQuery query) {
        Map<String, Object> values = new LinkedHashMap<>();
        List<String> conditions = new ArrayList<>(List.of("TRUE"));
        query.account().ifPresent(account -> values.put("account_id", account.value()));
        query.keyPrefix().ifPresent(key -> values.put("key_prefix", key));
        query.model().ifPresent(model -> values.put("model", model.value()));
        query.state().ifPresent(state -> values.put("state", state.name()));
        query.reason().ifPresent(reason -> values.put("reason", reason));
        values.keySet().forEach(column -> conditions.add(column + " = :" + column));
        query.from().ifPresent(from -> condition("held_at >= :from", "from", from, conditions, values));
        query.to().ifPresent(to -> condition("held_at < :to", "to", to, conditions, values));
        query.below().ifPresent(below -> condition(
                "(held_at, id) < (SELECT held_at, id FROM relay WHERE id = :below)", "below", below.value(),
                conditions, values));
        return reader.readPatiently(handle -> handle
                .createQuery("SELECT * FROM relay WHERE " + String.join(" AND ", conditions)
                        + " ORDER BY held_at DESC, id DESC LIMIT :limit")
                .bindMap(values)
                .bind("limit", query.limit())
                .map((row, context) -> record(row))
                .list());
    }

    private static void condition(
            String condition, String name, Object value, List<String> conditions, Map<String, Object> values) {
        conditions.add(condition);
        values.put(name, value);
    }

    @Override
    public Optional<RelayRecord> relay(RelayId id) {
        return reader.read(handle -> handle.createQuery("SELECT * FROM relay WHERE id = ?")
                .bind(0, id.value())
                .map((row, context) -> record(row))
                .findOne());
    }

    private static RelayRecord record(ResultSet row) throws SQLException {
        return new RelayRecord(
                Rows.relay(row), Rows.instant(row, "held_at"), Optional.ofNullable(Rows.instant(row, "ended_at")));
    }

    @Override
    public List<Statement.Line> entries(RelayId relay) {
        return reader.read(handle -> handle
                .createQuery("SELECT * FROM ledger_entry WHERE relay_id = ? ORDER BY number")
                .bind(0, relay.value())
                .map((row, context) -> new Statement.Line(row.getLong("number"), Rows.entry(row)))
                .list());
    }

    @Override
    public List<Grant> grants(AccountId account) {
        return reader.read(handle -> handle.createQuery("SELECT * FROM credit_grant WHERE account_id = ?")
                .bind(0, account.value())
                .map((row, context) -> Rows.grant(row))
                .list()
                .stream()
                .sorted(Grant.BURN_DOWN)
                .toList());
    }

    @Override
    public List<GrantRecord> grants(GrantQuery query) {
        Map<String, Object> values = new LinkedHashMap<>();
        List<String> conditions = new ArrayList<>(List.of("TRUE"));
        query.from().ifPresent(from -> condition("granted_at >= :from", "from", from, conditions, values));
        query.to().ifPresent(to -> condition("granted_at < :to", "to", to, conditions, values));
        query.below().ifPresent(below -> condition(
                "(granted_at, id) < (SELECT granted_at, id FROM credit_grant WHERE id = :below)", "below",
                below.value(), conditions, values));
        return reader.readPatiently(handle -> handle
                .createQuery("SELECT * FROM credit_grant WHERE " + String.join(" AND ", conditions)
                        + " ORDER BY granted_at DESC, id DESC LIMIT :limit")
                .bindMap(values)
                .bind("limit", query.limit())
                .map((row, context) -> new GrantRecord(new AccountId(row.getString("account_id")), Rows.grant(row)))
                .list());
    }

    @Override
    public Map<AccountId, Balance> balances(List<AccountId> accounts) {
        if (accounts.isEmpty()) {
            return Map.of();
        }
        return reader.read(handle -> handle.createQuery("SELECT account_id, " + BALANCE
                        + " FROM credit_grant WHERE account_id IN (<accounts>) GROUP BY account_id")
                .bindList("accounts", accounts.stream().map(AccountId::value).toList())
                .bind("now", engine.now(handle))
                .map((row, context) -> Map.entry(new AccountId(row.getString("account_id")), balance(row)))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    private static Balance balance(ResultSet row) throws SQLException {
        return new Balance(Rows.credits(row, "available"), Rows.credits(row, "held"));
    }

    @Override
    public Overview overview(Instant from, Instant to) {
        return reader.readPatiently(handle -> {
            Optional<Pace> pace = pace(handle, from, to);
            return handle.createQuery("SELECT " + BALANCE + """
                            , SUM(CASE WHEN granted_at >= :from AND granted_at < :to THEN 1 ELSE 0 END) AS grants,
                            SUM(CASE WHEN granted_at >= :from AND granted_at < :to THEN granted ELSE 0 END) AS granted
                            FROM credit_grant
                            """)
                    .bind("now", engine.now(handle))
                    .bind("from", from)
                    .bind("to", to)
                    .map((row, context) -> new Overview(
                            balance(row), row.getLong("grants"), Rows.credits(row, "granted"), pace))
                    .one();
        });
    }

    /** Counts how many took how many hundredths of a second: few numbers, however many relays there are. */
    private static Optional<Pace> pace(Handle handle, Instant from, Instant to) {
        return handle.createQuery("""
                        SELECT MIN(CASE WHEN upto * 100 >= total * 50 THEN took END) AS p50,
                               MIN(CASE WHEN upto * 100 >= total * 95 THEN took END) AS p95
                        FROM (SELECT took, SUM(relays) OVER (ORDER BY took) AS upto, SUM(relays) OVER () AS total
                              FROM (SELECT took, COUNT(*) AS relays
                                    FROM (SELECT CAST(100 * (EXTRACT(EPOCH FROM ended_at) - EXTRACT(EPOCH FROM held_at))
                                                      AS BIGINT) AS took
                                          FROM relay
                                          WHERE state = 'SETTLED' AND held_at >= :from AND held_at < :to) AS times
                                    GROUP BY took) AS counts) AS sums
                        """)
                .bind("from", from)
                .bind("to", to)
                .map((row, context) -> row.getObject("p50") == null
                        ? Optional.<Pace>empty()
                        : Optional.of(new Pace(hundredths(row, "p50"), hundredths(row, "p95"))))
                .one();
    }

    private static Duration hundredths(ResultSet row, String column) throws SQLException {
        return Duration.ofMillis(row.getLong(column) * 10);
    }

    @Override
    public List<UsageRow> usage(UsageQuery query) {
        return usage.ask(query);
    }
}
