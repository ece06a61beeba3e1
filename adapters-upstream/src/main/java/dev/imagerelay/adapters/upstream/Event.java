package dev.imagerelay.adapters.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.imagerelay.domain.relay.UpstreamFailure;
import java.io.IOException;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * One server-sent event, or what stands for one between two blank lines, such as a comment.
 *
 * @param bytes  all of it, with the blank line that ends it
 * @param name   what it is called; empty if it has no name
 * @param object its data, abbreviated; empty if it has none, or some that is no object, such as {@code [DONE]}
 */
record Event(Spool bytes, String name, Optional<Outline> object) {

    /** Ends the types of OpenAI's previews, {@code image_generation.partial_image} and its kin. */
    private static final String PREVIEW = ".partial_image";

    private static final String BYTE_ORDER_MARK = "\ufeff";

    /**
     * Reads an event's lines as WHATWG HTML 9.2.6 says.
     *
     * @param text the event with the long strings in its data abbreviated
     * @throws UnusableAnswer if its data begins as an object and is none
     */
    static Event of(Spool bytes, byte[] text) throws IOException {
        String name = "";
        StringJoiner data = new StringJoiner("\n");
        for (String line : new String(text, UTF_8).replace(BYTE_ORDER_MARK, "").split("\r\n|\r|\n")) {
            if (line.startsWith("event:")) {
                name = value(line);
            } else if (line.startsWith("data:")) {
                data.add(value(line));
            }
        }
        return new Event(bytes, name, object(data.toString().strip()));
    }

    private static String value(String line) {
        String value = line.substring(line.indexOf(':') + 1);
        return value.startsWith(" ") ? value.substring(1) : value;
    }

    private static Optional<Outline> object(String data) throws IOException {
        if (!data.startsWith("{")) {
            return Optional.empty();
        }
        Optional<Outline> object = Outline.read(data.getBytes(UTF_8));
        if (object.isEmpty()) {
            throw new UnusableAnswer("an event whose data is no JSON");
        }
        return object;
    }

    /**
     * How many whole pictures it brings, under whatever name: previews are free, and anything else with a picture in it
     * is what was ordered.
     */
    int pictures() {
        return object.map(json -> json.pictures() + (Outline.isPicture(json.json()) && !isPreview(json) ? 1 : 0))
                .orElse(0);
    }

    private boolean isPreview(Outline json) {
        return json.text("type").orElse(name).endsWith(PREVIEW);
    }

    /** Whether it tells of an error, in the way that the official SDKs understand. */
    boolean isError() {
        return object.filter(Outline::hasError).isPresent();
    }

    /**
     * What it tells of our own account at the upstream, in that way or in the other in which OpenAI's endpoints tell of
     * errors, where the data is the error itself.
     */
    Optional<UpstreamFailure> ownTrouble() {
        return object.flatMap(json -> OwnTrouble.in(json.error()).or(() -> OwnTrouble.in(json.json())));
    }
}
