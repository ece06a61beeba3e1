package dev.imagerelay.adapters.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The members of an order that have a meaning here, and where they stand in its JSON. What a strict reader and a lax
 * one could understand differently is refused as a whole, so that nobody upstream can read another order than the one
 * that was priced.
 */
final class OrderMembers {

    /** What is read here, and the last one, by which only an upstream shapes its answer: all are to stand plainly. */
    private static final Set<String> PLAIN = Set.of(
            "model", "prompt", "n", "size", "quality", "style", "stream", "partial_images", "response_format");
    /** So the parser's message begins where a name comes again; the name and a quote follow. */
    private static final String DUPLICATE = "Duplicate field '";

    private static final int DEEPEST = 32;
    private static final int MOST_TOKENS = 10_000;

    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxTokenCount(MOST_TOKENS)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private final Map<String, Member> members = new HashMap<>();

    private OrderMembers() {}

    /** What a value is, in the words of a message. */
    enum Kind {
        STRING("a string"),
        INTEGER("an integer"),
        DECIMAL("a decimal number"),
        BOOLEAN("a boolean"),
        OBJECT("an object"),
        ARRAY("an array"),
        NULL("null");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    /**
     * One value.
     *
     * @param kind  what it is
     * @param text  a string's content, a number's or boolean's spelling
     * @param start where it begins; a string at its opening quote
     * @param end   the first byte behind it
     */
    record Member(Kind kind, String text, int start, int end) {}

    static Reading<OrderMembers> read(byte[] json) {
        if (json.length >= 3 && json[0] == (byte) 0xEF && json[1] == (byte) 0xBB && json[2] == (byte) 0xBF) {
            return refused("It begins with a byte order mark; leave that out.");
        }
        try (JsonParser parser = JSON.createParser(json)) {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json));
            return read(json, parser);
        } catch (CharacterCodingException e) {
            return refused("It is not valid UTF-8.");
        } catch (StreamConstraintsException e) {
            return refused("It is nested deeper than " + DEEPEST + " levels, has more than " + MOST_TOKENS
                    + " values, or has a name that is too long.");
        } catch (JsonProcessingException e) {
            JsonLocation place = e.getLocation();
            return refused(fault(e.getOriginalMessage()) + ": see line " + place.getLineNr() + ", column "
                    + place.getColumnNr() + ".");
        } catch (IOException e) {
            throw new IllegalStateException("bytes can be read", e);
        }
    }

    private static String fault(String message) {
        return message.startsWith(DUPLICATE) && message.endsWith("'")
                ? "It names the member " + ApiError.quoted(message.substring(DUPLICATE.length(), message.length() - 1))
                        + " twice"
                : "It is no well-formed JSON";
    }

    private static Reading<OrderMembers> read(byte[] json, JsonParser parser) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            return refused("It must be one JSON object.");
        }
        OrderMembers order = new OrderMembers();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            Optional<String> name = meant(parser.currentName());
            if (name.isPresent() && !standsPlainly(name.get(), json, offset(parser.currentTokenLocation()))) {
                return refused("Write the name '" + name.get() + "' in lower case and without escapes.");
            }
            parser.nextToken();
            if (name.isPresent()) {
                order.members.put(name.get(), member(parser));
            }
            parser.skipChildren();
        }
        return parser.nextToken() == null
                ? Reading.read(order)
                : refused("Something follows the end of the JSON object.");
    }

    /** The name that a reader might take this for; some, such as Go's, do not tell upper from lower case. */
    private static Optional<String> meant(String name) {
        return PLAIN.stream().filter(name::equalsIgnoreCase).findAny();
    }

    private static boolean standsPlainly(String name, byte[] json, int quote) {
        byte[] plain = ('"' + name + '"').getBytes(StandardCharsets.US_ASCII);
        return Arrays.equals(json, quote, Math.min(quote + plain.length, json.length), plain, 0, plain.length);
    }

    private static Member member(JsonParser parser) throws IOException {
        int start = offset(parser.currentTokenLocation());
        String text = parser.getText(); // the parser is behind a string only once that has been read
        return new Member(kind(parser.currentToken()), text, start, offset(parser.currentLocation()));
    }

    private static Kind kind(JsonToken token) {
        return switch (token) {
            case VALUE_STRING -> Kind.STRING;
            case VALUE_NUMBER_INT -> Kind.INTEGER;
            case VALUE_NUMBER_FLOAT -> Kind.DECIMAL;
            case VALUE_TRUE, VALUE_FALSE -> Kind.BOOLEAN;
            case VALUE_NULL -> Kind.NULL;
            case START_OBJECT -> Kind.OBJECT;
            case START_ARRAY -> Kind.ARRAY;
            default -> throw new IllegalStateException("no JSON value begins with " + token);
        };
    }

    private static int offset(JsonLocation location) {
        return (int) location.getByteOffset();
    }

    private static Reading<OrderMembers> refused(String why) {
        return Reading.refused(
                ApiError.invalidRequest(400, "We could not parse the JSON body of your request. " + why));
    }

    /** The value of that name, be it null; empty if the request has none. */
    Optional<Member> find(String name) {
        return Optional.ofNullable(members.get(name));
    }

    /** The value of that name; empty if the request has none, or says null. */
    Optional<Member> value(String name) {
        return find(name).filter(member -> member.kind() != Kind.NULL);
    }
}
