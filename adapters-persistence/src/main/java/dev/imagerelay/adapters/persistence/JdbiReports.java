package dev.imagerelay.adapters.persistence;

import dev.imagerelay.application.port.out.Reports;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.ledger.Grant;
import dev.imagerelay.domain.ledger.Statement;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.report.RelayQuery;
import dev.imagerelay.domain.report.RelayRecord;
import dev.imagerelay.domain.report.UsageQuery;
import dev.imagerelay.domain.report.UsageRow;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Queries of relays and entries. */
final class JdbiReports implements Reports {

    private final Reader reader;
    private final UsageReport usage;

    JdbiReports(Writer writer, Reader reader, Engine engine) {
        this.reader = reader;
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
    public List<UsageRow> usage(UsageQuery query) {
        return usage.ask(query);
    }
}
