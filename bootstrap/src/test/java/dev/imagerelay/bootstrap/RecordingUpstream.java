package dev.imagerelay.bootstrap;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.imagerelay.adapters.upstream.MisbehavingUpstream;
import dev.imagerelay.adapters.upstream.MisbehavingUpstream.Wire;
import java.io.IOException;
import java.net.URI;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An upstream that writes down every request it saw and every answer it sent whole, each of which is unlike any other.
 * One in eight requests fails, one in eight is cut off in the middle, and one in eight gets a picture too few.
 */
final class RecordingUpstream implements AutoCloseable {

    private static final Pattern ORDER = Pattern.compile("\"prompt\":\"order (\\d+)\",\"n\":(\\d+)");

    /** A request: for which relay, of which order. */
    record Asked(String relay, int order) {}

    /** A whole answer. */
    record Sent(int pictures, String body) {}

    private final MisbehavingUpstream upstream = MisbehavingUpstream.answering(this::play);
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final Map<String, Sent> sent = new ConcurrentHashMap<>();

    private void play(Wire wire) throws IOException, InterruptedException {
        String relay = wire.request().header("X-Client-Request-Id").orElseThrow();
        Matcher order = ORDER.matcher(new String(wire.request().body(), ISO_8859_1));
        if (!order.find()) {
            throw new IllegalStateException("the campaign has sent another order");
        }
        asked.add(new Asked(relay, Integer.parseInt(order.group(1))));
        int turn = wire.requestNumber() % 8;
        wire.pause(5 + 5 * turn);
        int ordered = Integer.parseInt(order.group(2));
        int pictures = turn == 1 && ordered > 1 ? ordered - 1 : ordered;
        String body = body(relay, pictures);
        if (turn == 3) {
            MisbehavingUpstream.json(500, "{\"error\":{\"message\":\"out of paint\"}}").play(wire);
        } else if (turn == 5) {
            wire.begin("Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n");
            wire.send(body.substring(0, body.length() / 2));
            wire.reset();
        } else {
            sent.put(relay, new Sent(pictures, body));
            MisbehavingUpstream.json(200, body).play(wire);
        }
    }

    /** Nothing but the relay's own name in each picture. */
    private static String body(String relay, int pictures) {
        String picture = "{\"b64_json\":\"" + relay.substring("req_".length()) + "\"}";
        return "{\"created\":1,\"data\":[" + String.join(",", Collections.nCopies(pictures, picture)) + "]}";
    }

    URI baseUrl() {
        return upstream.baseUrl();
    }

    /** Every request, the oldest first. */
    List<Asked> asked() {
        return List.copyOf(asked);
    }

    /** Every whole answer, by its relay. It may have been sent to nobody. */
    Map<String, Sent> sent() {
        return Map.copyOf(sent);
    }

    @Override
    public void close() throws IOException {
        upstream.close();
    }
}
