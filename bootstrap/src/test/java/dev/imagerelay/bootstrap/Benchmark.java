package dev.imagerelay.bootstrap;

import dev.imagerelay.adapters.persistence.Database;
import dev.imagerelay.application.port.in.AdministerAccounts;
import dev.imagerelay.application.port.in.AdministerAccounts.GrantOrder;
import dev.imagerelay.application.service.ImageRelay;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.ledger.GrantSource;
import dev.imagerelay.domain.pricing.Credits;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What the relay adds to a call and to a preview, and how much memory it needs for large answers and large events. The
 * server runs as a process of its own with the durable ledger on; the upstream is a bare socket in this process, and is
 * also called directly, in rounds that alternate, so that both see the same machine. Takes about three minutes.
 *
 * <pre>
 * mvn -q -DskipTests package
 * java -cp "bootstrap/target/test-classes:bootstrap/target/classes:bootstrap/target/lib/*" \
 *     dev.imagerelay.bootstrap.Benchmark
 * </pre>
 */
public final class Benchmark {

    private static final int ROUNDS = 10;
    private static final int CALLS = 400;
    private static final int LARGE = 8 << 20;
    private static final int AT_ONCE = 100;

    private Benchmark() {}

    public static void main(String[] arguments) throws Exception {
        addedLatency();
        flatMemory();
        StreamBenchmark.addedToPreview();
        StreamBenchmark.largeEvent();
        StreamBenchmark.manyStreams();
        System.exit(0);
    }

    /** One caller, answers of 200 bytes. */
    private static void addedLatency() throws Exception {
        Path directory = customerOfMeans();
        try (SocketUpstream upstream = new SocketUpstream(picture(200));
                ServerProcess server = ServerProcess.start(directory, upstream.baseUrl());
                Caller direct = new Caller(upstream.port(), "none");
                Caller relayed = new Caller(server.port(), server.key())) {
            measure(direct, 2_000);
            measure(relayed, 6_000);
            List<long[]> directRounds = new ArrayList<>();
            List<long[]> relayedRounds = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                directRounds.add(measure(direct, CALLS));
                relayedRounds.add(measure(relayed, CALLS));
            }
            System.out.printf("one caller, 200-byte answers, %d rounds of %d calls%n", ROUNDS, CALLS);
            System.out.printf("%-10s %10s %10s %22s%n", "", "p50 ms", "p99 ms", "p50 of the rounds");
            print("direct", directRounds);
            print("relayed", relayedRounds);
            System.out.printf("added p50 %.2f ms%n%n",
                    percentile(all(relayedRounds), 50) - percentile(all(directRounds), 50));
        }
    }

    /** Many large answers at once through a small heap; every byte is counted. */
    private static void flatMemory() throws Exception {
        Path directory = customerOfMeans();
        try (SocketUpstream upstream = new SocketUpstream(picture(LARGE));
                ServerProcess server = ServerProcess.start(directory, upstream.baseUrl(), "-Xmx128m")) {
            int complete = countAtOnce(AT_ONCE, () -> {
                try (Caller caller = new Caller(server.port(), server.key())) {
                    return caller.call() == LARGE;
                }
            });
            System.out.printf("%d of %d answers of %d MiB at once arrived whole with -Xmx128m%n%n", complete, AT_ONCE,
                    LARGE >> 20);
        }
    }

    /** How many of so many calls at once succeed. */
    static int countAtOnce(int calls, Callable<Boolean> call) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(calls);
        int count = 0;
        for (Future<Boolean> each : threads.invokeAll(Collections.nCopies(calls, call))) {
            count += each.get() ? 1 : 0;
        }
        threads.shutdown();
        return count;
    }

    private static Answer picture(int length) {
        byte[] body = base64("{\"created\":1,\"data\":[{\"b64_json\":\"", "\"}]}", length);
        byte[] head = ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] answer = Arrays.copyOf(head, head.length + length);
        System.arraycopy(body, 0, answer, head.length, length);
        return out -> out.write(answer);
    }

    /** So many bytes, with these at both ends. */
    static byte[] base64(String head, String tail, int length) {
        return (head + "A".repeat(length - head.length() - tail.length()) + tail).getBytes(StandardCharsets.US_ASCII);
    }

    /** An installation with one account that can pay for all of this. */
    static Path customerOfMeans() throws IOException {
        Path directory = Files.createTempDirectory("benchmark");
        try (Database database = Database.open(ServerProcess.databaseUrl(directory), Clock.systemUTC())) {
            AdministerAccounts office = ImageRelay.administerAccounts(
                    database.accounts(), database.keys(), database.ledger(), Clock.systemUTC(), new SecureRandom());
            AccountId account = office.open("benchmark").id();
            office.grant(account, GrantOrder.of(Credits.of("1000000"), GrantSource.PROMOTIONAL));
            Files.writeString(
                    directory.resolve("key"), office.issueKey(account).orElseThrow().secret().reveal());
        }
        return directory;
    }

    private static long[] measure(Caller caller, int calls) throws IOException {
        long[] nanos = new long[calls];
        for (int i = 0; i < calls; i++) {
            long start = System.nanoTime();
            caller.call();
            nanos[i] = System.nanoTime() - start;
        }
        return nanos;
    }

    private static void print(String what, List<long[]> rounds) {
        double[] medians = rounds.stream().mapToDouble(round -> percentile(round, 50)).sorted().toArray();
        System.out.printf("%-10s %10.2f %10.2f %13.2f to %.2f%n", what, percentile(all(rounds), 50),
                percentile(all(rounds), 99), medians[0], medians[medians.length - 1]);
    }

    private static long[] all(List<long[]> rounds) {
        return rounds.stream().flatMapToLong(Arrays::stream).toArray();
    }

    static double percentile(long[] nanos, int percent) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return sorted[(sorted.length - 1) * percent / 100] / 1e6;
    }

    /** Reads a request or an answer off a connection that stays open, and tells the length of its body. */
    private static int readMessage(InputStream in, byte[] buffer) throws IOException {
        int length = 0;
        StringBuilder line = new StringBuilder();
        while (true) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException();
            }
            if (b != '\n') {
                line.append((char) b);
                continue;
            }
            String header = line.toString().strip();
            line.setLength(0);
            if (header.regionMatches(true, 0, "content-length:", 0, 15)) {
                length = Integer.parseInt(header.substring(15).strip());
            }
            if (header.isEmpty()) {
                for (int left = length; left > 0; ) {
                    int read = in.read(buffer, 0, Math.min(left, buffer.length));
                    if (read < 0) {
                        throw new EOFException();
                    }
                    left -= read;
                }
                return length;
            }
        }
    }

    /** Everything that an upstream sends in answer to an order. */
    interface Answer {
        void send(OutputStream out) throws IOException;
    }

    /** An upstream as fast as a socket: one answer, made in advance. */
    static final class SocketUpstream implements AutoCloseable {

        private final ServerSocket server = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
        private final Answer answer;

        SocketUpstream(Answer answer) throws IOException {
            this.answer = answer;
            daemon(() -> {
                while (true) {
                    Socket socket = server.accept();
                    daemon(() -> serve(socket));
                }
            });
        }

        private interface Task {
            void run() throws IOException;
        }

        private static void daemon(Task task) {
            Thread thread = new Thread(() -> {
                try {
                    task.run();
                } catch (IOException e) {
                    // the caller or the benchmark has ended
                }
            });
            thread.setDaemon(true);
            thread.start();
        }

        private void serve(Socket socket) throws IOException {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            byte[] buffer = new byte[8192];
            while (true) {
                readMessage(in, buffer);
                answer.send(socket.getOutputStream());
            }
        }

        int port() {
            return server.getLocalPort();
        }

        URI baseUrl() {
            return URI.create("http://127.0.0.1:" + port() + "/v1");
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }

    /** A client on one connection that does nothing but send the same order and read the answer. */
    private static final class Caller implements AutoCloseable {

        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;
        private final byte[] request;
        private final byte[] buffer = new byte[64 << 10];

        Caller(int port, String key) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            in = new BufferedInputStream(socket.getInputStream(), 64 << 10);
            out = socket.getOutputStream();
            String body = "{\"model\":\"gpt-image-2\",\"prompt\":\"a lighthouse\",\"size\":\"1024x1024\"}";
            request = ("POST /v1/images/generations HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + key
                            + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n"
                            + body)
                    .getBytes(StandardCharsets.US_ASCII);
        }

        int call() throws IOException {
            out.write(request);
            return readMessage(in, buffer);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
