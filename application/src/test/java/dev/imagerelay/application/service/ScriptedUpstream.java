package dev.imagerelay.application.service;

import dev.imagerelay.application.port.out.ImageUpstream;
import dev.imagerelay.domain.catalogue.UpstreamRoute;
import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.relay.Previews;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.RequestBody;
import dev.imagerelay.domain.relay.UpstreamReply;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.function.Supplier;

/** An upstream that answers as it is told, one reply after the other, and remembers what it was asked. */
final class ScriptedUpstream implements ImageUpstream {

    record Asked(RelayId id, UpstreamRoute route, ImageOrder order, RequestBody body) {}

    private final Queue<Function<Previews, UpstreamReply>> script = new ConcurrentLinkedQueue<>();
    private final Queue<Asked> asked = new ConcurrentLinkedQueue<>();

    ScriptedUpstream then(UpstreamReply reply) {
        return then(() -> reply);
    }

    ScriptedUpstream then(Supplier<UpstreamReply> reply) {
        return thenShowing(previews -> reply.get());
    }

    ScriptedUpstream thenShowing(Function<Previews, UpstreamReply> reply) {
        script.add(reply);
        return this;
    }

    List<Asked> asked() {
        return List.copyOf(asked);
    }

    List<UpstreamRoute> routes() {
        return asked.stream().map(Asked::route).toList();
    }

    @Override
    public UpstreamReply relay(
            RelayId id, UpstreamRoute route, ImageOrder order, RequestBody body, Previews previews) {
        asked.add(new Asked(id, route, order, body));
        return script.remove().apply(previews);
    }
}
