package dev.imagerelay.application.port.in;

import dev.imagerelay.domain.account.Caller;
import dev.imagerelay.domain.account.LimitStatus;
import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.relay.Claim;
import dev.imagerelay.domain.relay.Previews;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.RelayOutcome;
import dev.imagerelay.domain.relay.RequestBody;
import java.util.List;
import java.util.Optional;

/** Make these pictures, and take the right number of credits for them. */
public interface GenerateImages {

    /**
     * Holds the most the order can cost, relays it, and settles what was delivered. When this returns, the money has
     * been dealt with durably, whatever the outcome. It takes as long as the upstream takes; do not interrupt it: on a
     * virtual thread an interrupt breaks the upstream's connection, which ends as {@code CUT_OFF} and charges nothing
     * for pictures that may have been made.
     *
     * @param previews is shown, before this returns, the beginning of the answer to a streamed order, and nothing of
     *                 any other; the outcome's body is what follows
     * @return how it ended; a delivered body must be closed
     */
    RelayOutcome generate(Command command, Previews previews);

    /** The same for an order that is not streamed, or whose previews nobody wants to see. */
    default RelayOutcome generate(Command command) {
        return generate(command, Previews.UNSEEN);
    }

    /** Where a caller's limits stand now, those of the key before those of its account; empty if there are none. */
    default List<LimitStatus> limits(Caller caller) {
        return List.of();
    }

    /**
     * One order.
     *
     * @param id     names the relay; never used before
     * @param caller who pays
     * @param order  what is ordered, as it is priced
     * @param body   the same order, as it is sent
     * @param atMost the most it may cost; empty: whatever is quoted
     * @param claim  by what the order is recognised if it is given again; empty: it is a new one each time
     */
    record Command(
            RelayId id,
            Caller caller,
            ImageOrder order,
            RequestBody body,
            Optional<Credits> atMost,
            Optional<Claim> claim) {

        /** An order at any price, new each time. */
        public Command(RelayId id, Caller caller, ImageOrder order, RequestBody body) {
            this(id, caller, order, body, Optional.empty(), Optional.empty());
        }
    }
}
