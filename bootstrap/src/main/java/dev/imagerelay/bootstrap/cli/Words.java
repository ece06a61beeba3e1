package dev.imagerelay.bootstrap.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What JSON says, for people, in one line. */
final class Words {

    /** What stands for nothing. */
    static final String NOTHING = "-";

    /** What nobody wants to read of a time. */
    private static final Pattern FRACTION = Pattern.compile("^(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d)\\.\\d+Z$");

    private Words() {}

    /** A member's name. */
    static String name(String member) {
        return member.replace('_', ' ');
    }

    /** A member's value; of an object what is set in it, such as {@code 60 requests per minute}. */
    static String of(JsonNode value) {
        List<String> words = new ArrayList<>();
        if (value.isObject()) {
            value.properties().stream()
                    .filter(member -> !member.getValue().isNull())
                    .forEach(member -> words.add(of(member.getValue()) + " " + name(member.getKey())));
        } else if (value.isArray()) {
            value.forEach(element -> words.add(of(element)));
        } else if (value.isTextual()) {
            String text = FRACTION.matcher(value.textValue()).replaceFirst("$1Z");
            words.add(text.replaceAll("\\p{Cntrl}", "?")); // a terminal might obey
        }
        String all = String.join(", ", words);
        return all.isEmpty() ? NOTHING : all;
    }
}
