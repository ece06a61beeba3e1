package dev.imagerelay.adapters.upstream;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Tells an answer that came all at once in the events that were asked for: some upstreams overlook {@code stream}, and
 * the official SDKs see nothing at all in a JSON answer to it. The members of each picture stay as they came, and those
 * of ours follow.
 */
final class JsonAsEvents {

    private static final String TYPE = "image_generation.completed";

    /** What the whole answer says and each event repeats. */
    private static final List<String> COMMON = List.of("size", "quality", "background", "output_format");

    private static final int CHUNK = 16 * 1024;

    private final JsonAnswer answer;
    private final Spool events;

    private JsonAsEvents(JsonAnswer answer, Spool events) {
        this.answer = answer;
        this.events = events;
    }

    /**
     * One event for each picture; the receiver closes them, and the answer too.
     *
     * @throws UnusableAnswer       if it is JSON that cannot be read twice, such as one with endless names
     * @throws UncheckedIOException if the answer cannot be read back, or the events cannot be kept
     */
    static Spool of(JsonAnswer answer, Path spoolDirectory) throws UnusableAnswer {
        Spool events = new Spool(spoolDirectory, "text/event-stream");
        boolean told = false;
        try {
            new JsonAsEvents(answer, events).tell();
            told = true;
            return events;
        } catch (JsonProcessingException e) {
            throw new UnusableAnswer("JSON beyond what can be read");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read an answer back", e);
        } finally {
            if (!told) {
                events.close();
            }
        }
    }

    private void tell() throws IOException {
        JsonNode pictures = answer.outline().json().path("data");
        int left = answer.outline().pictures();
        long read = 0;
        try (InputStream body = answer.body().open();
                InputStream again = answer.body().open();
                JsonParser parser = Outline.FORM.createParser(body)) {
            toPictures(parser);
            for (JsonNode picture : pictures) {
                parser.nextToken();
                long start = parser.currentTokenLocation().getByteOffset();
                parser.skipChildren();
                long end = parser.currentLocation().getByteOffset();
                if (Outline.isPicture(picture)) {
                    left--;
                    events.append("event: " + TYPE + "\ndata: ");
                    again.skipNBytes(start - read);
                    copyOneLine(again, end - 1 - start); // the brace that closes it comes with our members
                    read = end - 1;
                    events.append("," + members(picture, left == 0).substring(1) + "\n\n");
                }
            }
        }
    }

    private static void toPictures(JsonParser parser) throws IOException {
        parser.nextToken();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean found = parser.currentName().equals("data");
            parser.nextToken();
            if (found) {
                return;
            }
            parser.skipChildren();
        }
        throw new EOFException("no data");
    }

    /** What is told of this picture beyond what it says of itself. */
    private String members(JsonNode picture, boolean last) {
        JsonNode whole = answer.outline().json();
        ObjectNode members = JsonNodeFactory.instance.objectNode();
        if (whole.has("created")) {
            members.set("created_at", whole.get("created"));
        }
        COMMON.stream().filter(whole::has).forEach(member -> members.set(member, whole.get(member)));
        if (last && whole.has("usage")) {
            members.set("usage", whole.get("usage"));
        }
        picture.fieldNames().forEachRemaining(members::remove);
        return members.put("type", TYPE).toString();
    }

    /** Without its line breaks, of which JSON has none that mean anything. */
    private void copyOneLine(InputStream in, long length) throws IOException {
        byte[] chunk = new byte[CHUNK];
        for (long left = length; left > 0; ) {
            int count = in.read(chunk, 0, (int) Math.min(left, CHUNK));
            if (count < 0) {
                throw new EOFException("the answer is shorter than it was");
            }
            left -= count;
            int kept = 0;
            for (int i = 0; i < count; i++) {
                if (chunk[i] != '\n' && chunk[i] != '\r') {
                    chunk[kept++] = chunk[i];
                }
            }
            events.append(chunk, 0, kept);
        }
    }

}
