package dev.imagerelay.application.port.out;

import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.ReplyBody;
import java.util.Optional;

/**
 * What relays have delivered, kept for a while so that it can be had again without being bought again. A convenience,
 * not a promise: it forgets what is too old, and the oldest first when it has too much.
 */
public interface Results {

    /** Keeps nothing. */
    Results NONE = new Results() {
        @Override
        public void keep(RelayId relay, ReplyBody body) {}

        @Override
        public Optional<ReplyBody> find(RelayId relay) {
            return Optional.empty();
        }

        @Override
        public void forgetOld() {}
    };

    /**
     * Keeps a copy of a body, which stays open and the caller's to close. What cannot be kept is not found later; that is
     * no reason to fail a relay, so it does not throw.
     */
    void keep(RelayId relay, ReplyBody body);

    /**
     * What was kept; empty if that was nothing, or has been forgotten. The receiver closes it.
     *
     * @throws StoreUnavailable if it cannot be looked for
     */
    Optional<ReplyBody> find(RelayId relay);

    /**
     * Forgets what is too old.
     *
     * @throws StoreUnavailable if that cannot be done now
     */
    void forgetOld();
}
