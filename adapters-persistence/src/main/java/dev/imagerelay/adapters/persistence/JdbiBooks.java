package dev.imagerelay.adapters.persistence;

import dev.imagerelay.application.port.out.Books;
import dev.imagerelay.domain.image.ModelId;
import dev.imagerelay.domain.relay.UpstreamFailure;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Adds the entries up and compares: with what is left of the grants, and with what the relays say.
 * Each check is a query that finds offenders and says in a line what is wrong with each.
 */
final class JdbiBooks implements Books {

    /** What entries add to a grant's available and held credits. */
    private static final String EFFECT = """
            SUM(CASE kind WHEN 'GRANTED' THEN amount WHEN 'ADJUSTED_UP' THEN amount WHEN 'RELEASED' THEN amount
                          WHEN 'REFUNDED' THEN amount WHEN 'HELD' THEN -amount WHEN 'EXPIRED' THEN -amount
                          WHEN 'ADJUSTED_DOWN' THEN -amount ELSE 0 END) AS available,
            SUM(CASE kind WHEN 'HELD' THEN amount WHEN 'SETTLED' THEN -amount WHEN 'RELEASED' THEN -amount
                          ELSE 0 END) AS held
            """;

    private static final List<String> CHECKS = List.of(
            """
            SELECT 'grant ' || g.id || ' shows ' || g.available || ' available and ' || g.held
                   || ' held, but its entries add up to ' || COALESCE(e.available, 0) || ' and ' || COALESCE(e.held, 0)
            FROM credit_grant g
            LEFT JOIN (SELECT grant_id, %s FROM ledger_entry GROUP BY grant_id) e ON e.grant_id = g.id
            WHERE g.available <> COALESCE(e.available, 0) OR g.held <> COALESCE(e.held, 0)
            """.formatted(EFFECT),
            """
            SELECT 'account ' || a.id || ' holds ' || COALESCE(g.held, 0) || ', but its relays in flight were quoted '
                   || COALESCE(r.quoted, 0)
            FROM account a
            LEFT JOIN (SELECT account_id, SUM(held) AS held FROM credit_grant GROUP BY account_id) g
              ON g.account_id = a.id
            LEFT JOIN (SELECT account_id, SUM(quoted) AS quoted FROM relay WHERE state = 'HELD' GROUP BY account_id) r
              ON r.account_id = a.id
            WHERE COALESCE(g.held, 0) <> COALESCE(r.quoted, 0)
            """,
            """
            SELECT 'relay ' || r.id || ' (' || r.state || ') was quoted ' || r.quoted || ', charged ' || r.charged
                   || ' and refunded ' || r.refunded || ', but its entries hold ' || COALESCE(e.held, 0) || ', settle '
                   || COALESCE(e.settled, 0) || ', release ' || COALESCE(e.released, 0) || ' and refund '
                   || COALESCE(e.refunded, 0)
            FROM relay r
            LEFT JOIN (SELECT relay_id,
                              SUM(CASE kind WHEN 'HELD' THEN amount ELSE 0 END) AS held,
                              SUM(CASE kind WHEN 'SETTLED' THEN amount ELSE 0 END) AS settled,
                              SUM(CASE kind WHEN 'RELEASED' THEN amount ELSE 0 END) AS released,
                              SUM(CASE kind WHEN 'REFUNDED' THEN amount ELSE 0 END) AS refunded
                       FROM ledger_entry WHERE relay_id IS NOT NULL GROUP BY relay_id) e ON e.relay_id = r.id
            WHERE r.quoted <> COALESCE(e.held, 0)
               OR r.charged <> COALESCE(e.settled, 0)
               OR r.refunded <> COALESCE(e.refunded, 0)
               OR COALESCE(e.released, 0) <> CASE r.state WHEN 'HELD' THEN 0 ELSE r.quoted - r.charged END
            """,
            """
            SELECT 'entry ' || e.number || ' is of account ' || e.account_id || ', grant ' || e.grant_id
                   || COALESCE(' and relay ' || e.relay_id, '') || ', which do not all exist and belong together'
            FROM ledger_entry e
            LEFT JOIN account a ON a.id = e.account_id
            LEFT JOIN credit_grant g ON g.id = e.grant_id AND g.account_id = e.account_id
            LEFT JOIN relay r ON r.id = e.relay_id AND r.account_id = e.account_id
            WHERE a.id IS NULL OR g.id IS NULL OR (e.relay_id IS NOT NULL AND r.id IS NULL)
            """,
            """
            SELECT 'relay ' || r.id || ' was priced by rate card ' || r.version || ', which is not kept'
            FROM relay r LEFT JOIN rate_card c ON c.version = r.version
            WHERE c.version IS NULL
            """);

    private final Reader reader;

    JdbiBooks(Reader reader) {
        this.reader = reader;
    }

    @Override
    public List<String> offenders() {
        return reader.readPatiently(handle -> {
            List<String> offenders = new ArrayList<>();
            for (String check : CHECKS) {
                offenders.addAll(handle.createQuery(check).mapTo(String.class).list());
            }
            return offenders;
        });
    }

    @Override
    public List<Loss> losses(Instant since) {
        List<String> reasons = Stream.concat(
                        Stream.of("gateway_died", "internal_error"),
                        Stream.of(UpstreamFailure.values())
                                .filter(UpstreamFailure::mayHaveWorked)
                                .map(UpstreamFailure::code))
                .toList();
        return reader.readPatiently(handle -> handle.createQuery("""
                        SELECT model, reason, COUNT(*) AS relays, SUM(images) AS images, SUM(quoted) AS quoted
                        FROM relay WHERE state = 'RELEASED' AND ended_at >= :since AND reason = ANY(:reasons)
                        GROUP BY model, reason ORDER BY relays DESC, model, reason
                        """)
                .bind("since", since.atOffset(ZoneOffset.UTC))
                .bindArray("reasons", String.class, reasons)
                .map((row, context) -> new Loss(
                        new ModelId(row.getString("model")), row.getString("reason"), row.getLong("relays"),
                        row.getLong("images"), Rows.credits(row, "quoted")))
                .list());
    }
}
