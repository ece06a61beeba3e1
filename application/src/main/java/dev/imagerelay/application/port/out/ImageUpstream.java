package dev.imagerelay.application.port.out;

import dev.imagerelay.domain.catalogue.UpstreamRoute;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.RequestBody;
import dev.imagerelay.domain.relay.UpstreamReply;

/** Whoever makes the pictures. */
public interface ImageUpstream {

    /**
     * Sends one request along one route, once, and waits for the complete answer within limits of its own. It never
     * repeats anything, and it never throws for what an upstream or a network does: that is a
     * {@link UpstreamReply.Failed}.
     *
     * @param id    the relay, for the upstream's logs and ours
     * @param route where to
     * @param body  what to send
     */
    UpstreamReply relay(RelayId id, UpstreamRoute route, RequestBody body);
}
