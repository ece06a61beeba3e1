package dev.imagerelay.adapters.persistence;

import dev.imagerelay.application.port.out.Books;
import dev.imagerelay.domain.image.ModelId;
import dev.imagerelay.domain.pricing.RateCard;
import dev.imagerelay.domain.relay.Relay;
import dev.imagerelay.domain.relay.UpstreamFailure;
import dev.imagerelay.domain.report.Loss;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/**
 * Adds the entries up and compares: with what is left of the grants, and with what the relays say.
 * Each check is a query that finds offenders and says in a line what is wrong with each.
 */
final class JdbiBooks implements Books {

    /**
     * What shows and what it should come from stand under each other and are added up in one pass: H2 would join the
     * sums of the entries by adding them up anew for every grant.
     */
    private static final List<String> CHECKS = List.of(
            """
            SELECT 'grant ' || id || ' shows ' || SUM(available) || ' available and ' || SUM(held)
                   || ' held, but its entries add up to ' || SUM(entered_available) || ' and ' || SUM(entered_held)
            FROM (SELECT id, available, held, 0 AS entered_available, 0 AS entered_held FROM credit_grant
                  UNION ALL
                  SELECT grant_id, 0, 0,
                         CASE kind WHEN 'GRANTED' THEN amount WHEN 'ADJUSTED_UP' THEN amount
                                   WHEN 'RELEASED' THEN amount WHEN 'REFUNDED' THEN amount WHEN 'HELD' THEN -amount
                                   WHEN 'EXPIRED' THEN -amount WHEN 'ADJUSTED_DOWN' THEN -amount ELSE 0 END,
                         CASE kind WHEN 'HELD' THEN amount WHEN 'SETTLED' THEN -amount WHEN 'RELEASED' THEN -amount
                                   ELSE 0 END
                  FROM ledger_entry) AS lines
            GROUP BY id
            HAVING SUM(available) <> SUM(entered_available) OR SUM(held) <> SUM(entered_held)
            """,
            """
            SELECT 'grant ' || id || ' is of ' || SUM(granted) || ', but its entries bring in ' || SUM(entered)
            FROM (SELECT id, granted, 0 AS entered FROM credit_grant
                  UNION ALL
                  SELECT grant_id, 0, amount FROM ledger_entry WHERE kind IN ('GRANTED', 'ADJUSTED_UP')) AS lines
            GROUP BY id
            HAVING SUM(granted) <> SUM(entered)
            """,
            """
            SELECT 'account ' || account_id || ' holds ' || SUM(held) || ', but its relays in flight were quoted '
                   || SUM(quoted)
            FROM (SELECT account_id, held, 0 AS quoted FROM credit_grant
                  UNION ALL
                  SELECT account_id, 0, quoted FROM relay WHERE state = 'HELD') AS lines
            GROUP BY account_id
            HAVING SUM(held) <> SUM(quoted)
            """,
            """
            SELECT 'relay ' || id || ' (' || COALESCE(MAX(state), 'missing') || ') was quoted ' || SUM(quoted)
                   || ', charged ' || SUM(charged) || ' and refunded ' || SUM(refunded) || ', but its entries hold '
                   || SUM(entered_held) || ', settle ' || SUM(entered_settled) || ', release ' || SUM(entered_released)
                   || ' and refund ' || SUM(entered_refunded)
            FROM (SELECT id, state, quoted, charged, refunded,
                         CASE state WHEN 'HELD' THEN 0 ELSE quoted - charged END AS returned, 0 AS entered_held,
                         0 AS entered_settled, 0 AS entered_released, 0 AS entered_refunded FROM relay
                  UNION ALL
                  SELECT relay_id, NULL, 0, 0, 0, 0,
                         CASE kind WHEN 'HELD' THEN amount ELSE 0 END,
                         CASE kind WHEN 'SETTLED' THEN amount ELSE 0 END,
                         CASE kind WHEN 'RELEASED' THEN amount ELSE 0 END,
                         CASE kind WHEN 'REFUNDED' THEN amount ELSE 0 END
                  FROM ledger_entry WHERE relay_id IS NOT NULL) AS lines
            GROUP BY id
            HAVING SUM(quoted) <> SUM(entered_held) OR SUM(charged) <> SUM(entered_settled)
                OR SUM(refunded) <> SUM(entered_refunded) OR SUM(returned) <> SUM(entered_released)
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
            SELECT 'order ' || c.name || ' of account ' || c.account_id || ' is claimed by relay ' || c.relay_id
                   || ', which the account does not have'
            FROM claim c LEFT JOIN relay r ON r.id = c.relay_id AND r.account_id = c.account_id
            WHERE r.id IS NULL
            """);

    /** One relay of all that were ordered and paid alike. */
    private static final String KINDS_OF_RELAYS = """
            SELECT MIN(id) AS id, MIN(account_id) AS account_id, MIN(key_prefix) AS key_prefix, model, size, quality,
                   images, quoted, version, state, delivered, charged, 0 AS refunded, MIN(reason) AS reason
            FROM relay GROUP BY model, size, quality, images, quoted, version, state, delivered, charged
            """;

    /** How long after the end of a lease its holds may still be there: two sweeps, and some more on a busy machine. */
    private static final Duration SWEPT_WITHIN = Duration.ofSeconds(30);

    private static final long NOBODY = -1;

    private static final String OVERDUE = """
            SELECT 'relay ' || r.id || ' is held by gateway ' || dead.id || ', whose lease ended at ' || dead.lease_until
            FROM relay r JOIN gateway dead ON dead.id = r.owner
            WHERE r.state = 'HELD' AND dead.lease_until <= :overdue
              AND EXISTS (SELECT 1 FROM gateway alive WHERE alive.lease_until > :now AND alive.id <> :here)
            """;

    private final Reader reader;
    private final Engine engine;
    private final Lease lease;

    JdbiBooks(Reader reader, Engine engine, Lease lease) {
        this.reader = reader;
        this.engine = engine;
        this.lease = lease;
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
    public List<String> mispriced() {
        return reader.readPatiently(JdbiBooks::mispriced);
    }

    private static List<String> mispriced(Handle handle) {
        Map<String, RateCard> cards = handle.createQuery("SELECT version, prices FROM rate_card")
                .map((row, context) -> Map.entry(row.getString("version"), RateCard.read(row.getString("prices"))))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        Stream<String> cardsChanged = cards.entrySet().stream()
                .filter(card -> !card.getValue().version().value().equals(card.getKey()))
                .map(card -> "rate card " + card.getKey() + " has other prices than when it was kept");
        Stream<String> relays = handle.createQuery(KINDS_OF_RELAYS)
                .map((row, context) -> Rows.relay(row))
                .list()
                .stream()
                .flatMap(relay -> mispriced(relay, Optional.ofNullable(cards.get(relay.version().value()))));
        return Stream.concat(cardsChanged, relays).toList();
    }

    private static Stream<String> mispriced(Relay relay, Optional<RateCard> card) {
        if (card.isEmpty()) {
            return Stream.of("relay " + relay.id() + " was priced by rate card " + relay.version()
                    + ", which is not kept");
        }
        return relay.isPricedBy(card.get())
                ? Stream.of()
                : Stream.of("relay " + relay.id() + " (" + relay.state() + ") was quoted " + relay.quoted()
                        + " credits and charged " + relay.charged() + " for " + relay.delivered()
                        + " images, which rate card " + relay.version() + " does not lead to");
    }

    /** Whoever has opened the database just to ask does not sweep, and counts as nobody. */
    @Override
    public List<String> overdue() {
        return reader.readPatiently(handle -> {
            Instant now = engine.now(handle);
            return handle.createQuery(OVERDUE)
                    .bind("now", now)
                    .bind("overdue", now.minus(SWEPT_WITHIN))
                    .bind("here", lease.isKept() ? NOBODY : lease.gateway())
                    .mapTo(String.class)
                    .list();
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
