package dev.imagerelay.adapters.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A client on a raw socket that watches one order being made. It sees every byte of the answer as it arrives, and fails
 * if the answer is cut off.
 */
final class Watcher implements AutoCloseable {

    private final Socket socket;
    private final InputStream in;
    private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private String statusLine = "";
    private boolean chunked;
    private int left;
    private boolean ended;

    /** Sends an order, with these headers besides, and does not wait for its answer. */
    Watcher(TestGateway gateway, String order, String... headers) throws IOException {
        socket = new Socket("127.0.0.1", gateway.server.port());
        socket.setSoTimeout(20_000);
        in = new BufferedInputStream(socket.getInputStream());
        socket.getOutputStream().write(("POST /v1/images/generations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                        + gateway.key + "\r\n" + String.join("", Stream.of(headers).map(h -> h + "\r\n").toList())
                        + "Content-Type: application/json\r\nContent-Length: " + order.length() + "\r\n\r\n"
                        + order)
                .getBytes(StandardCharsets.US_ASCII));
    }

    /** The first line of the answer, once it has come. */
    String statusLine() throws IOException {
        readHead();
        return statusLine;
    }

    /** A header of the answer; null if it has none of that name. */
    String header(String name) throws IOException {
        readHead();
        return headers.get(name);
    }

    private void readHead() throws IOException {
        if (statusLine.isEmpty()) {
            statusLine = headLine();
            for (String line = headLine(); !line.isEmpty(); line = headLine()) {
                String[] parts = line.split(": ", 2);
                headers.put(parts[0], parts[1]);
            }
            chunked = headers.containsKey("Transfer-Encoding");
            left = Integer.parseInt(headers.getOrDefault("Content-Length", "0"));
        }
    }

    private String headLine() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = received(); b != '\n'; b = received()) {
            line.append((char) b);
        }
        return line.toString().strip();
    }

    private int received() throws IOException {
        int b = in.read();
        if (b < 0) {
            throw new EOFException("cut off");
        }
        return b;
    }

    /** The next line of the body with its end, once it has come; empty at the end of the answer. */
    String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = next(); b >= 0; b = next()) {
            line.write(b);
            if (b == '\n') {
                break;
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    /** The body up to the next blank line, once that has come. */
    String event() throws IOException {
        StringBuilder event = new StringBuilder();
        String line;
        do {
            line = line();
            event.append(line);
        } while (!line.isBlank());
        return event.toString();
    }

    /** All that is left of the body, once it has ended as it should. */
    String rest() throws IOException {
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        for (int b = next(); b >= 0; b = next()) {
            rest.write(b);
        }
        return rest.toString(StandardCharsets.UTF_8);
    }

    private int next() throws IOException {
        readHead();
        if (left == 0 && chunked && !ended) {
            left = Integer.parseInt(chunkHead(), 16);
            ended = left == 0;
        }
        if (left == 0) {
            return -1;
        }
        left--;
        return received();
    }

    /** The size of the next chunk. The server sends the end of the one before together with it, and not earlier. */
    private String chunkHead() throws IOException {
        String head = headLine();
        return head.isEmpty() ? headLine() : head;
    }

    /** Leaves at once, in the middle of whatever comes. */
    void leave() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
