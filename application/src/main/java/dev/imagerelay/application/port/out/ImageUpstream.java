package dev.imagerelay.application.port.out;

import dev.imagerelay.domain.catalogue.UpstreamRoute;
import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.relay.Previews;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.RequestBody;
import dev.imagerelay.domain.relay.UpstreamReply;

/** Whoever makes the pictures. */
public interface ImageUpstream {

    /**
     * Sends one request along one route, once, and waits for the complete answer within limits of its own; or refuses
     * at once to ask at all (busy, unavailable). It never repeats anything, and it never throws for what an upstream or
     * a network does: that is a {@link UpstreamReply.Failed}. Of a streamed answer everything before the first whole
     * picture, or the first error, is shown as it comes; the rest is the reply. A failure that did no work has shown
     * nothing.
     *
     * @param id       the relay, for the upstream's logs and ours
     * @param route    where to
     * @param order    what is ordered: how many pictures, and whether they are streamed
     * @param body     what to send, the same order
     * @param previews is shown the beginning of a streamed answer
     */
    UpstreamReply relay(RelayId id, UpstreamRoute route, ImageOrder order, RequestBody body, Previews previews);
}
