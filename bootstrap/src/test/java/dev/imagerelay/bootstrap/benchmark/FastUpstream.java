package dev.imagerelay.bootstrap.benchmark;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An upstream that costs as little as one can, in a process of its own: one thread, and answers made in advance. How
 * many bytes are wanted, and after how many milliseconds, is the prompt of the order.
 */
public final class FastUpstream {

    private static final Pattern PROMPT = Pattern.compile("\"prompt\":\"(\\d+) (\\d+)\"");
    private static final int BACKLOG = 10_000;

    private final Selector selector = Selector.open();
    private final ServerSocketChannel server = ServerSocketChannel.open();
    private final ByteBuffer received = ByteBuffer.allocateDirect(64 << 10);
    private final Map<String, ByteBuffer> answers = new HashMap<>();
    private final Queue<Waiting> waiting = new PriorityQueue<>();

    private FastUpstream() throws IOException {
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        server.configureBlocking(false).register(selector, SelectionKey.OP_ACCEPT);
    }

    /** The order of one picture. */
    static String order(int bytes, int millis) {
        return "{\"model\":\"gpt-image-2\",\"prompt\":\"" + bytes + " " + millis + "\",\"size\":\"1024x1024\"}";
    }

    /** Starts one in a process of its own, and waits until it listens. */
    static Running start() throws IOException {
        Running process = Running.java("-Xmx256m", "-cp", System.getProperty("java.class.path"),
                FastUpstream.class.getName());
        process.await(Pattern.compile("listening on (\\d+)"));
        return process;
    }

    public static void main(String[] arguments) throws IOException {
        FastUpstream upstream = new FastUpstream();
        System.out.println("listening on " + upstream.server.socket().getLocalPort());
        upstream.serve();
    }

    private void serve() throws IOException {
        while (true) {
            if (waiting.isEmpty()) {
                selector.select();
            } else {
                selector.select(Math.max(1, (waiting.peek().due - System.nanoTime()) / 1_000_000));
            }
            for (SelectionKey key : selector.selectedKeys()) {
                try {
                    advance(key);
                } catch (IOException e) {
                    key.channel().close();
                }
            }
            selector.selectedKeys().clear();
            while (!waiting.isEmpty() && waiting.peek().due <= System.nanoTime()) {
                Waiting next = waiting.remove();
                try {
                    send(next.key, next.answer);
                } catch (IOException e) {
                    next.key.channel().close();
                }
            }
        }
    }

    private void advance(SelectionKey key) throws IOException {
        if (key.isAcceptable()) {
            for (SocketChannel next = server.accept(); next != null; next = server.accept()) {
                next.socket().setTcpNoDelay(true);
                next.configureBlocking(false).register(selector, SelectionKey.OP_READ, new Incoming());
            }
        } else if (key.isWritable()) {
            send(key, (ByteBuffer) key.attachment());
        } else {
            receive(key, (Incoming) key.attachment());
        }
    }

    private void receive(SelectionKey key, Incoming incoming) throws IOException {
        received.clear();
        if (((SocketChannel) key.channel()).read(received) < 0) {
            key.channel().close();
            return;
        }
        received.flip();
        if (received.hasRemaining() && incoming.take(received)) {
            Matcher prompt = PROMPT.matcher(incoming.beginning());
            if (!prompt.find()) {
                throw new IOException("no prompt in " + incoming.beginning());
            }
            incoming.next();
            ByteBuffer answer = answers.computeIfAbsent(prompt.group(1), FastUpstream::answer).duplicate();
            long millis = Long.parseLong(prompt.group(2));
            if (millis == 0) {
                send(key, answer);
            } else {
                waiting.add(new Waiting(System.nanoTime() + millis * 1_000_000, key, answer));
            }
        }
    }

    private static void send(SelectionKey key, ByteBuffer answer) throws IOException {
        ((SocketChannel) key.channel()).write(answer);
        if (answer.hasRemaining()) {
            key.interestOps(SelectionKey.OP_WRITE);
            key.attach(answer);
        } else if (key.interestOps() == SelectionKey.OP_WRITE) {
            key.interestOps(SelectionKey.OP_READ);
            key.attach(new Incoming());
        }
    }

    private static ByteBuffer answer(String bytes) {
        String begin = "{\"created\":1,\"data\":[{\"b64_json\":\"";
        String end = "\"}]}";
        int length = Integer.parseInt(bytes);
        byte[] answer = ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + length + "\r\n\r\n"
                        + begin + "A".repeat(length - begin.length() - end.length()) + end)
                .getBytes(US_ASCII);
        return ByteBuffer.allocateDirect(answer.length).put(answer).flip();
    }

    private record Waiting(long due, SelectionKey key, ByteBuffer answer) implements Comparable<Waiting> {
        @Override
        public int compareTo(Waiting other) {
            return Long.compare(due, other.due);
        }
    }
}
