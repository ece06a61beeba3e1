package dev.imagerelay.adapters.upstream;

import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.UpstreamFailure;
import dev.imagerelay.domain.relay.UpstreamReply;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.InstantSource;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.io.CloseMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One upstream: sends a request once, keeps the limits, and tells the log of every failure. */
final class OpenAiUpstream implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OpenAiUpstream.class);

    private final UpstreamSettings settings;
    private final HttpHost host;
    private final CloseableHttpClient client;
    private final Watchdog watchdog;
    private final Judge judge;

    OpenAiUpstream(UpstreamSettings settings, Watchdog watchdog, Path spoolDirectory, InstantSource time) {
        this.settings = settings;
        this.host = HttpHost.create(settings.baseUrl());
        this.client = PlainClient.of(settings, time);
        this.watchdog = watchdog;
        this.judge = new Judge(spoolDirectory, settings.maxAnswerBytes());
    }

    UpstreamReply relay(RelayId id, byte[] json) {
        OutgoingJson body = new OutgoingJson(json);
        HttpPost request = request(id, body);
        Watchdog.Watch total = watchdog.watch(settings.totalLimit(), request::cancel);
        try {
            ClassicHttpResponse response = send(request);
            UpstreamReply reply = judge.judge(response);
            if (reply instanceof UpstreamReply.Failed failed) {
                LOG.warn("{}: upstream {} failed: {}, status {}",
                        id, settings.name(), failed.failure().code(), response.getCode());
            }
            return reply;
        } catch (IOException e) {
            UpstreamFailure failure = failure(body, total, e);
            LOG.warn("{}: upstream {} failed: {}, {}", id, settings.name(), failure.code(), reason(failure, e));
            return UpstreamReply.Failed.of(failure);
        } finally {
            total.close();
            // A connection whose answer was read to its end is back in the pool by now. Any other is closed by this
            // without reading the rest, as closing the response would.
            request.cancel();
        }
    }

    private HttpPost request(RelayId id, OutgoingJson body) {
        HttpPost request = new HttpPost(settings.generations());
        request.setEntity(body);
        request.setHeader("Accept", "application/json");
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

    private static UpstreamFailure failure(OutgoingJson body, Watchdog.Watch total, IOException e) {
        if (e instanceof ConnectionRequestTimeoutException) {
            return UpstreamFailure.BUSY;
        }
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

    @Override
    public void close() {
        client.close(CloseMode.IMMEDIATE);
    }
}
