package dev.imagerelay.bootstrap.benchmark;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/** Sends the same order again and again, from one thread, and only counts the bytes of the answers. */
final class Load {

    /** Later than that nobody waits for an answer any more. */
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

    private static final long LONGEST = TimeUnit.SECONDS.toNanos(100);

    private final InetSocketAddress address;
    private final byte[] request;
    private final ByteBuffer received = ByteBuffer.allocateDirect(256 << 10);
    private final Histogram latency = new Histogram(LONGEST, 3);
    private final ArrayDeque<Connection> idle = new ArrayDeque<>();
    private final Selector selector;
    private int waiting;
    private long refused;
    private long failed;

    private Load(Target target, String order, Selector selector) {
        this.selector = selector;
        this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), target.port());
        this.request = ("POST /v1/images/generations HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                        + target.key() + "\r\nContent-Type: application/json\r\nContent-Length: " + order.length()
                        + "\r\n\r\n" + order)
                .getBytes(US_ASCII);
    }

    /** So many callers, each of whom asks again as soon as it is answered. */
    static Tally closed(Target target, String order, int callers, double seconds) throws IOException {
        try (Selector selector = Selector.open()) {
            Load load = new Load(target, order, selector);
            long start = System.nanoTime();
            long end = start + (long) (seconds * 1e9);
            for (int i = 0; i < callers; i++) {
                load.call(start);
            }
            for (long now = start; now < end; now = System.nanoTime()) {
                load.select(end);
                while (load.waiting < callers) {
                    load.call(System.nanoTime());
                }
            }
            Tally tally = load.tally(start);
            load.hangUp();
            return tally;
        }
    }

    /** So many callers, each of whom asks once, at the same time. */
    static Tally atOnce(Target target, String order, int callers) throws IOException {
        try (Selector selector = Selector.open()) {
            Load load = new Load(target, order, selector);
            long start = System.nanoTime();
            for (int i = 0; i < callers; i++) {
                load.call(start);
            }
            load.awaitAnswers();
            Tally tally = load.tally(start);
            load.hangUp();
            return tally;
        }
    }

    /**
     * So many calls a second, each when it is due, however the earlier ones fare: one that has to wait for anything has
     * a latency that says so.
     */
    static Tally steady(Target target, String order, double perSecond, double seconds) throws IOException {
        try (Selector selector = Selector.open()) {
            Load load = new Load(target, order, selector);
            long pause = (long) (1e9 / perSecond);
            long calls = (long) (perSecond * seconds);
            long start = System.nanoTime();
            Thread pacer = pacer(selector, start, pause, calls);
            for (long called = 0; called < calls; ) {
                load.select(Long.MAX_VALUE);
                for (; called < calls && start + called * pause <= System.nanoTime(); called++) {
                    load.call(start + called * pause);
                }
            }
            load.awaitAnswers();
            Tally tally = load.tally(start);
            load.hangUp();
            pacer.interrupt();
            return tally;
        }
    }

    /** A selector sleeps whole milliseconds, so somebody else wakes it when a call is due. */
    private static Thread pacer(Selector selector, long start, long pause, long calls) {
        Thread pacer = new Thread(() -> {
            for (long i = 0; i < calls && !Thread.interrupted(); i++) {
                LockSupport.parkNanos(start + i * pause - System.nanoTime());
                selector.wakeup();
            }
        }, "pacer");
        pacer.setDaemon(true);
        pacer.start();
        return pacer;
    }

    private void call(long due) throws IOException {
        Connection connection = idle.poll();
        if (connection == null) {
            connection = new Connection(SocketChannel.open());
        }
        waiting++;
        try {
            connection.call(due);
        } catch (IOException e) {
            connection.drop();
        }
    }

    private void awaitAnswers() throws IOException {
        long end = System.nanoTime() + PATIENCE;
        while (waiting > 0 && System.nanoTime() < end) {
            select(end);
        }
        failed += waiting;
    }

    private void select(long end) throws IOException {
        long millis = (end - System.nanoTime()) / 1_000_000;
        selector.select(Math.max(1, Math.min(millis, 1_000)));
        for (SelectionKey key : selector.selectedKeys()) {
            Connection connection = (Connection) key.attachment();
            try {
                connection.advance();
            } catch (IOException e) {
                connection.drop();
            }
        }
        selector.selectedKeys().clear();
    }

    private Tally tally(long start) {
        return new Tally(latency, refused, failed, (System.nanoTime() - start) / 1e9);
    }

    private void hangUp() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
    }

    private final class Connection {

        private final SocketChannel channel;
        private final SelectionKey key;
        private final Incoming incoming = new Incoming();
        private boolean calling;
        private long due;

        Connection(SocketChannel channel) throws IOException {
            this.channel = channel;
            channel.socket().setTcpNoDelay(true);
            channel.configureBlocking(false);
            key = channel.register(selector, SelectionKey.OP_CONNECT, this);
            channel.connect(address);
        }

        void call(long due) throws IOException {
            this.due = due;
            calling = true;
            if (channel.isConnected()) {
                send();
            }
        }

        private void send() throws IOException {
            if (channel.write(ByteBuffer.wrap(request)) < request.length) {
                throw new IOException("a request too large for the socket");
            }
        }

        void advance() throws IOException {
            if (key.isConnectable()) {
                channel.finishConnect();
                key.interestOps(SelectionKey.OP_READ);
                send();
                return;
            }
            while (true) {
                received.clear();
                int count = channel.read(received);
                if (count < 0) {
                    throw new IOException("closed by the other side");
                }
                received.flip();
                if (count == 0) {
                    return;
                }
                if (incoming.take(received)) {
                    answered(incoming.status());
                    return;
                }
            }
        }

        private void answered(int status) {
            if (status == 200) {
                latency.recordValue(Math.min(LONGEST, System.nanoTime() - due));
            } else if (status == 503) {
                refused++;
            } else {
                failed++;
            }
            incoming.next();
            calling = false;
            waiting--;
            idle.push(this);
        }

        void drop() throws IOException {
            if (calling) {
                failed++;
                waiting--;
            } else {
                idle.remove(this);
            }
            channel.close();
        }
    }
}
