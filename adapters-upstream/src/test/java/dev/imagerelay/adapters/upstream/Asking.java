package dev.imagerelay.adapters.upstream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.imagerelay.adapters.upstream.UpstreamSettings.Breaker;
import dev.imagerelay.adapters.upstream.UpstreamSettings.KeyHeader;
import dev.imagerelay.application.SettableTime;
import dev.imagerelay.domain.catalogue.UpstreamRoute;
import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.relay.Previews;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.ReplyBody;
import dev.imagerelay.domain.relay.RequestBody;
import dev.imagerelay.domain.relay.UpstreamReply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the tests of this package ask, of whom, and within which limits. */
final class Asking {

    static final RelayId ID = new RelayId("req_0123456789abcdef0123456789abcdef");

    /** Stands still, so that a connection counts as used just now. */
    static final SettableTime TIME = new SettableTime();
    static final String KEY = "sk-upstream-secret";
    static final String JSON =
            "{ \"prompt\": \"a f\u00f6x \\u00e9\",\"x\":[1.50,null],\"model\":\"public\" , \"n\":1}\n";

    /** What {@link #JSON} orders. */
    static final ImageOrder ORDER = ImageOrder.of("public", "a f\u00f6x \u00e9");

    static final String ONE_PICTURE = "{\"created\":1,\"data\":[{\"b64_json\":\"iVBORw0KGgo=\"}]}";

    /** Long enough never to end a test that is as it should be. */
    private static final Duration LONG = Duration.ofSeconds(30);

    private static final long MAX_ANSWER = 100_000;

    private Asking() {}

    static RequestBody body() {
        byte[] json = JSON.getBytes(UTF_8);
        int start = new String(json, ISO_8859_1).indexOf("\"public\"");
        return new RequestBody(json, start, start + "\"public\"".length());
    }

    static UpstreamRoute route() {
        return new UpstreamRoute("main", Optional.empty());
    }

    static UpstreamSettings settings(URI baseUrl) {
        return settings(baseUrl, LONG, LONG);
    }

    static UpstreamSettings settings(URI baseUrl, Duration idle, Duration total) {
        return new UpstreamSettings("main", baseUrl, Optional.of(KEY), KeyHeader.BEARER, 4, Duration.ofSeconds(10),
                idle, total, MAX_ANSWER, Breaker.NEVER);
    }

    /** Asks once. */
    static UpstreamReply ask(UpstreamSettings settings, Path spools) throws IOException {
        try (OpenAiUpstreams upstreams = new OpenAiUpstreams(List.of(settings), spools, TIME)) {
            return ask(upstreams);
        }
    }

    /** Asks once, for pictures all at once. */
    static UpstreamReply ask(OpenAiUpstreams upstreams) {
        return ask(upstreams, route());
    }

    static UpstreamReply ask(OpenAiUpstreams upstreams, UpstreamRoute route) {
        return upstreams.relay(ID, route, ORDER, body(), Previews.UNSEEN);
    }

    /** Asks once for something of another kind, such as a stream. */
    static UpstreamReply ask(UpstreamSettings settings, Path spools, ImageOrder order, Previews previews)
            throws IOException {
        try (OpenAiUpstreams upstreams = new OpenAiUpstreams(List.of(settings), spools, TIME)) {
            return ask(upstreams, order, previews);
        }
    }

    static UpstreamReply ask(OpenAiUpstreams upstreams, ImageOrder order, Previews previews) {
        return upstreams.relay(ID, route(), order, RequestBody.of(order), previews);
    }

    static String text(ReplyBody body) throws IOException {
        return new String(bytes(body), UTF_8);
    }

    static byte[] bytes(ReplyBody body) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        body.writeTo(out);
        return out.toByteArray();
    }

    static long filesIn(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> !file.endsWith("lock")).count();
        }
    }
}
