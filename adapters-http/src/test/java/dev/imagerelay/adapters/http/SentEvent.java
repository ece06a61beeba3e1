package dev.imagerelay.adapters.http;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** One event of a stream as a reader understands it that follows the HTML standard, section 9.2. */
record SentEvent(String name, String data) {

    static List<SentEvent> parse(String stream) {
        List<SentEvent> events = new ArrayList<>();
        String name = "";
        StringJoiner data = new StringJoiner("\n").setEmptyValue("");
        for (String line : stream.lines().toList()) {
            if (line.isEmpty()) {
                if (data.length() > 0) {
                    events.add(new SentEvent(name, data.toString()));
                }
                name = "";
                data = new StringJoiner("\n").setEmptyValue("");
            } else if (line.startsWith("event: ")) {
                name = line.substring(7);
            } else if (line.startsWith("data: ")) {
                data.add(line.substring(6));
            }
        }
        return events;
    }
}
