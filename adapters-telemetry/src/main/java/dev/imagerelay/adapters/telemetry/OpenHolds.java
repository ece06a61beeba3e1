package dev.imagerelay.adapters.telemetry;

import dev.imagerelay.domain.ledger.Posting;
import dev.imagerelay.domain.relay.Relay;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.RelayState;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** What this gateway has posted a hold for, and nothing else since. */
final class OpenHolds {

    private final Map<RelayId, Hold> holds = new ConcurrentHashMap<>();
    private final LongSupplier nanos;

    private record Hold(long since, long micros) {}

    OpenHolds(LongSupplier nanos) {
        this.nanos = nanos;
    }

    void see(Posting posting) {
        if (posting instanceof Posting.Posted posted) {
            posted.relay().ifPresent(this::see);
        } else if (posting instanceof Posting.AlreadyEnded ended) {
            see(ended.relay());
        }
    }

    private void see(Relay relay) {
        if (relay.state() == RelayState.HELD) {
            holds.put(relay.id(), new Hold(nanos.getAsLong(), relay.quoted().micros()));
        } else {
            holds.remove(relay.id());
        }
    }

    int count() {
        return holds.size();
    }

    double credits() {
        return holds.values().stream().mapToLong(Hold::micros).sum() / 1e6;
    }

    /** How old the oldest is; 0 if there is none. */
    double oldestSeconds() {
        long now = nanos.getAsLong();
        return holds.values().stream().mapToLong(hold -> now - hold.since()).max().orElse(0) / 1e9;
    }
}
