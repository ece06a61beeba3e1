package dev.imagerelay.adapters.upstream;

import static dev.imagerelay.adapters.upstream.Asking.bytes;
import static dev.imagerelay.adapters.upstream.Asking.filesIn;
import static dev.imagerelay.adapters.upstream.Asking.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A stream is read as the same events wherever its reads are cut, each at once, and not a byte of it is lost. */
class EventReaderTest {

    private static final String TYPE = "text/event-stream; charset=utf-8";
    private static final long PLENTY = 10_000_000;
    private static final String LARGE = "{\"b64_json\":\"" + "QUJD".repeat(20_000) + "\"}";

    @TempDir
    Path directory;

    static Stream<Arguments> streams() {
        return Stream.of(
                stream("LF", "event: a\ndata: {\"x\":1}\n\ndata: {\"x\":2}\n\n", "a={'x':1}#0", "={'x':2}#0"),
                stream("CR", "event: a\rdata: {\"x\":1}\r\rdata: {\"x\":2}\r\r", "a={'x':1}#0", "={'x':2}#0"),
                stream("CR LF", "event: a\r\ndata: {\"x\":1}\r\n\r\ndata: {\"x\":2}\r\n\r\n",
                        "a={'x':1}#0", "={'x':2}#0"),
                stream("a mixture", "event: a\r\ndata: {\"x\":1}\n\rdata: {\"x\":2}\r\n\ndata: {}\r\r\n",
                        "a={'x':1}#0", "={'x':2}#0", "={}#0"),
                stream("comments", ": x\n\n: y\n:\ndata: {}\n: z\n\n:\n\n", "=#0", "={}#0", "=#0"),
                stream("data in several lines", "data: {\"x\":\ndata: 1,\ndata:\ndata: \"y\":2}\n\n",
                        "={'x':1,'y':2}#0"),
                stream("the name behind the data", "data: {}\nevent: a\n\n", "a={}#0"),
                stream("two names", "event: a\nevent: b\ndata: {}\n\n", "b={}#0"),
                stream("no space, and two", "event:a\ndata:{}\n\nevent:  a\ndata:  {} \n\n", "a={}#0", " a={}#0"),
                stream("other fields", "id: 1\nretry: 3000\ndata\nevents: no\ndata: {}\n\n", "={}#0"),
                stream("no data", "event: ping\n\ndata:\n\nid: 1\n\n", "ping=#0", "=#0", "=#0"),
                stream("data that is no object", "data: [DONE]\n\ndata: [{\"url\":\"u\"}]\n\ndata: hello\n\n",
                        "=#0", "=#0", "=#0"),
                stream("lone blank lines", "\n\n\ndata: {}\n\n\r\n\r\n\r\n\r", "={}#0"),
                stream("a byte order mark", "\ufeffdata: {}\n\n", "={}#0"),
                stream("characters of many bytes", "event: f\u00f6x\n: 語\ndata: {\"\u00e9\":\"🦊\"}\n\n",
                        "f\u00f6x={'\u00e9':'🦊'}#0"),
                stream("a quote in a comment", ": say \"x\ndata: {\"b64_json\":\"QQ==\"}\n\n",
                        "={'b64_json':'QQ=='}#1"),
                stream("a quote in a name", "event: a\"b\ndata: {\"url\":\"u\"}\n\n", "a\"b={'url':'u'}#1"),
                stream("a quote and a backslash in a comment", ": \"\\\ndata: {\"url\":\"u\"}\n\n", "={'url':'u'}#1"),
                stream("a quote in an event before", "data: \"\\\n\ndata: {\"url\":\"u\"}\n\n",
                        "=#0", "={'url':'u'}#1"),
                stream("pictures in a list", "data: {\"data\":[{\"url\":\"u\"},{},{\"b64_json\":\"QQ==\"}]}\n\n",
                        "={'data':[{'url':'u'},{},{'b64_json':'QQ=='}]}#2"),
                stream("a preview by its type",
                        "event: x.completed\ndata: {\"type\":\"x.partial_image\",\"url\":\"u\"}\n\n",
                        "x.completed={'type':'x.partial_image','url':'u'}#0"),
                stream("a preview by its name", "event: x.partial_image\ndata: {\"url\":\"u\"}\n\n",
                        "x.partial_image={'url':'u'}#0"),
                stream("a picture whose name is wrong",
                        "event: x.partial_image\ndata: {\"type\":\"x\",\"url\":\"u\"}\n\n",
                        "x.partial_image={'type':'x','url':'u'}#1"),
                stream("an empty picture", "data: {\"b64_json\":\"\",\"url\":null}\n\n",
                        "={'b64_json':'','url':null}#0"),
                withoutEnd("no blank line after LF", "data: {}\n", "\n", "={}#0"),
                withoutEnd("no blank line after CR", "data: {}\r", "\n\n", "={}#0"),
                withoutEnd("no blank line after CR LF", "data: {}\r\n", "\n", "={}#0"),
                withoutEnd("no line end", "data: {\"x\":1}\n\ndata: {}", "\n\n", "={'x':1}#0", "={}#0"),
                withoutEnd("no line end in the second line", "event: a\r\ndata: {}", "\n\n", "a={}#0"),
                withoutEnd("a comment at the end", "data: {}\n\n:\n", "\n", "={}#0", "=#0"));
    }

    private static Arguments stream(String what, String stream, String... events) {
        return withoutEnd(what, stream, "", events);
    }

    private static Arguments withoutEnd(String what, String stream, String added, String... events) {
        List<String> told = Stream.of(events).map(event -> event.replace('\'', '"')).toList();
        return Arguments.of(what, stream.getBytes(UTF_8), added, told);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("streams")
    void theEventsAreTheSameWhereverTheStreamIsCut(String what, byte[] stream, String added, List<String> events)
            throws IOException {
        for (int cut = 0; cut <= stream.length; cut++) {
            List<byte[]> halves =
                    List.of(Arrays.copyOf(stream, cut), Arrays.copyOfRange(stream, cut, stream.length));
            assertReads(stream, added, events, halves, "cut at " + cut);
        }
        List<byte[]> single = new ArrayList<>();
        for (byte b : stream) {
            single.add(new byte[] {b});
        }
        assertReads(stream, added, events, single, "byte by byte");
        assertEquals(0, filesIn(directory));
    }

    private void assertReads(byte[] stream, String added, List<String> events, List<byte[]> pieces, String how)
            throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        List<String> told = new ArrayList<>();
        EventReader reader = reader(pieces(pieces), PLENTY);
        for (Optional<Event> next = reader.next(); next.isPresent(); next = reader.next()) {
            try (Spool bytes = next.get().bytes()) {
                assertEquals(TYPE, bytes.contentType());
                bytes.writeTo(all);
                if (!text(bytes).isBlank()) {
                    told.add(told(next.get()));
                }
            }
        }
        assertEquals(events, told, how);
        assertEquals(new String(stream, UTF_8) + added, all.toString(UTF_8), how);
    }

    /** Its name, its data and how many pictures are in it. */
    private static String told(Event event) {
        return event.name() + "=" + event.object().map(object -> object.json().toString()).orElse("") + "#"
                + event.pictures();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "data: {}\n\n", "data: {}\r\r", "data: {}\r\n\r\n", "data: {}\r\n\r", "data: {}\n\r", ": x\n\n", "\n", "\r"
    })
    void anEventIsThereAsSoonAsItsBlankLineIs(String stream) throws IOException {
        InputStream never = new InputStream() {
            @Override
            public int read() {
                throw new AssertionError("reads on although the event is there");
            }
        };
        EventReader reader =
                reader(new SequenceInputStream(new ByteArrayInputStream(stream.getBytes(UTF_8)), never), PLENTY);
        assertEquals(stream, text(reader.next().orElseThrow().bytes()));
    }

    @Test
    void eachBlankLineAloneIsAnEventOfItsOwn() throws IOException {
        EventReader reader = reader("\n\r\n\r\rdata: {}\n\n");
        for (String expected : List.of("\n", "\r\n", "\r", "\r", "data: {}\n\n")) {
            assertEquals(expected, text(reader.next().orElseThrow().bytes()));
        }
        assertTrue(reader.next().isEmpty());
        assertTrue(reader.next().isEmpty());
    }

    @Test
    void theLineFeedOfACarriageReturnThatCameBeforeItGoesWithTheNextEvent() throws IOException {
        List<byte[]> pieces = List.of("data: {}\r\n\r".getBytes(UTF_8), "\n: x\r\r".getBytes(UTF_8));
        EventReader reader = reader(pieces(pieces), PLENTY);
        assertEquals("data: {}\r\n\r", text(reader.next().orElseThrow().bytes()));
        assertEquals("\n: x\r\r", text(reader.next().orElseThrow().bytes()));
        assertTrue(reader.next().isEmpty());
    }

    @Test
    void anEmptyStreamHasNoEvents() throws IOException {
        assertTrue(reader("").next().isEmpty());
    }

    @Test
    void aLargeEventIsAFileThatItsReceiverCloses() throws IOException {
        String stream = "data: " + LARGE + "\n\n";
        try (Spool bytes = reader(stream).next().orElseThrow().bytes()) {
            assertEquals(1, filesIn(directory));
            assertArrayEquals(stream.getBytes(UTF_8), bytes(bytes));
        }
        assertEquals(0, filesIn(directory));
    }

    @ParameterizedTest
    @ValueSource(strings = {": say \"\n", "event: a\"b\r\n", ": \"\\\r", "id: \"\\u0\n", "data: \"\n\n"})
    void aQuoteHidesNoLargePictureInALineBehindIt(String line) throws IOException {
        String picture = "data: {\"b64_json\":\"" + "QUJD".repeat(500_000) + "\"}\n\n";
        for (String before : List.of(line, line.replace("\"", "\"" + "a".repeat(5_000)))) {
            EventReader reader = reader(before + picture);
            int pictures = 0;
            for (Optional<Event> next = reader.next(); next.isPresent(); next = reader.next()) {
                next.get().bytes().close();
                pictures += next.get().pictures();
            }
            assertEquals(1, pictures);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{", "{]", "{\"b64_json\":\"QQ", "{\"x\":1}{}", "{\"x\":1,\"x\":2}", "{\"x\":\ndata: 1", "{a}"
    })
    void dataThatBeginsAsAnObjectAndIsNoneIsUnusable(String data) {
        for (String end : List.of("", "\n", "\n\n", "\n\ndata: {}\n\n")) {
            assertThrows(UnusableAnswer.class, () -> reader("data: " + data + end).next());
        }
    }

    @Test
    void theLimitCountsAllBytesToTheLast() throws IOException {
        String stream = "data: {}\n\n: x\n\n";
        assertEquals("data: {}\n\n", text(reader(stream, stream.length()).next().orElseThrow().bytes()));
        assertThrows(UnusableAnswer.class, () -> reader(stream, stream.length() - 1).next());
        List<byte[]> pieces = List.of("data: {}\n\n".getBytes(UTF_8), ": x\n\n".getBytes(UTF_8));
        EventReader reader = reader(pieces(pieces), stream.length() - 1);
        assertTrue(reader.next().isPresent());
        assertThrows(UnusableAnswer.class, reader::next);
    }

    static Stream<Arguments> exits() {
        return Stream.of(
                Arguments.of("the connection breaks", "data: " + LARGE, PLENTY, IOException.class),
                Arguments.of("the connection breaks later", "\ndata: " + LARGE + "\n", PLENTY, IOException.class),
                Arguments.of("the data is no JSON", "data: " + LARGE + "x\n\n", PLENTY, UnusableAnswer.class),
                Arguments.of("it is over the limit", "data: " + LARGE, LARGE.length(), UnusableAnswer.class),
                Arguments.of("its data is too long", "data: " + "[1,".repeat(500_000), PLENTY, UnusableAnswer.class),
                Arguments.of("its lines are too many", "id: 1\n".repeat(200_000), PLENTY, UnusableAnswer.class),
                Arguments.of("its comment is too long", ":" + " ".repeat(1_200_000), PLENTY, UnusableAnswer.class));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("exits")
    void nothingIsLeftOfAnEventThatFails(String what, String stream, long limit, Class<IOException> failure)
            throws IOException {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("reset");
            }
        };
        InputStream in = new SequenceInputStream(new ByteArrayInputStream(stream.getBytes(UTF_8)), broken);
        EventReader reader = reader(in, limit);
        IOException thrown = assertThrows(IOException.class, () -> {
            while (true) {
                reader.next().orElseThrow().bytes().close();
            }
        });
        assertEquals(failure, thrown.getClass());
        assertEquals(0, filesIn(directory));
    }

    private EventReader reader(String stream) {
        return reader(stream, PLENTY);
    }

    private EventReader reader(String stream, long limit) {
        return reader(new ByteArrayInputStream(stream.getBytes(UTF_8)), limit);
    }

    private EventReader reader(InputStream in, long limit) {
        return new EventReader(in, directory, TYPE, limit);
    }

    /** Gives one piece to each read. */
    private static InputStream pieces(List<byte[]> pieces) {
        return new SequenceInputStream(
                Collections.enumeration(pieces.stream().map(ByteArrayInputStream::new).toList()));
    }
}
