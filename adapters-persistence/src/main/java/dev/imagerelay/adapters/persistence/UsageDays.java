package dev.imagerelay.adapters.persistence;

import dev.imagerelay.application.port.out.StoreUnavailable;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was used on days (in UTC) that are over, added up when it is first asked for. What a relay says changes after its
 * day only by a refund, which makes its day incomplete, until somebody asks for it again.
 *
 * <p>Several gateways may add up the same day, and one may refund what another is adding up: each attempt has a number,
 * its rows bear it, and it completes the day only if nobody has begun another, or refunded, since.
 */
final class UsageDays {

    /** What is asked of relays, as rows of the table {@code usage_day}. */
    static final String OF_RELAYS = """
            SELECT held_at AS at, account_id, key_prefix, model, COALESCE(size, 'auto') AS size,
                   COALESCE(quality, 'auto') AS quality,
                   CASE state WHEN 'HELD' THEN 'held' WHEN 'SETTLED' THEN 'settled' ELSE reason END AS outcome,
                   1 AS relays, images AS ordered, delivered, quoted, charged, refunded
            FROM relay""";

    private static final Logger LOG = LoggerFactory.getLogger(UsageDays.class);

    /** On a shared database a transaction that began on one day may end on the next. */
    private static final Duration SURELY_OVER = Duration.ofMinutes(10);

    private static final String HELD = "held";

    private final Writer writer;
    private final Reader reader;
    private final Engine engine;

    UsageDays(Writer writer, Reader reader, Engine engine) {
        this.writer = writer;
        this.reader = reader;
        this.engine = engine;
    }

    /** Adds up the days between these times that are over and have not been; if that fails, it is for the next to do. */
    void addUp(Instant from, Instant to) {
        try {
            for (Instant day : reader.readPatiently(handle -> missing(handle, from, to))) {
                addUp(day);
            }
        } catch (StoreUnavailable e) {
            LOG.debug("days are not added up now", e);
        }
    }

    private List<Instant> missing(Handle handle, Instant from, Instant to) {
        Instant end = earliest(to, engine.now(handle).minus(SURELY_OVER));
        Set<Instant> complete = Set.copyOf(complete(handle, from, to));
        List<Instant> missing = new ArrayList<>();
        handle.createQuery("SELECT MIN(held_at) AS first FROM relay WHERE held_at >= ?")
                .bind(0, from)
                .map((row, context) -> Rows.instant(row, "first"))
                .findOne()
                .ifPresent(first -> {
                    Instant day = firstDay(latest(first.truncatedTo(ChronoUnit.DAYS), from));
                    for (; !after(day).isAfter(end); day = after(day)) {
                        if (!complete.contains(day)) {
                            missing.add(day);
                        }
                    }
                });
        return missing;
    }

    /** The days between these times that have been added up, in their order. */
    static List<Instant> complete(Handle handle, Instant from, Instant to) {
        return handle.createQuery("SELECT of_day FROM usage_added_up"
                        + " WHERE complete AND of_day >= ? AND of_day <= ? ORDER BY of_day")
                .bind(0, from)
                .bind(1, to.minus(1, ChronoUnit.DAYS))
                .map((row, context) -> Rows.instant(row, "of_day"))
                .list();
    }

    static Instant after(Instant day) {
        return day.plus(1, ChronoUnit.DAYS);
    }

    private static Instant firstDay(Instant from) {
        Instant begun = from.truncatedTo(ChronoUnit.DAYS);
        return begun.equals(from) ? begun : after(begun);
    }

    private static Instant earliest(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static Instant latest(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private void addUp(Instant day) {
        long attempt = writer.write(handle -> {
            Columns.Statement.execute(handle, List.of(begin(List.of(day))));
            return handle.createQuery("SELECT attempt FROM usage_added_up WHERE of_day = ?")
                    .bind(0, day)
                    .mapTo(Long.class)
                    .one();
        });
        List<Row> rows = reader.readPatiently(handle -> rows(handle, day));
        if (rows.stream().anyMatch(row -> row.outcome().equals(HELD))) {
            return;
        }
        for (int i = 0; i < rows.size(); i += Writer.BATCH) {
            List<Row> some = rows.subList(i, Math.min(rows.size(), i + Writer.BATCH));
            writer.write(handle -> {
                Columns.Statement.execute(handle, List.of(add(day, attempt, some)));
                return some;
            });
        }
        writer.write(handle -> {
            int completed = handle.execute(
                    "UPDATE usage_added_up SET complete = TRUE WHERE of_day = ? AND attempt = ?", day, attempt);
            return completed == 0
                    ? completed
                    : handle.execute("DELETE FROM usage_day WHERE of_day = ? AND attempt <> ?", day, attempt);
        });
    }

    /** Makes days incomplete, so that no attempt completes them that has not begun after this. */
    static Columns.Statement begin(Collection<Instant> days) {
        return Columns.of(days)
                .time("of_day", day -> day)
                .in("""
                        MERGE INTO usage_added_up a USING (SELECT * FROM %s) AS v ON a.of_day = v.of_day
                        WHEN MATCHED THEN UPDATE SET attempt = a.attempt + 1, complete = FALSE
                        WHEN NOT MATCHED THEN INSERT (of_day, attempt, complete) VALUES (v.of_day, 1, FALSE)
                        """);
    }

    private static List<Row> rows(Handle handle, Instant day) {
        return handle.createQuery("""
                        SELECT account_id, key_prefix, model, size, quality, outcome, SUM(relays) AS relays,
                               SUM(ordered) AS ordered, SUM(delivered) AS delivered, SUM(quoted) AS quoted,
                               SUM(charged) AS charged, SUM(refunded) AS refunded
                        FROM (%s WHERE held_at >= :from AND held_at < :to) AS used
                        GROUP BY account_id, key_prefix, model, size, quality, outcome
                        """.formatted(OF_RELAYS))
                .bind("from", day)
                .bind("to", after(day))
                .map((row, context) -> Row.of(row))
                .list();
    }

    private static Columns.Statement add(Instant day, long attempt, List<Row> rows) {
        return Columns.of(rows)
                .time("of_day", row -> day)
                .number("attempt", row -> attempt)
                .text("account_id", Row::account)
                .text("key_prefix", Row::keyPrefix)
                .text("model", Row::model)
                .text("size", Row::size)
                .text("quality", Row::quality)
                .text("outcome", Row::outcome)
                .number("relays", Row::relays)
                .number("ordered", Row::ordered)
                .number("delivered", Row::delivered)
                .number("quoted", Row::quoted)
                .number("charged", Row::charged)
                .number("refunded", Row::refunded)
                .in("""
                        INSERT INTO usage_day (of_day, attempt, account_id, key_prefix, model, size, quality, outcome,
                                               relays, ordered, delivered, quoted, charged, refunded)
                        SELECT of_day, attempt, account_id, key_prefix, model, size, quality, outcome,
                               relays, ordered, delivered, quoted, charged, refunded
                        FROM %s
                        """);
    }

    /** What was used on a day by relays that are alike. */
    private record Row(
            String account,
            String keyPrefix,
            String model,
            String size,
            String quality,
            String outcome,
            long relays,
            long ordered,
            long delivered,
            long quoted,
            long charged,
            long refunded) {

        static Row of(ResultSet row) throws SQLException {
            return new Row(
                    row.getString("account_id"), row.getString("key_prefix"), row.getString("model"),
                    row.getString("size"), row.getString("quality"), row.getString("outcome"), row.getLong("relays"),
                    row.getLong("ordered"), row.getLong("delivered"), row.getLong("quoted"), row.getLong("charged"),
                    row.getLong("refunded"));
        }
    }
}
