package dev.imagerelay.bootstrap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A mapping in a YAML file. An environment variable goes before a value of the file: {@code http.maxBodyBytes} is
 * {@code IMAGE_RELAY_HTTP_MAX_BODY_BYTES}. Whoever reads a section asks for every key it may have and calls
 * {@link #end()}, which refuses all others. A fault ends the reading, unless they are gathered to be told all at once.
 */
final class Section {

    private static final String PREFIX = "IMAGE_RELAY_";

    /** What no server reads, but the commands of whoever may start one. */
    private static final Set<String> OF_COMMANDS = Set.of("IMAGE_RELAY_ADMIN_URL");

    private final String place;
    private final String path;
    private final ObjectNode mapping;
    private final Map<String, String> environment;
    private final Set<String> known = new TreeSet<>();
    private final Set<String> knownVariables;
    private final Optional<List<String>> faults;

    private Section(
            String place,
            String path,
            ObjectNode mapping,
            Map<String, String> environment,
            Set<String> knownVariables,
            Optional<List<String>> faults) {
        this.place = place;
        this.path = path;
        this.mapping = mapping;
        this.environment = environment;
        this.knownVariables = knownVariables;
        this.faults = faults;
    }

    static Section root(String file, ObjectNode mapping, Map<String, String> environment) {
        return new Section(file + ": ", "", mapping, environment, new TreeSet<>(), Optional.empty());
    }

    /** The same section, which adds its faults to these and goes on, and so do the sections below it. */
    Section gathering(List<String> gathered) {
        return new Section(place, path, mapping, environment, knownVariables, Optional.of(gathered));
    }

    /** The section under a key; empty, but still readable, if there is none. */
    Section section(String key) {
        JsonNode node = node(key);
        if (node != null && !(node instanceof ObjectNode)) {
            fault(error(key, "must be a mapping"));
        }
        ObjectNode inner = node instanceof ObjectNode there ? there : mapping.objectNode();
        return new Section(place, path + key + ".", inner, environment, knownVariables, faults);
    }

    /** What a reader makes of the section under a key; empty after a fault that was gathered. */
    <T> Optional<T> read(String key, Function<Section, T> reader) {
        Section section = section(key);
        try {
            return Optional.of(reader.apply(section));
        } catch (ConfigurationError e) {
            fault(e);
            environment.keySet().stream().filter(name -> name.startsWith(section.variable(""))).forEach(
                    knownVariables::add); // the reader may not have come to them
            return Optional.empty();
        }
    }

    /** The keys that are there, for sections whose keys are names. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        mapping.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** The mappings in the list under a key, none if it is not there; errors in each name its number and its name. */
    List<Section> sections(String key) {
        List<Section> sections = new ArrayList<>();
        for (JsonNode item : list(key)) {
            String where = path + key + " " + (sections.size() + 1);
            if (!(item instanceof ObjectNode inner)) {
                throw new ConfigurationError(place + where + " must be a mapping");
            }
            String name = inner.hasNonNull("name") ? " (" + inner.get("name").asText() + ")" : "";
            sections.add(new Section(place + where + name + ": ", "", inner, Map.of(), knownVariables, faults));
        }
        return sections;
    }

    /** The texts in the list under a key, none if it is not there; commas separate those of the environment. */
    List<String> texts(String key) {
        Optional<String> set = fromEnvironment(key);
        if (set.isPresent()) {
            return Stream.of(set.get().split(",")).map(String::strip).filter(text -> !text.isEmpty()).toList();
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode item : list(key)) {
            if (!item.isValueNode() || item.isNull()) {
                fault(error(key, "must be a list of plain values"));
            } else {
                texts.add(item.asText());
            }
        }
        return texts;
    }

    private Iterable<JsonNode> list(String key) {
        JsonNode node = node(key);
        if (node != null && !node.isArray()) {
            fault(error(key, "must be a list"));
        }
        return node == null || !node.isArray() ? List.of() : node;
    }

    /** The value of a key, as it is written. */
    Optional<String> text(String key) {
        Optional<String> set = fromEnvironment(key);
        if (set.isPresent()) {
            return set;
        }
        JsonNode node = node(key);
        if (node != null && (!node.isValueNode() || node.isNull())) {
            fault(error(key, "must be a plain value"));
            return Optional.empty();
        }
        return Optional.ofNullable(node).map(JsonNode::asText);
    }

    /** The value of a key that only the environment may have. */
    Optional<String> secret(String key) {
        if (mapping.has(key)) {
            fault(error(key, "is a secret and does not belong here: set " + variable(key) + ", or name a file with "
                    + key + "File"));
            return fromEnvironment(key);
        }
        return text(key);
    }

    /** The value of a key that must be there. */
    String required(String key) {
        return text(key).orElseThrow(() -> error(key, "is missing"));
    }

    /** The whole number of a key, within bounds; as usual, if it is not there. */
    long number(String key, long least, long most, long usual) {
        Optional<String> text = text(key);
        if (text.isEmpty()) {
            return usual;
        }
        try {
            long number = Long.parseLong(text.get());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // The message below says what is expected.
        }
        fault(error(key, "must be a whole number from " + least + " to " + most + ", not '" + text.get() + "'"));
        return usual;
    }

    /** The decimal number of a key. */
    Optional<BigDecimal> decimal(String key) {
        return text(key).map(text -> {
            try {
                return new BigDecimal(text);
            } catch (NumberFormatException e) {
                throw error(key, "must be a decimal number, not '" + text + "'");
            }
        });
    }

    /** An error at a key, in words that begin with the place. */
    ConfigurationError error(String key, String what) {
        return new ConfigurationError(place + path + key + " " + what);
    }

    /** An error of the whole section. */
    ConfigurationError error(String what) {
        return new ConfigurationError(place + what);
    }

    /** Refuses every key that nobody has asked for. */
    void end() {
        for (String name : names()) {
            if (!known.contains(name)) {
                fault(error(name, "is not a known key" + suggestion(path + name, knownPaths())));
            }
        }
    }

    private Set<String> knownPaths() {
        return known.stream().map(key -> path + key).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Refuses every environment variable with our prefix that nobody has asked for, here or in a section below. */
    void endOfEnvironment() {
        for (String name : new TreeSet<>(environment.keySet())) {
            if (name.startsWith(PREFIX) && !knownVariables.contains(name) && !OF_COMMANDS.contains(name)) {
                fault(new ConfigurationError(
                        "environment variable " + name + " is not a known setting" + suggestion(name, knownVariables)));
            }
        }
    }

    private void fault(ConfigurationError fault) {
        faults.orElseThrow(() -> fault).add(fault.getMessage());
    }

    private Optional<String> fromEnvironment(String key) {
        String variable = variable(key);
        known.add(key);
        knownVariables.add(variable);
        return Optional.ofNullable(environment.get(variable));
    }

    private JsonNode node(String key) {
        known.add(key);
        return mapping.get(key);
    }

    private String variable(String key) {
        return PREFIX
                + (path + key)
                        .replaceAll("([a-z0-9])([A-Z])", "$1_$2")
                        .replaceAll("[^A-Za-z0-9]", "_")
                        .toUpperCase(Locale.ROOT);
    }

    private static String suggestion(String wrong, Set<String> right) {
        return right.stream()
                .min(Comparator.comparingInt(candidate -> distance(wrong, candidate)))
                .filter(nearest -> distance(wrong, nearest) <= Math.max(2, wrong.length() / 4))
                .map(nearest -> "; did you mean " + nearest + "?")
                .orElse("; known are " + right.stream().collect(Collectors.joining(", ")));
    }

    /** How many letters have to be added, dropped or replaced to make one word of the other (Levenshtein). */
    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[row.length - 1];
    }
}
