package dev.imagerelay.bootstrap.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Where answers are printed: results on standard output, talk on standard error. */
final class Page {

    private final PrintWriter out;
    private final PrintWriter err;

    Page(PrintWriter out, PrintWriter err) {
        this.out = out;
        this.err = err;
    }

    void say(String line) {
        err.println(line);
    }

    void print(String text) {
        out.print(text);
    }

    void line(String text) {
        out.println(text);
    }

    /** The members of an object, one a line, and those of objects in it; but no lists of objects. */
    void members(JsonNode object) {
        List<List<String>> lines = new ArrayList<>();
        gather("", object, lines);
        int width = lines.stream().mapToInt(line -> line.get(0).length()).max().orElse(0);
        for (List<String> line : lines) {
            out.println(line.get(0) + " ".repeat(width + 2 - line.get(0).length()) + line.get(1));
        }
    }

    private static void gather(String before, JsonNode object, List<List<String>> lines) {
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            String name = before + Words.name(member.getKey());
            JsonNode value = member.getValue();
            if (value.isObject()) {
                gather(name + " ", value, lines);
            } else if (!value.path(0).isObject()) {
                lines.add(List.of(name, Words.of(value)));
            }
        }
    }

    /** The objects of a list as a table with these members, or with all of them if none are named. */
    void table(JsonNode list, String... members) {
        table(new Table(list, members));
    }

    void table(Table table) {
        table.print(out);
    }

    /** The same under a heading, unless there are none. */
    void table(String heading, JsonNode list, String... members) {
        if (!list.isEmpty()) {
            out.println();
            out.println(heading);
            table(list, members);
        }
    }

    /** The grants in an answer about the credits of an account. */
    void grants(JsonNode answer) {
        table("Grants", answer.path("grants"), "id", "source", "priority", "granted", "available", "held", "granted_at",
                "expires_at", "external_id");
    }

    /** Says how to go on if there is more than was printed. */
    void more(JsonNode answer, String option) {
        if (answer.path("next").isTextual()) {
            say("There are more: " + option + " " + Words.of(answer.get("next")));
        }
    }

    void flush() {
        out.flush();
        err.flush();
    }
}
