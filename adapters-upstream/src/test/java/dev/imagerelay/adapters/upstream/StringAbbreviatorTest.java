package dev.imagerelay.adapters.upstream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Abbreviated JSON says what the whole JSON says, but for the ends of long strings, however it is cut into pieces. */
class StringAbbreviatorTest {

    private static final ObjectReader STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .reader();

    private static final String KEPT = "k".repeat(StringAbbreviator.KEPT);
    private static final String ALMOST = "k".repeat(StringAbbreviator.KEPT - 1);
    private static final String LONG = "x".repeat(100_000);

    static Stream<Arguments> table() {
        return Stream.of(
                Arguments.of("nothing", "", ""),
                Arguments.of("no string", "{[1, true,\n null]}", "{[1, true,\n null]}"),
                Arguments.of("a short string", "\"a\\\"b\"", "\"a\\\"b\""),
                Arguments.of("the longest string kept", quoted(KEPT), quoted(KEPT)),
                Arguments.of("one byte more", quoted(KEPT + "x"), quoted(KEPT)),
                Arguments.of("much more", quoted(KEPT + LONG) + ":1", quoted(KEPT) + ":1"),
                Arguments.of("two strings", quoted(KEPT + LONG) + quoted(KEPT + LONG), quoted(KEPT) + quoted(KEPT)),
                Arguments.of("much that is no string", "[" + "1,".repeat(5_000), "[" + "1,".repeat(5_000)),
                Arguments.of("an escape at the edge", quoted(ALMOST + "\\n" + LONG), quoted(ALMOST + "\\n")),
                Arguments.of("a quote at the edge", quoted(ALMOST + "\\\"" + LONG), quoted(ALMOST + "\\\"")),
                Arguments.of("\\u at the edge", quoted(ALMOST + "\\u00e9" + LONG), quoted(ALMOST + "\\u00e9")),
                Arguments.of("two bytes at the edge", quoted(ALMOST + "é" + LONG), quoted(ALMOST + "é")),
                Arguments.of("four bytes at the edge", quoted(ALMOST + "😀" + LONG), quoted(ALMOST + "😀")),
                Arguments.of("a dropped backslash", quoted(KEPT + "\\\\") + "1", quoted(KEPT) + "1"),
                Arguments.of("a dropped quote", quoted(KEPT + "\\\"a\\\\\\\"b") + "1", quoted(KEPT) + "1"),
                Arguments.of("a dropped \\u0022", quoted(KEPT + "\\u0022") + "1", quoted(KEPT) + "1"),
                Arguments.of("a line end in a dropped text", quoted(KEPT + "x\nx"), quoted(KEPT + "\n")),
                Arguments.of("a NUL behind a dropped backslash", quoted(KEPT + "\\\0x"), quoted(KEPT + "\0")),
                Arguments.of("an end inside a dropped text", "\"" + KEPT + LONG, "\"" + KEPT));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("table")
    void keepsTheBeginningOfEachStringAndAllThatIsNoString(String name, String json, String kept) {
        assertEquals(kept, new String(abbreviated(json.getBytes(UTF_8), 1 << 20), UTF_8));
        assertEquals(kept, new String(abbreviated(json.getBytes(UTF_8), 1), UTF_8), "byte by byte");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void saysWhatTheWholeSaysWhereverItIsCut(int seed) throws IOException {
        Random random = new Random(seed);
        for (int round = 0; round < 40; round++) {
            byte[] whole = document(random, 4).getBytes(UTF_8);
            byte[] abbreviated = abbreviated(whole, random);
            assertAbbreviated(STRICT.readTree(whole), STRICT.readTree(abbreviated));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void aDamagedDocumentIsNeverMadeWorseAndIsCutTheSameEverywhere(int seed) throws IOException {
        Random random = new Random(seed);
        int stillValid = 0;
        for (int round = 0; round < 200; round++) {
            byte[] damaged = document(random, 3).getBytes(UTF_8);
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            byte[] abbreviated = abbreviated(damaged, random);
            assertArrayEquals(abbreviated(damaged, damaged.length), abbreviated);
            Optional<JsonNode> whole = ifValid(damaged);
            if (whole.isPresent()) {
                stillValid++;
                assertAbbreviated(whole.get(), STRICT.readTree(abbreviated));
            }
        }
        assertTrue(stillValid > 20, "too few documents survived to prove anything: " + stillValid);
    }

    @Test
    void aControlCharacterAnywhereInAStringIsRefusedAsItIsInTheWhole() {
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            StringBuilder text = new StringBuilder("y".repeat(3_000));
            text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(0x20));
            byte[] abbreviated = abbreviated(quoted(text.toString()).getBytes(UTF_8), random);
            assertThrows(JsonProcessingException.class, () -> STRICT.readTree(abbreviated));
        }
    }

    @Test
    void bytesThatAreNoUtf8AreKeptSoThatTheyAreRefused() {
        byte[] json = quoted(ALMOST + "\u00c3\u00c3" + "rest").getBytes(ISO_8859_1);
        assertThrows(JsonProcessingException.class, () -> STRICT.readTree(abbreviated(json, 5)));
    }

    @ParameterizedTest
    @ValueSource(strings = {": \"\n", ": \"a\\\n", ": \"\\u00\n", ": \"\\\"\n"})
    void aLineThatHasEndedIsForgotten(String line) {
        for (String before : List.of(line, line.replace("\"", "\"" + KEPT + LONG), "no string\n")) {
            StringAbbreviator abbreviator = new StringAbbreviator();
            append(before, abbreviator);
            abbreviator.endLine();
            int length = abbreviator.length();
            append("{" + quoted(KEPT + LONG) + ":1}", abbreviator);
            assertEquals("{" + quoted(KEPT) + ":1}", new String(abbreviator.toByteArray(), UTF_8).substring(length));
        }
    }

    private static void append(String text, StringAbbreviator abbreviator) {
        byte[] bytes = text.getBytes(UTF_8);
        abbreviator.append(bytes, 0, bytes.length);
    }

    private static Optional<JsonNode> ifValid(byte[] json) throws IOException {
        try {
            return Optional.of(STRICT.readTree(json));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static String quoted(String inside) {
        return '"' + inside + '"';
    }

    private static byte[] abbreviated(byte[] json, int piece) {
        StringAbbreviator abbreviator = new StringAbbreviator();
        for (int at = 0; at < json.length; at += piece) {
            abbreviator.append(json, at, Math.min(piece, json.length - at));
        }
        assertEquals(abbreviator.length(), abbreviator.toByteArray().length);
        return abbreviator.toByteArray();
    }

    private static byte[] abbreviated(byte[] json, Random random) {
        StringAbbreviator abbreviator = new StringAbbreviator();
        for (int at = 0; at < json.length; ) {
            int piece = Math.min(random.nextInt(random.nextBoolean() ? 3 : 2_000), json.length - at);
            abbreviator.append(json, at, piece);
            at += piece;
        }
        return abbreviator.toByteArray();
    }

    private static void assertAbbreviated(JsonNode whole, JsonNode abbreviated) {
        assertEquals(whole.getNodeType(), abbreviated.getNodeType());
        assertEquals(whole.size(), abbreviated.size());
        if (whole.isTextual()) {
            String text = whole.textValue();
            String start = abbreviated.textValue();
            assertTrue(text.startsWith(start));
            // A character of the text took 1 to 6 bytes of JSON, so that this many were kept at least.
            assertTrue(start.length() >= Math.min(text.length(), StringAbbreviator.KEPT / 6), start);
            assertTrue(start.length() <= StringAbbreviator.KEPT + 1);
            if (text.getBytes(UTF_8).length * 6 <= StringAbbreviator.KEPT) {
                assertEquals(text, start);
            }
        } else if (whole.isContainerNode()) {
            assertEquals(names(whole), names(abbreviated));
            Iterator<JsonNode> other = abbreviated.iterator();
            whole.forEach(node -> assertAbbreviated(node, other.next()));
        } else {
            assertEquals(whole, abbreviated);
        }
    }

    private static String names(JsonNode node) {
        return String.join(",", (Iterable<String>) node::fieldNames);
    }

    private static String document(Random random, int depth) {
        StringBuilder json = new StringBuilder("{");
        int members = 1 + random.nextInt(4);
        for (int i = 0; i < members; i++) {
            json.append(i == 0 ? "" : ",\n ").append("\"m").append(i).append("\" : ").append(value(random, depth));
        }
        return json.append('}').toString();
    }

    private static String value(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 6 : 4)) {
            case 0 -> String.valueOf(random.nextInt());
            case 1 -> random.nextBoolean() ? "null" : "true";
            case 2, 3 -> string(random);
            case 4 -> "[" + value(random, depth - 1) + "," + value(random, depth - 1) + "]";
            default -> document(random, depth - 1);
        };
    }

    private static String string(Random random) {
        String[] characters = {"a", "/", "\\\"", "\\\\", "\\n", "\\u0022", "\\u005c", "\\ud83d\\ude00", "é", "語", "😀"};
        int length = random.nextInt(4) == 0 ? random.nextInt(5_000) : random.nextInt(200);
        StringBuilder text = new StringBuilder("\"");
        for (int i = 0; i < length; i++) {
            text.append(characters[random.nextInt(random.nextBoolean() ? 1 : characters.length)]);
        }
        return text.append('"').toString();
    }
}
