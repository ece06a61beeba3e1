package dev.imagerelay.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Metrics in Prometheus' text format 0.0.4, read as strictly as its specification is written. */
record Exposition(Map<String, Double> samples) {

    private static final String NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
    private static final String LABEL = "[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\n]|\\\\[\\\\\"n])*\"";
    private static final Pattern LABEL_NAME = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"[^\"]*\"");
    private static final Pattern HELP = Pattern.compile("# HELP (" + NAME + ") (\\S.*)");
    private static final Pattern TYPE = Pattern.compile("# TYPE (" + NAME + ") (counter|gauge|histogram|summary)");
    private static final Pattern SAMPLE =
            Pattern.compile("((" + NAME + ")(?:\\{" + LABEL + "(?:," + LABEL + ")*,?})?) (\\S+)");

    static Exposition read(String text) {
        assertTrue(text.endsWith("\n"), "the last line ends");
        Map<String, String> helped = new HashMap<>();
        Map<String, String> types = new HashMap<>();
        Map<String, Double> samples = new LinkedHashMap<>();
        String family = "";
        for (String line : text.split("\n")) {
            Matcher help = HELP.matcher(line);
            Matcher type = TYPE.matcher(line);
            Matcher sample = SAMPLE.matcher(line);
            if (help.matches()) {
                assertNull(helped.put(help.group(1), help.group(2)), line);
            } else if (type.matches()) {
                family = type.group(1);
                assertNull(types.put(family, type.group(2)), line);
            } else {
                assertTrue(sample.matches(), line);
                String name = sample.group(2);
                assertTrue(types.containsKey(family) && helped.containsKey(family), "no HELP or TYPE before " + line);
                assertTrue(belongs(name, family, types.get(family)), line + " stands below " + family);
                assertNull(samples.put(sample.group(1), value(sample.group(3))), "twice: " + line);
            }
        }
        assertEquals(helped.keySet(), types.keySet());
        return new Exposition(samples);
    }

    private static boolean belongs(String name, String family, String type) {
        return switch (type) {
            case "histogram" -> name.matches(family + "_(bucket|sum|count)");
            case "summary" -> name.matches(family + "(_sum|_count)?");
            default -> name.equals(family);
        };
    }

    private static double value(String text) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    /** The value of a sample that must be there, by its name and labels as they are written. */
    double value(String what, String labels) {
        Double value = samples.get(labels.isEmpty() ? what : what + "{" + labels + "}");
        assertNotNull(value, what + labels + " is not among " + samples.keySet());
        return value;
    }

    /** The value of a sample; 0 if it is not there. */
    double valueIfAny(String series) {
        return samples.getOrDefault(series, 0.0);
    }

    /** The names and labels of all samples that are of the gateway, not of its JVM, which come and go. */
    Set<String> ours() {
        return samples.keySet().stream()
                .filter(series -> series.startsWith("image_relay_"))
                .collect(Collectors.toSet());
    }

    /** Which labels there are, by the name of the metric. */
    Map<String, Set<String>> labels() {
        Map<String, Set<String>> labels = new HashMap<>();
        for (String series : samples.keySet()) {
            Matcher name = Pattern.compile(NAME).matcher(series);
            assertTrue(name.lookingAt(), series);
            Set<String> known = labels.computeIfAbsent(name.group(), first -> new HashSet<>());
            Matcher label = LABEL_NAME.matcher(series);
            while (label.find()) {
                known.add(label.group(1));
            }
        }
        return labels;
    }
}
