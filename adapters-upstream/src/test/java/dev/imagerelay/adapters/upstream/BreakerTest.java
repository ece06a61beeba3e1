package dev.imagerelay.adapters.upstream;

import static dev.imagerelay.adapters.upstream.Asking.ONE_PICTURE;
import static dev.imagerelay.adapters.upstream.Asking.TIME;
import static dev.imagerelay.adapters.upstream.MisbehavingUpstream.answering;
import static dev.imagerelay.adapters.upstream.MisbehavingUpstream.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.imagerelay.adapters.upstream.MisbehavingUpstream.Script;
import dev.imagerelay.adapters.upstream.UpstreamSettings.Breaker;
import dev.imagerelay.adapters.upstream.UpstreamSettings.KeyHeader;
import dev.imagerelay.domain.relay.UpstreamFailure;
import dev.imagerelay.domain.relay.UpstreamReply;
import dev.imagerelay.domain.report.UpstreamStatus.State;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An upstream is given a rest for what is its own fault, and for nothing that a customer can bring about. */
@Timeout(30)
class BreakerTest {

    private static final String ERROR = "{\"error\":{\"message\":\"no\",\"type\":\"x\",\"param\":null,\"code\":null}}";

    @TempDir
    Path spools;

    private OpenAiUpstreams upstreams(URI baseUrl) throws IOException {
        UpstreamSettings settings = new UpstreamSettings("main", baseUrl, Optional.empty(), KeyHeader.BEARER, 4,
                Duration.ofSeconds(10), Duration.ofMillis(200), Duration.ofSeconds(10), 10_000,
                new Breaker(2, Duration.ofSeconds(30)));
        return new OpenAiUpstreams(List.of(settings), spools, TIME);
    }

    private static Arguments answer(int status, String body, State then) {
        return arguments("status " + status + " " + body, json(status, body), then);
    }

    private static Stream<Arguments> answers() {
        return Stream.of(
                answer(500, ERROR, State.OPEN),
                answer(502, "", State.OPEN),
                answer(503, ERROR, State.OPEN),
                answer(503, "<html>", State.OPEN),
                answer(504, "", State.OPEN),
                answer(200, "<html>", State.OPEN),
                arguments("cut off", (Script) wire -> wire.reset(), State.OPEN),
                arguments("silent", (Script) wire -> wire.stall(), State.OPEN),
                answer(200, ONE_PICTURE, State.CLOSED),
                answer(200, "{\"data\":[]}", State.CLOSED),
                answer(302, "", State.CLOSED),
                answer(400, ERROR, State.CLOSED),
                answer(400, "<html>", State.CLOSED),
                answer(401, ERROR, State.CLOSED),
                answer(402, ERROR, State.CLOSED),
                answer(403, "<html>", State.CLOSED),
                answer(404, ERROR, State.CLOSED),
                answer(422, ERROR, State.CLOSED),
                answer(429, ERROR, State.CLOSED));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answers")
    void onlyTheUpstreamsOwnFailuresOpenIt(String name, Script script, State then) throws IOException {
        try (MisbehavingUpstream upstream = answering(script);
                OpenAiUpstreams upstreams = upstreams(upstream.baseUrl())) {
            Asking.ask(upstreams).discard();
            assertEquals(State.CLOSED, upstreams.upstreams().get(0).state());
            Asking.ask(upstreams).discard();

            assertEquals(then, upstreams.upstreams().get(0).state());
            assertEquals(0, upstreams.upstreams().get(0).inFlight());
            assertEquals(2, upstream.requests().size());
        }
    }

    @Test
    void nobodyListeningOpensIt() throws IOException {
        URI baseUrl;
        try (MisbehavingUpstream upstream = answering(json(200, ONE_PICTURE))) {
            baseUrl = upstream.baseUrl();
        }
        try (OpenAiUpstreams upstreams = upstreams(baseUrl)) {
            Asking.ask(upstreams);
            Asking.ask(upstreams);

            assertEquals(State.OPEN, upstreams.upstreams().get(0).state());
        }
    }

    @Test
    void anUpstreamThatIsGivenARestIsNotEvenConnectedTo() throws IOException {
        try (MisbehavingUpstream upstream = answering(wire -> wire.answer(500, "", ERROR.getBytes(UTF_8)));
                OpenAiUpstreams upstreams = upstreams(upstream.baseUrl())) {
            for (int i = 0; i < 10; i++) {
                UpstreamReply.Failed failed =
                        assertInstanceOf(UpstreamReply.Failed.class, Asking.ask(upstreams));
                assertEquals(
                        i < 2 ? UpstreamFailure.ERROR_ANSWERED : UpstreamFailure.UNAVAILABLE, failed.failure());
            }
            assertEquals(2, upstream.requests().size());
        }
    }
}
