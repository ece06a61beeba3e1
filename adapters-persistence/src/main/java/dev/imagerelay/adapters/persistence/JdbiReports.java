package dev.imagerelay.adapters.persistence;

import dev.imagerelay.application.port.out.Reports;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.ledger.Grant;
import dev.imagerelay.domain.ledger.Statement;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.report.RelayQuery;
import dev.imagerelay.domain.report.RelayRecord;
import dev.imagerelay.domain.report.UsageQuery;
import dev.imagerelay.domain.report.UsageQuery.Dimension;
import dev.imagerelay.domain.report.UsageQuery.Grain;
import dev.imagerelay.domain.report.UsageRow;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Queries of relays and entries. */
final class JdbiReports implements Reports {

    private final Reader reader;

    JdbiReports(Reader reader) {
        this.reader = reader;
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
    public List<UsageRow> usage(UsageQuery query) {
        List<String> groups = new ArrayList<>(query.by().stream().map(JdbiReports::column).toList());
        String period = period(query.grain());
        List<String> columns = new ArrayList<>(List.of(period + " AS period"));
        for (int i = 0; i < groups.size(); i++) {
            columns.add(groups.get(i) + " AS g" + i);
        }
        List<String> keys = new ArrayList<>(groups);
        if (query.grain() != Grain.ALL) {
            keys.add(0, period);
        }
        String sql = "SELECT " + String.join(", ", columns) + """
                , COUNT(*) AS relays, COALESCE(SUM(images), 0) AS ordered, COALESCE(SUM(delivered), 0) AS delivered,
                COALESCE(SUM(charged), 0) AS charged, COALESCE(SUM(refunded), 0) AS refunded
                FROM relay WHERE held_at >= :from AND held_at < :to
                """ + (query.account().isPresent() ? " AND account_id = :account" : "")
                + (keys.isEmpty() ? " HAVING COUNT(*) > 0" : " GROUP BY " + String.join(", ", keys))
                + " ORDER BY period, charged DESC, relays DESC LIMIT " + (UsageQuery.MOST_ROWS + 1);
        return reader.readPatiently(handle -> handle.createQuery(sql)
                .bind("from", query.from())
                .bind("to", query.to())
                .bindMap(query.account().<Map<String, Object>>map(id -> Map.of("account", id.value())).orElse(Map.of()))
                .map((row, context) -> row(row, query))
                .list());
    }

    private static UsageRow row(ResultSet row, UsageQuery query) throws SQLException {
        List<String> group = new ArrayList<>();
        for (int i = 0; i < query.by().size(); i++) {
            group.add(row.getString("g" + i));
        }
        return new UsageRow(
                beginning(query, row.getLong("period")), group, row.getLong("relays"), row.getLong("ordered"),
                row.getLong("delivered"), Rows.credits(row, "charged"), Rows.credits(row, "refunded"));
    }

    /** The number of the period in which a relay was held, counted from 1970, or from the year 0 if it is a month. */
    private static String period(Grain grain) {
        return switch (grain) {
            case HOUR -> "CAST(FLOOR(EXTRACT(EPOCH FROM held_at) / 3600) AS BIGINT)";
            case DAY -> "CAST(FLOOR(EXTRACT(EPOCH FROM held_at) / 86400) AS BIGINT)";
            case MONTH -> "CAST(EXTRACT(YEAR FROM held_at AT TIME ZONE 'UTC') * 12"
                    + " + EXTRACT(MONTH FROM held_at AT TIME ZONE 'UTC') - 1 AS BIGINT)";
            case ALL -> "CAST(0 AS BIGINT)";
        };
    }

    private static Instant beginning(UsageQuery query, long period) {
        return switch (query.grain()) {
            case HOUR -> Instant.ofEpochSecond(period * 3600);
            case DAY -> Instant.ofEpochSecond(period * 86400);
            case MONTH -> YearMonth.of((int) (period / 12), (int) (period % 12) + 1)
                    .atDay(1)
                    .atStartOfDay(ZoneOffset.UTC)
                    .toInstant();
            case ALL -> query.from();
        };
    }

    private static String column(Dimension dimension) {
        return switch (dimension) {
            case ACCOUNT -> "account_id";
            case KEY -> "key_prefix";
            case MODEL -> "model";
            case SIZE -> "COALESCE(size, 'auto')";
            case QUALITY -> "COALESCE(quality, 'auto')";
            case OUTCOME -> "CASE state WHEN 'HELD' THEN 'held' WHEN 'SETTLED' THEN 'settled' ELSE reason END";
        };
    }
}
