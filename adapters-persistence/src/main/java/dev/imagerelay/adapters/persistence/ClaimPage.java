package dev.imagerelay.adapters.persistence;

import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.ledger.Intent;
import dev.imagerelay.domain.relay.Claim;
import dev.imagerelay.domain.relay.Claimed;
import dev.imagerelay.domain.relay.Relay;
import dev.imagerelay.domain.relay.RelayId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** The claims that one transaction works on. */
final class ClaimPage {

    private final Map<Key, Row> claims = new LinkedHashMap<>();
    private final Set<Key> changed = new LinkedHashSet<>();

    private record Key(AccountId account, String name) {}

    private record Row(RelayId relay, String fingerprint, Instant since) {}

    private ClaimPage() {}

    static ClaimPage load(Handle handle, List<Intent> intents) {
        ClaimPage page = new ClaimPage();
        List<Intent> claiming = intents.stream().filter(intent -> intent.claim().isPresent()).toList();
        if (!claiming.isEmpty()) {
            Columns.of(claiming)
                    .text("account_id", intent -> intent.account().value())
                    .text("name", intent -> intent.claim().orElseThrow().name())
                    .query(handle, """
                            SELECT c.* FROM %s JOIN claim c ON c.account_id = v.account_id AND c.name = v.name
                            """)
                    .map((row, context) -> Map.entry(
                            new Key(new AccountId(row.getString("account_id")), row.getString("name")),
                            new Row(
                                    new RelayId(row.getString("relay_id")),
                                    row.getString("fingerprint"),
                                    Rows.instant(row, "since"))))
                    .forEach(claim -> page.claims.put(claim.getKey(), claim.getValue()));
        }
        return page;
    }

    /** The relays that have made these claims. */
    List<String> relays() {
        return claims.values().stream().map(claim -> claim.relay().value()).toList();
    }

    /** Who has made an intent's claim; empty if nobody has, or it makes none. */
    Optional<Claimed> find(Intent intent, Map<RelayId, Relay> relays) {
        return intent.claim()
                .map(claim -> claims.get(new Key(intent.account(), claim.name())))
                .map(claim -> new Claimed(relays.get(claim.relay()), claim.fingerprint(), claim.since()));
    }

    /** Gives an intent's claim, if it makes one, to its new relay. */
    void note(Intent intent, RelayId relay, Instant now) {
        intent.claim().ifPresent(claim -> {
            Key key = new Key(intent.account(), claim.name());
            claims.put(key, new Row(relay, claim.fingerprint(), now));
            changed.add(key);
        });
    }

    /** Makes the new claims part of the transaction. */
    Columns.Statement change() {
        return Columns.of(changed)
                .text("account_id", key -> key.account().value())
                .text("name", Key::name)
                .text("fingerprint", key -> claims.get(key).fingerprint())
                .text("relay_id", key -> claims.get(key).relay().value())
                .time("since", key -> claims.get(key).since())
                .in("""
                        MERGE INTO claim c USING (SELECT * FROM %s) AS v
                            ON c.account_id = v.account_id AND c.name = v.name
                        WHEN MATCHED THEN UPDATE SET
                            fingerprint = v.fingerprint, relay_id = v.relay_id, since = v.since
                        WHEN NOT MATCHED THEN INSERT (account_id, name, fingerprint, relay_id, since)
                            VALUES (v.account_id, v.name, v.fingerprint, v.relay_id, v.since)
                        """);
    }
}
