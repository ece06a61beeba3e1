package dev.imagerelay.adapters.upstream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;

/**
 * An upstream on a real socket that does exactly what a test tells it, byte by byte, and remembers what it was sent.
 * Serves each connection on a thread of its own. Close it to end all of them.
 */
public final class MisbehavingUpstream implements AutoCloseable {

    private final ServerSocket server;
    private final boolean listens;
    private final Script script;
    private final List<Socket> connections = new CopyOnWriteArrayList<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    /** What happens on a connection. An exception of a broken connection ends it quietly. */
    @FunctionalInterface
    public interface Script {
        void play(Wire wire) throws IOException, InterruptedException;
    }

    /**
     * One request as it came.
     *
     * @param head the request line and the header lines, without the empty line
     * @param body as many bytes as its Content-Length said
     */
    public record Request(String head, byte[] body) {

        /** The value of a header; empty if it was not sent. */
        public Optional<String> header(String name) {
            return head.lines()
                    .skip(1)
                    .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .findFirst();
        }
    }

    private interface Task {
        void run() throws IOException, InterruptedException;
    }

    private MisbehavingUpstream(boolean listens, Script script) {
        this.listens = listens;
        this.script = script;
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        inBackground(this::accept);
    }

    /** Reads a request whole, plays the script, and so on, for as long as the script leaves the connection open. */
    public static MisbehavingUpstream answering(Script script) {
        return new MisbehavingUpstream(true, script);
    }

    /** Plays the script as soon as somebody connects, and reads nothing. */
    public static MisbehavingUpstream deaf(Script script) {
        return new MisbehavingUpstream(false, script);
    }

    /** A script that answers completely, with this status and this JSON. */
    public static Script json(int status, String body) {
        return wire -> wire.answer(status, "Content-Type: application/json\r\n", body.getBytes(UTF_8));
    }

    /** The same bytes, compressed. */
    public static byte[] gzipped(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    /** What to take as its base URL. */
    public URI baseUrl() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/v1");
    }

    /** Every request that was read whole, the oldest first. */
    public List<Request> requests() {
        return List.copyOf(requests);
    }

    /** How many connections were ever accepted. */
    public int connections() {
        return connections.size();
    }

    private void accept() throws IOException {
        while (true) {
            Socket socket = server.accept();
            socket.setTcpNoDelay(true);
            connections.add(socket);
            inBackground(() -> serve(socket));
        }
    }

    private void serve(Socket socket) throws IOException, InterruptedException {
        try (socket) {
            Wire wire = new Wire(socket);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            do {
                if (listens) {
                    wire.request = read(in);
                    requests.add(wire.request);
                }
                script.play(wire);
            } while (!socket.isClosed());
        }
    }

    private static Request read(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException("the client has gone");
            }
            head.append((char) b);
        }
        head.setLength(head.length() - 4);
        int length = new Request(head.toString(), new byte[0])
                .header("Content-Length")
                .map(Integer::valueOf)
                .orElse(0);
        return new Request(head.toString(), in.readNBytes(length));
    }

    private static void inBackground(Task task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (IOException | InterruptedException e) {
                // the connection or the test has ended
            }
        }, "misbehaving-upstream");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        server.close();
        for (Socket connection : connections) {
            connection.close();
        }
    }

    /** The sending side of a connection. */
    public final class Wire {

        private final Socket socket;
        private Request request;

        private Wire(Socket socket) {
            this.socket = socket;
        }

        /** The request that is to be answered now; null if none was read. */
        public Request request() {
            return request;
        }

        /** How many requests there were so far on all connections, this one included. */
        public int requestNumber() {
            return requests.size();
        }

        /** Sends these bytes now. */
        public void send(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
        }

        /** Sends these characters now, a byte each. */
        public void send(String text) throws IOException {
            send(text.getBytes(ISO_8859_1));
        }

        /** Sends a complete answer; each header line ends with CR LF. */
        public void answer(int status, String headers, byte[] body) throws IOException {
            send("HTTP/1.1 " + status + " Whatever\r\n" + headers + "Content-Length: " + body.length + "\r\n\r\n");
            send(body);
        }

        /** Begins an answer of success with these headers, each of them with its CR LF, and leaves it open. */
        public void begin(String headers) throws IOException {
            send("HTTP/1.1 200 OK\r\n" + headers + "\r\n");
        }

        /** Sends one chunk of an answer that has {@code Transfer-Encoding: chunked}; an empty one is the last. */
        public void chunk(byte[] bytes) throws IOException {
            send(Integer.toHexString(bytes.length) + "\r\n");
            send(bytes);
            send("\r\n");
        }

        /** Does nothing until the upstream is closed. */
        public void stall() throws InterruptedException {
            closed.await();
        }

        /** Does nothing for a while, or until the upstream is closed. */
        public void pause(long millis) throws InterruptedException {
            closed.await(millis, TimeUnit.MILLISECONDS);
        }

        /** Ends the connection in good order. */
        public void hangUp() throws IOException {
            socket.close();
        }

        /** Breaks the connection: the client's next read fails. */
        public void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }
}
