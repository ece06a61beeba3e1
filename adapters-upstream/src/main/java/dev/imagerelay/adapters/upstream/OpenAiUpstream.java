package dev.imagerelay.adapters.upstream;

import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.relay.Previews;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.UpstreamFailure;
import dev.imagerelay.domain.relay.UpstreamReply;
import dev.imagerelay.domain.report.UpstreamStatus;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.io.CloseMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One upstream: sends a request once, keeps the limits, and tells the log and the gate of every failure. */
final class OpenAiUpstream implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OpenAiUpstream.class);

    /** How long an upstream may take to end a stream in which everything ordered has come, or an error. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private final UpstreamSettings settings;
    private final HttpHost host;
    private final URI generations;
    private final CloseableHttpClient client;
    private final Watchdog watchdog;
    private final Judge judge;
    private final Gate gate;

    OpenAiUpstream(UpstreamSettings settings, Watchdog watchdog, Path spoolDirectory, InstantSource time) {
        this.settings = settings;
        this.host = HttpHost.create(settings.baseUrl());
        this.generations = settings.generations();
        this.client = PlainClient.of(settings, time);
        this.watchdog = watchdog;
        this.judge = new Judge(spoolDirectory, settings.maxAnswerBytes(), settings.apiKey());
        this.gate = new Gate(settings, time);
    }

    UpstreamReply relay(RelayId id, ImageOrder order, byte[] json, Previews previews) {
        try (Gate.Pass pass = gate.enter()) {
            return pass.refusal().orElseGet(() -> ask(id, order, json, previews, pass));
        }
    }

    private UpstreamReply ask(RelayId id, ImageOrder order, byte[] json, Previews previews, Gate.Pass pass) {
        OutgoingJson body = new OutgoingJson(json);
        HttpPost request = request(id, order, body);
        Watchdog.Watch total = watchdog.watch(settings.totalLimit(), request::cancel);
        EventAnswer events = new EventAnswer(order, previews, () -> total.restart(LAST_WORDS));
        try {
            ClassicHttpResponse response = send(request);
            UpstreamReply reply = judge.judge(response, order, events);
            int status = response.getCode();
            Optional<UpstreamFailure> failure = failure(reply).map(told -> events.ownTrouble().orElse(told));
            failure.ifPresent(told -> LOG.warn("{}: upstream {} failed: {}, status {}",
                    id, settings.name(), told.code(), status));
            tell(pass, reply, failure.filter(told -> isItsFault(told, status)));
            return reply;
        } catch (IOException e) {
            UpstreamFailure how = failure(body, total, e);
            UpstreamReply reply = events.brokenBy(how);
            Optional<UpstreamFailure> failure = failure(reply).map(told -> how);
            failure.ifPresent(told -> LOG.warn("{}: upstream {} failed: {}, {}",
                    id, settings.name(), told.code(), reason(told, e)));
            tell(pass, reply, failure);
            return reply;
        } catch (RuntimeException | Error e) {
            events.discard();
            throw e;
        } finally {
            total.close();
            // A connection whose answer was read to its end is back in the pool by now. Any other is closed by this
            // without reading the rest, as closing the response would.
            request.cancel();
        }
    }

    private HttpPost request(RelayId id, ImageOrder order, OutgoingJson body) {
        HttpPost request = new HttpPost(generations);
        request.setEntity(body);
        request.setHeader("Accept", order.isStreamed() ? "text/event-stream" : "application/json");
        request.setHeader("Accept-Encoding", "identity");
        request.setHeader("User-Agent", "image-relay");
        request.setHeader("X-Client-Request-Id", id.value());
        settings.apiKey().ifPresent(key -> {
            switch (settings.keyHeader()) {
                case BEARER -> request.setHeader("Authorization", "Bearer " + key);
                case API_KEY -> request.setHeader("api-key", key);
            }
        });
        return request;
    }

    private ClassicHttpResponse send(HttpPost request) throws IOException {
        try {
            return client.executeOpen(host, request, null);
        } catch (RuntimeException e) {
            // The client has them for answers such as status 000, and when it is cancelled between two steps.
            throw new IOException(e);
        }
    }

    private static Optional<UpstreamFailure> failure(UpstreamReply reply) {
        if (reply instanceof UpstreamReply.Images images) {
            return images.cutShort();
        }
        return reply instanceof UpstreamReply.Failed failed ? Optional.of(failed.failure()) : Optional.empty();
    }

    private static void tell(Gate.Pass pass, UpstreamReply reply, Optional<UpstreamFailure> itsFault) {
        if (itsFault.isPresent()) {
            pass.failed(itsFault.get());
        } else if (reply instanceof UpstreamReply.Images) {
            pass.worked();
        }
    }

    /**
     * Whether no order would have fared better. A customer may well be able to order what is answered with 4xx, or with
     * no picture in it; and how much money we have there says nothing of the upstream.
     */
    private static boolean isItsFault(UpstreamFailure failure, int status) {
        return switch (failure) {
            case UNREACHABLE, TIMED_OUT, CUT_OFF, UNUSABLE_ANSWER -> true;
            case BUSY, ERROR_ANSWERED -> status >= 500;
            case UNAVAILABLE, CREDENTIAL_REFUSED, QUOTA_EXHAUSTED, NO_IMAGES, TOO_LATE -> false;
        };
    }

    private static UpstreamFailure failure(OutgoingJson body, Watchdog.Watch total, IOException e) {
        if (!body.begun()) {
            return UpstreamFailure.UNREACHABLE;
        }
        return total.tooLong() || e instanceof SocketTimeoutException
                ? UpstreamFailure.TIMED_OUT
                : UpstreamFailure.CUT_OFF;
    }

    /** Once the request was sent, an exception's message may quote the answer; before, it tells what is wrong. */
    private static String reason(UpstreamFailure failure, IOException e) {
        return failure.didNoWork() ? e.toString() : e.getClass().getName();
    }

    UpstreamStatus status() {
        return gate.status();
    }

    @Override
    public void close() {
        client.close(CloseMode.IMMEDIATE);
    }
}
