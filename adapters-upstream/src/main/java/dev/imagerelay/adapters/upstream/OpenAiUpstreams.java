package dev.imagerelay.adapters.upstream;

import dev.imagerelay.application.port.out.ImageUpstream;
import dev.imagerelay.application.port.out.UpstreamHealth;
import dev.imagerelay.domain.catalogue.UpstreamRoute;
import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.relay.Previews;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.RequestBody;
import dev.imagerelay.domain.relay.UpstreamReply;
import dev.imagerelay.domain.report.UpstreamStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All upstreams, by name. A request is sent once, with headers made from the settings alone; the answer is completed
 * before it is judged, in memory while it is small and in a file when it is large, so that the heap a request needs
 * does not grow with its pictures. Of a streamed answer the same is true of every event. An upstream that has as much
 * to do as it may have, or fails again and again, is not asked. Safe for use by several threads.
 */
public final class OpenAiUpstreams implements ImageUpstream, UpstreamHealth, AutoCloseable {

    private final Map<String, OpenAiUpstream> upstreams = new LinkedHashMap<>();
    private final Watchdog watchdog;
    private final SpoolDirectory spools;

    /**
     * Gets ready to ask; connects to nobody yet.
     *
     * @param settings       one for each upstream, with distinct names
     * @param spoolDirectory where large answers are kept while they are in use; made if it is missing. What a dead
     *                       process left there is deleted
     * @param time           tells how long a connection has not been used, and how long an upstream is not to be asked
     * @throws IOException if the directory cannot be used, or another process uses it
     */
    public OpenAiUpstreams(Collection<UpstreamSettings> settings, Path spoolDirectory, InstantSource time)
            throws IOException {
        Set<String> names = new HashSet<>();
        for (UpstreamSettings each : settings) {
            if (!names.add(each.name())) {
                throw new IllegalArgumentException("two upstreams have the name '" + each.name() + "'");
            }
        }
        spools = SpoolDirectory.take(spoolDirectory);
        watchdog = new Watchdog();
        settings.forEach(each ->
                upstreams.put(each.name(), new OpenAiUpstream(each, watchdog, spoolDirectory, time)));
    }

    /** The names that a route may use. */
    public Set<String> names() {
        return Set.copyOf(upstreams.keySet());
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException     if the route names no upstream of ours
     * @throws java.io.UncheckedIOException if the answer cannot be kept, as on a full disk
     */
    @Override
    public UpstreamReply relay(
            RelayId id, UpstreamRoute route, ImageOrder order, RequestBody body, Previews previews) {
        OpenAiUpstream upstream = upstreams.get(route.upstream());
        if (upstream == null) {
            throw new IllegalArgumentException("there is no upstream '" + route.upstream() + "'");
        }
        return upstream.relay(id, order, route.model().map(body::forModel).orElseGet(body::unchanged), previews);
    }

    @Override
    public List<UpstreamStatus> upstreams() {
        return upstreams.values().stream().map(OpenAiUpstream::status).toList();
    }

    /** Closes every connection, those in use too. A second call does nothing. */
    @Override
    public void close() {
        upstreams.values().forEach(OpenAiUpstream::close);
        watchdog.close();
        spools.close();
    }
}
