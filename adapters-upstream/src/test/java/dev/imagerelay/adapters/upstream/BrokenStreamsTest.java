package dev.imagerelay.adapters.upstream;

import static dev.imagerelay.adapters.upstream.Asking.ORDER;
import static dev.imagerelay.adapters.upstream.Asking.TIME;
import static dev.imagerelay.adapters.upstream.Asking.ask;
import static dev.imagerelay.adapters.upstream.Asking.filesIn;
import static dev.imagerelay.adapters.upstream.Asking.settings;
import static dev.imagerelay.adapters.upstream.Asking.text;
import static dev.imagerelay.adapters.upstream.MisbehavingUpstream.answering;
import static dev.imagerelay.adapters.upstream.MisbehavingUpstream.gzipped;
import static dev.imagerelay.adapters.upstream.SentEvents.CHUNKED;
import static dev.imagerelay.adapters.upstream.SentEvents.DONE;
import static dev.imagerelay.adapters.upstream.SentEvents.TYPE;
import static dev.imagerelay.adapters.upstream.SentEvents.completed;
import static dev.imagerelay.adapters.upstream.SentEvents.partial;
import static dev.imagerelay.adapters.upstream.SentEvents.stream;
import static dev.imagerelay.domain.relay.UpstreamFailure.CUT_OFF;
import static dev.imagerelay.domain.relay.UpstreamFailure.NO_IMAGES;
import static dev.imagerelay.domain.relay.UpstreamFailure.TIMED_OUT;
import static dev.imagerelay.domain.relay.UpstreamFailure.UNUSABLE_ANSWER;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.imagerelay.adapters.upstream.MisbehavingUpstream.Script;
import dev.imagerelay.adapters.upstream.MisbehavingUpstream.Wire;
import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.relay.UpstreamFailure;
import dev.imagerelay.domain.relay.UpstreamReply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** However a stream breaks, what had been shown was shown, whole pictures are kept, and the failure has its name. */
@Timeout(60)
class BrokenStreamsTest {

    private static final Duration SHORT = Duration.ofMillis(500);
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final ImageOrder TWO = ORDER.streamed(1).times(2);

    /** Where Linux lists the open files of a process. */
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    @TempDir
    Path spools;

    private final Shown shown = new Shown();

    /** How a stream breaks, behind whatever was sent before. */
    private record Break(
            String how, UpstreamFailure failure, String headers, Duration idle, Duration total, Script end) {

        Break(String how, UpstreamFailure failure, String headers, Script end) {
            this(how, failure, headers, LONG, LONG, end);
        }

        Script after(String events) {
            return wire -> {
                wire.begin(headers);
                if (headers.equals(CHUNKED) && !events.isEmpty()) {
                    wire.chunk(events.getBytes(UTF_8));
                } else {
                    wire.send(events);
                }
                end.play(wire);
            };
        }

        @Override
        public String toString() {
            return how;
        }
    }

    private static Stream<Break> breaks() {
        return Stream.of(
                new Break("reset", CUT_OFF, TYPE, Wire::reset),
                new Break("reset in an event", CUT_OFF, TYPE, wire -> {
                    wire.send(completed().stripTrailing());
                    wire.reset();
                }),
                new Break("less than its Content-Length", CUT_OFF, TYPE + "Content-Length: 90000\r\n", Wire::hangUp),
                new Break("no last chunk", CUT_OFF, CHUNKED, Wire::hangUp),
                new Break("half a chunk", CUT_OFF, CHUNKED, wire -> {
                    wire.send("1000\r\n" + completed().stripTrailing());
                    wire.hangUp();
                }),
                new Break("chunks that are none", CUT_OFF, CHUNKED, wire -> wire.send("zz\r\n" + completed())),
                new Break("silence", TIMED_OUT, TYPE, SHORT, LONG, Wire::stall),
                new Break("silence in an event", TIMED_OUT, TYPE, SHORT, LONG, wire -> {
                    wire.send("data: {\"b64_json\":\"QUJD");
                    wire.stall();
                }),
                new Break("comments for ever", TIMED_OUT, TYPE, LONG, SHORT, wire -> repeat(wire, ":\n\n", 20)),
                new Break("comment lines for ever", TIMED_OUT, TYPE, LONG, SHORT, wire -> repeat(wire, ":\n", 20)),
                new Break("a comment for ever", UNUSABLE_ANSWER, TYPE, wire -> repeat(wire, ":" + "a".repeat(999), 0)),
                new Break("an event for ever", UNUSABLE_ANSWER, TYPE, wire -> {
                    wire.send("data: {\"b64_json\":\"");
                    repeat(wire, "QUJD".repeat(300), 0);
                }),
                new Break("an event over the limit", UNUSABLE_ANSWER, TYPE, wire -> {
                    wire.send("data: {\"b64_json\":\"" + "QUJD".repeat(30_000) + "\"}\n\n");
                    wire.hangUp();
                }),
                new Break("half an object at the end", UNUSABLE_ANSWER, TYPE, wire -> {
                    wire.send("data: {\"b64_json\":\"QUJD");
                    wire.hangUp();
                }),
                new Break("something that looks like an object", UNUSABLE_ANSWER, TYPE, wire -> {
                    wire.send("data: {oops}\n\n" + completed());
                    wire.hangUp();
                }));
    }

    private static void repeat(Wire wire, String what, long pause) throws IOException, InterruptedException {
        while (true) {
            wire.send(what);
            wire.pause(pause);
        }
    }

    static Stream<Arguments> breaksAfter() {
        return breaks().flatMap(way -> Stream.of(
                Arguments.of(way, "nothing", "", "", 0),
                Arguments.of(way, "a preview", partial(), "", 0),
                Arguments.of(way, "one of two pictures", partial(), completed(), 1),
                Arguments.of(way, "both pictures", partial(), completed() + partial() + completed(), 2)));
    }

    @ParameterizedTest(name = "{0} after {1}")
    @MethodSource("breaksAfter")
    void whatCameBeforeABreakIsNotLost(Break way, String position, String preview, String rest, int pictures)
            throws IOException {
        UpstreamReply reply;
        try (MisbehavingUpstream upstream = answering(way.after(preview + rest))) {
            reply = ask(settings(upstream.baseUrl(), way.idle(), way.total()), spools, TWO, shown);
            assertEquals(1, upstream.requests().size());
        }
        assertEquals(preview, withoutComments(shown.text()));
        if (pictures == 0) {
            assertEquals(UpstreamReply.Failed.of(way.failure()), reply);
        } else {
            UpstreamReply.Images images = assertInstanceOf(UpstreamReply.Images.class, reply);
            assertEquals(rest, withoutComments(text(images.body())));
            assertEquals(pictures, images.delivery().images());
            assertEquals(pictures == 2 ? Optional.empty() : Optional.of(way.failure()), images.cutShort());
            images.discard();
        }
        assertEquals(0, filesIn(spools));
    }

    private static String withoutComments(String events) {
        return events.replace(":\n\n", "");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void aLargePictureIsKeptInAFileUntilItIsDiscarded(int pictures) throws IOException {
        String large = "data: {\"b64_json\":\"" + "QUJD".repeat(10_000) + "\"}\n\n";
        Script script = wire -> {
            wire.begin(TYPE);
            wire.send(large.repeat(pictures) + large.stripTrailing());
            wire.reset();
        };
        try (MisbehavingUpstream upstream = answering(script)) {
            UpstreamSettings settings = UpstreamSettings.of("main", upstream.baseUrl(), Optional.empty());
            UpstreamReply reply = ask(settings, spools, TWO, shown);
            assertEquals(pictures == 0 ? 0 : 1, filesIn(spools));
            reply.discard();
        }
        assertEquals(0, filesIn(spools));
    }

    @Test
    void aDiskThatFailsLeavesNothingOpenAndIsNotTheUpstreamsFailure() throws IOException {
        assumeTrue(Files.isDirectory(DESCRIPTORS));
        Path gone = spools.resolve("gone");
        String large = "data: {\"b64_json\":\"" + "QUJD".repeat(10_000) + "\"}\n\n";
        Script script = wire -> {
            wire.begin(TYPE);
            wire.send(large);
            while (bytesIn(gone) < large.length()) {
                wire.pause(5);
            }
            delete(gone);
            wire.send(large);
        };
        try (MisbehavingUpstream upstream = answering(script);
                OpenAiUpstreams upstreams = new OpenAiUpstreams(List.of(settings(upstream.baseUrl())), gone, TIME)) {
            assertThrows(UncheckedIOException.class, () -> ask(upstreams, TWO, shown));
        }
        assertEquals(List.of(), openFiles(gone));
    }

    private static long bytesIn(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }

    private static List<Path> openFiles(Path directory) throws IOException {
        List<Path> open = new ArrayList<>();
        try (Stream<Path> descriptors = Files.list(DESCRIPTORS)) {
            for (Path descriptor : descriptors.toList()) {
                try {
                    open.add(Files.readSymbolicLink(descriptor));
                } catch (NoSuchFileException e) {
                    // something else was closed meanwhile
                }
            }
        }
        return open.stream().filter(file -> file.startsWith(directory)).toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 60, 150})
    void gzipThatIsCutIsAStreamThatIsCut(int length) throws IOException {
        byte[] zipped = gzipped((partial() + completed()).getBytes(UTF_8));
        try (MisbehavingUpstream upstream = answering(wire -> wire.answer(
                200, TYPE + "Content-Encoding: gzip\r\n", Arrays.copyOf(zipped, length)))) {
            assertEquals(UpstreamReply.Failed.of(CUT_OFF), ask(settings(upstream.baseUrl()), spools, TWO, shown));
        }
        assertEquals(0, filesIn(spools));
    }

    static Stream<Arguments> otherEncodings() {
        byte[] events = completed().getBytes(UTF_8);
        return Stream.of(
                Arguments.of("what is no gzip", "gzip", events),
                Arguments.of("Brotli", "br", events),
                Arguments.of("nothing", "br", new byte[0]));
    }

    @ParameterizedTest(name = "{0} as {1}")
    @MethodSource("otherEncodings")
    void anEncodingThatCannotBeReadIsUnusable(String what, String encoding, byte[] body) throws IOException {
        try (MisbehavingUpstream upstream = answering(wire ->
                wire.answer(200, TYPE + "Content-Encoding: " + encoding + "\r\n", body))) {
            UpstreamReply reply = ask(settings(upstream.baseUrl()), spools, TWO, shown);
            assertEquals(UpstreamReply.Failed.of(UNUSABLE_ANSWER), reply);
        }
    }

    static Stream<Arguments> streamsWithoutAPicture() {
        return Stream.of(
                Arguments.of("", ""),
                Arguments.of("\n\n", ""),
                Arguments.of(": nothing to say\n\n", ""),
                Arguments.of(partial() + partial(), ""),
                Arguments.of("", DONE),
                Arguments.of(partial(), DONE),
                Arguments.of("", "event: x.completed\ndata: {\"type\":\"x.completed\",\"b64_json\":\"\"}\n\n"),
                Arguments.of("data: {\"error\":null,\"data\":[]}\n\n", ""),
                Arguments.of("data: [{\"b64_json\":\"QQ==\"}]\n\n", ""),
                Arguments.of("<html><body>Welcome</body></html>\n", ""));
    }

    @ParameterizedTest
    @MethodSource("streamsWithoutAPicture")
    void aStreamThatEndsWellWithoutAPictureHasNoneWhateverIsShownOfIt(String free, String keptBack)
            throws IOException {
        try (MisbehavingUpstream upstream = answering(stream(free + keptBack))) {
            assertEquals(UpstreamReply.Failed.of(NO_IMAGES), ask(settings(upstream.baseUrl()), spools, TWO, shown));
            assertEquals(free.strip(), shown.text().strip());
        }
        assertEquals(0, filesIn(spools));
    }
}
