package dev.imagerelay.adapters.persistence;

import dev.imagerelay.application.port.out.Books;
import dev.imagerelay.domain.image.ModelId;
import dev.imagerelay.domain.pricing.RateCard;
import dev.imagerelay.domain.relay.Relay;
import dev.imagerelay.domain.relay.UpstreamFailure;
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
            SELECT 'grant ' || g.id || ' is of ' || g.granted || ', but its entries bring in ' || COALESCE(e.granted, 0)
            FROM credit_grant g
            LEFT JOIN (SELECT grant_id, SUM(amount) AS granted FROM ledger_entry
                       WHERE kind IN ('GRANTED', 'ADJUSTED_UP') GROUP BY grant_id) e ON e.grant_id = g.id
            WHERE g.granted <> COALESCE(e.granted, 0)
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

    /** Whoever asks may have opened the database just now to do so, and counts as nobody. */
    @Override
    public List<String> overdue() {
        return reader.readPatiently(handle -> {
            Instant now = engine.now(handle);
            return handle.createQuery(OVERDUE)
                    .bind("now", now)
                    .bind("overdue", now.minus(SWEPT_WITHIN))
                    .bind("here", lease.gateway())
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
