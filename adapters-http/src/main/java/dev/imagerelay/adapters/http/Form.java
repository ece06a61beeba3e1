package dev.imagerelay.adapters.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.imagerelay.domain.pricing.Credits;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A JSON object that an administrator sent. Its members are asked for by name; faults are gathered, and in the end
 * {@link #read} names all of them and every member that nobody asked for. {@code null} is as good as left out.
 */
final class Form {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private static final int LONGEST_TEXT = 500;

    private final ObjectNode object;
    private final String path;
    private final List<String> faults;
    private final Set<String> asked = new HashSet<>();
    private final Map<String, Form> inner = new HashMap<>();

    private Form(ObjectNode object, String path, List<String> faults) {
        this.object = object;
        this.path = path;
        this.faults = faults;
    }

    /** Takes in the object of a body; an empty body is an empty object. */
    static Reading<Form> of(byte[] body) {
        try {
            JsonNode json = body.length == 0 ? MAPPER.createObjectNode() : MAPPER.readTree(body);
            return json instanceof ObjectNode object
                    ? Reading.read(new Form(object, "", new ArrayList<>()))
                    : Reading.refused(Problem.invalid("The body must be a JSON object."));
        } catch (JsonProcessingException e) {
            return Reading.refused(Problem.invalid("The body is not JSON: " + e.getOriginalMessage()));
        } catch (IOException e) {
            return Reading.refused(Problem.invalid("The body is not JSON in UTF-8."));
        }
    }

    private Optional<JsonNode> member(String name) {
        asked.add(name);
        return Optional.ofNullable(object.get(name)).filter(node -> !node.isNull());
    }

    private <T> Optional<T> as(String name, String what, Function<JsonNode, Optional<T>> reader) {
        return member(name).flatMap(node -> {
            Optional<T> value = reader.apply(node);
            if (value.isEmpty()) {
                faults.add("'" + path + name + "' must be " + what);
            }
            return value;
        });
    }

    /** The value of a member that must be there; the other one, and a fault, if it is not. */
    <T> T required(String name, Optional<T> value, T otherwise) {
        if (value.isEmpty() && member(name).isEmpty()) {
            faults.add("'" + path + name + "' is missing");
        }
        return value.orElse(otherwise);
    }

    Optional<String> text(String name) {
        return as(name, "a text of 1 to " + LONGEST_TEXT + " characters, none of them a control character",
                node -> Optional.ofNullable(node.textValue())
                        .filter(text -> !text.isBlank() && text.length() <= LONGEST_TEXT)
                        .filter(text -> text.chars().noneMatch(Character::isISOControl)));
    }

    Optional<Integer> number(String name, int least, int most) {
        return as(name, "a whole number from " + least + " to " + most, node -> node.isIntegralNumber()
                        && node.canConvertToInt() && node.intValue() >= least && node.intValue() <= most
                ? Optional.of(node.intValue())
                : Optional.empty());
    }

    /** An amount, as a number or, lest a client's floating point spoils it, as a text. */
    Optional<Credits> credits(String name) {
        return as(name, "an amount of credits with at most " + Credits.SCALE + " decimals, such as 12.5 or \"12.5\"",
                node -> attempt(() -> node.isTextual() ? Credits.of(node.textValue()) : Credits.of(node.decimalValue()))
                        .filter(amount -> node.isTextual() || node.isNumber()));
    }

    Optional<Instant> time(String name) {
        return as(name, "a time in UTC such as \"2027-01-31T12:00:00Z\"", node -> Optional.ofNullable(node.textValue())
                .flatMap(text -> attempt(() -> Asked.instant(text))));
    }

    <E extends Enum<E>> Optional<E> oneOf(String name, Class<E> values) {
        return as(name, "one of " + names(values), node -> Optional.ofNullable(node.textValue())
                .filter(text -> text.equals(text.toLowerCase(Locale.ROOT)))
                .flatMap(text -> attempt(() -> Enum.valueOf(values, text.toUpperCase(Locale.ROOT)))));
    }

    private static <E extends Enum<E>> String names(Class<E> values) {
        List<String> names = new ArrayList<>();
        for (E value : values.getEnumConstants()) {
            names.add("\"" + value.name().toLowerCase(Locale.ROOT) + "\"");
        }
        return String.join(", ", names);
    }

    /** The texts of an array, each as what it stands for; empty if it is left out. */
    <T> Set<T> each(String name, String what, Function<String, Optional<T>> reader) {
        return as(name, "an array of " + what, node -> {
            Set<T> values = new HashSet<>();
            node.forEach(element -> Optional.ofNullable(element.textValue()).flatMap(reader).ifPresent(values::add));
            return node.isArray() && values.size() == node.size() ? Optional.of(values) : Optional.empty();
        }).orElse(Set.of());
    }

    /** An object inside; empty if it is left out. */
    Optional<Form> object(String name) {
        return as(name, "an object", node -> node instanceof ObjectNode object
                ? Optional.of(inner.computeIfAbsent(name, key -> new Form(object, path + name + ".", faults)))
                : Optional.empty());
    }

    /** Whether there is such a member, be it {@code null}. */
    boolean has(String name) {
        asked.add(name);
        return object.has(name);
    }

    /** A value made of what was asked for, unless something was wrong. */
    <T> Reading<T> read(Supplier<T> value) {
        addUnknown();
        if (!faults.isEmpty()) {
            return Reading.refused(Problem.invalid(String.join("; ", faults) + "."));
        }
        try {
            return Reading.read(value.get());
        } catch (IllegalArgumentException e) {
            return Reading.refused(Problem.invalid(e.getMessage() + "."));
        }
    }

    private void addUnknown() {
        Set<String> unknown = new TreeSet<>();
        object.fieldNames().forEachRemaining(unknown::add);
        unknown.removeAll(asked);
        unknown.forEach(name -> faults.add(ApiError.quoted(path + name) + " is not known here, where there are "
                + new TreeSet<>(asked)));
        inner.values().forEach(Form::addUnknown);
    }

    private static <T> Optional<T> attempt(Supplier<T> parser) {
        try {
            return Optional.of(parser.get());
        } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
            return Optional.empty();
        }
    }
}
