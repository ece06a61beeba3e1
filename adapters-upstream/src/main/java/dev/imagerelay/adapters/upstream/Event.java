package dev.imagerelay.adapters.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.imagerelay.domain.relay.UpstreamFailure;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * One server-sent event, or what stands for one between two blank lines, such as a comment.
 *
 * @param bytes  all of it, with the blank line that ends it
 * @param name   what it is called; empty if it has no name
 * @param isDone whether its data is {@code [DONE]}, by which some upstreams say that nothing follows
 * @param object its data, abbreviated; empty if it has none, or some that is no object
 */
record Event(Spool bytes, String name, boolean isDone, Optional<Outline> object) {

    /** Ends the types of OpenAI's previews, {@code image_generation.partial_image} and its kin. */
    private static final String PREVIEW = ".partial_image";

    /** Ends the types of events with a picture. */
    private static final String COMPLETED = ".completed";

    /** No picture that is worth anything is smaller, wherever an upstream may put it. */
    private static final int SMALL = 8 * 1024;

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
        String said = data.toString().strip();
        return new Event(bytes, name, said.equals("[DONE]"), object(said));
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

    /** Whether it may be shown before it is known what will be paid: a preview, or nothing that could be a picture. */
    boolean isFree() {
        return object.isEmpty()
                || isPreview(object.get())
                || pictures() == 0 && bytes.length() < SMALL && !type(object.get()).endsWith(COMPLETED);
    }

    private boolean isPreview(Outline json) {
        return type(json).endsWith(PREVIEW);
    }

    private String type(Outline json) {
        return json.text("type").orElse(name);
    }

    /** Whether it tells of an error, and of nothing else. */
    boolean isError() {
        return pictures() == 0 && object.filter(json -> json.hasError() || isFlatError(json)).isPresent();
    }

    private boolean isFlatError(Outline json) {
        return type(json).equals("error") || name.equals("error");
    }

    /**
     * What it says, in the way that the official SDKs understand: most take an error whose data is the error itself for
     * an event like any other.
     */
    Optional<String> nested() {
        return object.filter(json -> isError() && !json.hasError()).map(json -> {
            ObjectNode error = JsonNodeFactory.instance.objectNode();
            for (String member : List.of("message", "type", "param", "code")) {
                error.set(member, json.json().path(member).isValueNode() ? json.json().get(member) : NullNode.instance);
            }
            ObjectNode nested = JsonNodeFactory.instance.objectNode().put("type", "error");
            nested.set("error", error);
            return "event: error\ndata: " + nested + "\n\n";
        });
    }

    /**
     * What it tells of our own account at the upstream, in that way or in the other in which OpenAI's endpoints tell of
     * errors, where the data is the error itself.
     */
    Optional<UpstreamFailure> ownTrouble() {
        return object.flatMap(json -> OwnTrouble.in(json.error()).or(() -> OwnTrouble.in(json.json())));
    }
}
