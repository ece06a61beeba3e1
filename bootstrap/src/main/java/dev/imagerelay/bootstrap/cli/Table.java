package dev.imagerelay.bootstrap.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A list of objects as a table: a line for each, its columns aligned, numbers to the right. */
final class Table {

    private static final String GAP = "  ";
    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?");

    private final List<String> members;
    private final List<List<String>> lines = new ArrayList<>();

    /** Of these members, in which {@code note/reason} is one of an object inside; of all if none are named. */
    Table(JsonNode objects, String... named) {
        members = named.length > 0 ? List.of(named) : names(objects.path(0));
        lines.add(members.stream().map(member -> Words.name(member.replaceAll(".*/", ""))).toList());
        objects.forEach(this::add);
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private void add(JsonNode object) {
        lines.add(cells(object));
    }

    private List<String> cells(JsonNode object) {
        return members.stream().map(member -> Words.of(object.at("/" + member))).toList();
    }

    /** One more line, which adds up those before, if there are any. */
    void total(JsonNode object) {
        if (lines.size() > 1) {
            List<String> cells = new ArrayList<>(cells(object));
            cells.set(0, "total");
            lines.add(cells);
        }
    }

    void print(PrintWriter out) {
        if (lines.size() == 1) {
            out.println("(none)");
            return;
        }
        for (List<String> line : lines) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < line.size(); i++) {
                String space = " ".repeat(width(i) - line.get(i).length());
                text.append(isOfNumbers(i) ? space + line.get(i) : line.get(i) + space).append(GAP);
            }
            out.println(text.toString().stripTrailing());
        }
    }

    private int width(int column) {
        return lines.stream().mapToInt(line -> line.get(column).length()).max().orElse(0);
    }

    private boolean isOfNumbers(int column) {
        List<String> cells = lines.stream().skip(1).map(line -> line.get(column)).toList();
        return cells.stream().allMatch(cell -> NUMBER.matcher(cell).matches() || cell.equals(Words.NOTHING))
                && !cells.stream().allMatch(Words.NOTHING::equals);
    }
}
