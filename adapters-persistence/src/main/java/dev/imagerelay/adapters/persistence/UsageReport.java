package dev.imagerelay.adapters.persistence;

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
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** Adds up what was used: from days that have been added up before, where there are any, and from relays in between. */
final class UsageReport {

    private static final String OF_DAYS = """
            SELECT d.of_day AS at, d.account_id, d.key_prefix, d.model, d.size, d.quality, d.outcome, d.relays, d.ordered,
                   d.delivered, d.quoted, d.charged, d.refunded
            FROM usage_day d JOIN usage_added_up a ON a.of_day = d.of_day AND a.attempt = d.attempt AND a.complete
            WHERE d.of_day >= :from AND d.of_day <= :last_day""";

    private final Reader reader;
    private final UsageDays days;

    UsageReport(Reader reader, UsageDays days) {
        this.reader = reader;
        this.days = days;
    }

    List<UsageRow> ask(UsageQuery query) {
        if (query.grain() == Grain.HOUR) {
            return reader.readPatiently(handle -> rows(handle, query, List.of()));
        }
        days.addUp(query.from(), query.to());
        return reader.readPatiently(
                handle -> rows(handle, query, UsageDays.complete(handle, query.from(), query.to())));
    }

    private static List<UsageRow> rows(Handle handle, UsageQuery query, List<Instant> complete) {
        Map<String, Object> values = new LinkedHashMap<>();
        List<String> sources = new ArrayList<>();
        String account = "";
        if (query.account().isPresent()) {
            account = " AND account_id = :account";
            values.put("account", query.account().get().value());
        }
        if (!complete.isEmpty()) {
            sources.add(OF_DAYS + account);
            values.put("from", query.from());
            values.put("last_day", complete.get(complete.size() - 1));
        }
        for (Span span : between(query, complete)) {
            int i = sources.size();
            sources.add(UsageDays.OF_RELAYS + " WHERE held_at >= :from" + i + " AND held_at < :to" + i + account);
            values.put("from" + i, span.from());
            values.put("to" + i, span.to());
        }
        return sources.isEmpty() ? List.of() : rows(handle, query, String.join("\nUNION ALL\n", sources), values);
    }

    private static List<UsageRow> rows(Handle handle, UsageQuery query, String used, Map<String, Object> values) {
        List<String> groups = query.by().stream().map(UsageReport::column).toList();
        String columns = groups.stream().map(group -> ", " + group).collect(Collectors.joining());
        String sql = "SELECT " + period(query.grain()) + " AS period" + columns + """
                , SUM(relays) AS relays, SUM(ordered) AS ordered, SUM(delivered) AS delivered,
                SUM(quoted) AS quoted, SUM(charged) AS charged, SUM(refunded) AS refunded
                FROM (""" + used + ") AS used GROUP BY " + period(query.grain()) + columns
                + " ORDER BY period, charged DESC, relays DESC LIMIT " + (UsageQuery.MOST_ROWS + 1);
        return handle.createQuery(sql)
                .bindMap(values)
                .map((row, context) -> row(row, query, groups))
                .list();
    }

    /** A stretch of time. */
    private record Span(Instant from, Instant to) {}

    /** What is asked for beside the days that have been added up. */
    private static List<Span> between(UsageQuery query, List<Instant> complete) {
        List<Span> spans = new ArrayList<>();
        Instant from = query.from();
        for (Instant day : complete) {
            if (from.isBefore(day)) {
                spans.add(new Span(from, day));
            }
            from = UsageDays.after(day);
        }
        if (from.isBefore(query.to())) {
            spans.add(new Span(from, query.to()));
        }
        return spans;
    }

    private static UsageRow row(ResultSet row, UsageQuery query, List<String> groups) throws SQLException {
        List<String> group = new ArrayList<>();
        for (String column : groups) {
            group.add(row.getString(column));
        }
        return new UsageRow(
                beginning(query, row.getLong("period")), group, row.getLong("relays"), row.getLong("ordered"),
                row.getLong("delivered"), Rows.credits(row, "quoted"), Rows.credits(row, "charged"),
                Rows.credits(row, "refunded"));
    }

    /** The number of the period in which a relay was held, counted from 1970, or from the year 0 if it is a month. */
    private static String period(Grain grain) {
        return switch (grain) {
            case HOUR -> "CAST(FLOOR(EXTRACT(EPOCH FROM at) / 3600) AS BIGINT)";
            case DAY -> "CAST(FLOOR(EXTRACT(EPOCH FROM at) / 86400) AS BIGINT)";
            case MONTH -> "CAST(EXTRACT(YEAR FROM at AT TIME ZONE 'UTC') * 12"
                    + " + EXTRACT(MONTH FROM at AT TIME ZONE 'UTC') - 1 AS BIGINT)";
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
            case SIZE -> "size";
            case QUALITY -> "quality";
            case OUTCOME -> "outcome";
        };
    }
}
