package dev.imagerelay.adapters.upstream.sample;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * What one generation asks for.
 *
 * @param recipes  one per picture
 * @param links    whether the pictures are answered as links rather than in place; a stream has no links
 * @param previews how many of each picture are shown before it, 0 to {@value Preview#MOST}, if the answer is to be
 *                 streamed; empty: it is not
 */
record GenerationRequest(List<Recipe> recipes, boolean links, Optional<Integer> previews) {
    private static final int LONGEST_PROMPT = 32_000;
    private static final int MOST_IMAGES = 10;
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,9})x([0-9]{1,9})");
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    GenerationRequest {
        recipes = List.copyOf(recipes);
        if (recipes.isEmpty()) {
            throw new IllegalArgumentException("A generation asks for one picture at least");
        }
        if (previews.isPresent() && (previews.get() < 0 || previews.get() > Preview.MOST)) {
            throw new IllegalArgumentException("There are 0 to " + Preview.MOST + " previews, not " + previews.get());
        }
    }

    /** The request in this JSON, members it does not know left aside; refused with the first thing wrong with it. */
    static GenerationRequest read(InputStream body) throws IOException, Refusal {
        JsonNode request = object(body);
        String prompt = prompt(request);
        required(request, "model");
        int images = integer(request, "n", 1, 1, MOST_IMAGES);
        Quality quality = quality(request);
        boolean links = links(request);
        Optional<Integer> previews = previews(request);
        Matcher size = size(request);
        int width = Integer.parseInt(size.group(1));
        int height = Integer.parseInt(size.group(2));
        return new GenerationRequest(IntStream.range(0, images)
                .mapToObj(index -> new Recipe(prompt, width, height, quality, index)).toList(), links, previews);
    }

    private static JsonNode object(InputStream body) throws IOException, Refusal {
        try {
            JsonNode request = JSON.readTree(body);
            if (request.isObject()) {
                return request;
            }
        } catch (JsonProcessingException | CharConversionException malformed) {
            throw Refusal.malformedBody();
        }
        throw Refusal.malformedBody();
    }

    private static String prompt(JsonNode request) throws Refusal {
        String prompt = required(request, "prompt");
        if (prompt.isEmpty()) {
            throw Refusal.invalid("prompt", "empty_string", "empty string. Expected at least one character.");
        }
        if (prompt.length() > LONGEST_PROMPT) {
            throw Refusal.invalid("prompt", "string_above_max_length", "string too long. Expected at most "
                    + LONGEST_PROMPT + " characters, but got " + prompt.length() + ".");
        }
        return prompt;
    }

    private static Quality quality(JsonNode request) throws Refusal {
        String quality = optional(request, "quality", "auto");
        if (quality.equals("auto")) {
            return Quality.MEDIUM;
        }
        return Quality.named(quality).orElseThrow(() -> Refusal.invalid("quality", "invalid_value",
                "'" + quality + "'. Supported values are: 'low', 'medium', 'high', and 'auto'."));
    }

    private static boolean links(JsonNode request) throws Refusal {
        String format = optional(request, "response_format", "b64_json");
        return switch (format) {
            case "b64_json" -> false;
            case "url" -> true;
            default -> throw Refusal.invalid("response_format", "invalid_value",
                    "'" + format + "'. Supported values are: 'b64_json' and 'url'.");
        };
    }

    private static Optional<Integer> previews(JsonNode request) throws Refusal {
        int previews = integer(request, "partial_images", 0, 0, Preview.MOST);
        JsonNode stream = request.path("stream");
        if (request.hasNonNull("stream") && !stream.isBoolean()) {
            throw Refusal.wrongType("stream", "a boolean");
        }
        return stream.booleanValue() ? Optional.of(previews) : Optional.empty();
    }

    /** A match of width and height, both within bounds. */
    private static Matcher size(JsonNode request) throws Refusal {
        String size = optional(request, "size", "auto");
        Matcher sides = SIZE.matcher(size.equals("auto") ? "1024x1024" : size);
        if (!sides.matches()) {
            throw Refusal.size("Invalid size '" + size + "'. Expected WIDTHxHEIGHT or 'auto'.");
        }
        if (!Recipe.offers(Integer.parseInt(sides.group(1))) || !Recipe.offers(Integer.parseInt(sides.group(2)))) {
            throw Refusal.size("Invalid size '" + size + "'. Width and height must each be between "
                    + Recipe.SHORTEST_SIDE + " and " + Recipe.LONGEST_SIDE + " pixels.");
        }
        return sides;
    }

    private static String required(JsonNode request, String member) throws Refusal {
        if (!request.has(member)) {
            throw Refusal.missing(member);
        }
        return text(request, member);
    }

    private static String optional(JsonNode request, String member, String absent) throws Refusal {
        return request.hasNonNull(member) ? text(request, member) : absent;
    }

    private static int integer(JsonNode request, String member, int absent, int least, int most) throws Refusal {
        if (!request.hasNonNull(member)) {
            return absent;
        }
        JsonNode number = request.get(member);
        if (!number.isIntegralNumber()) {
            throw Refusal.wrongType(member, "an integer");
        }
        if (number.bigIntegerValue().compareTo(BigInteger.valueOf(least)) < 0) {
            throw Refusal.invalid(member, "integer_below_min_value",
                    "Expected a value >= " + least + ", but got " + number + ".");
        }
        if (number.bigIntegerValue().compareTo(BigInteger.valueOf(most)) > 0) {
            throw Refusal.invalid(member, "integer_above_max_value",
                    "Expected a value <= " + most + ", but got " + number + ".");
        }
        return number.intValue();
    }

    private static String text(JsonNode request, String member) throws Refusal {
        if (!request.get(member).isTextual()) {
            throw Refusal.wrongType(member, "a string");
        }
        return request.get(member).textValue();
    }
}
