package dev.imagerelay.bootstrap.benchmark;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.imagerelay.bootstrap.benchmark.SocketUpstream.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/** How soon a preview is passed on, and that large events cost no memory. */
final class Streams {

    private static final byte[] ORDER = ("{\"model\":\"gpt-image-2\",\"prompt\":\"a lighthouse\","
                    + "\"size\":\"1024x1024\",\"stream\":true,\"partial_images\":2}")
            .getBytes(US_ASCII);

    private static final int WARM_UP = 50;
    private static final int AT_ONCE = 200;
    private static final int EVENT = 2 << 20;
    private static final int LARGE_EVENT = 20 << 20;
    private static final int PACKET = 16 << 10;

    private Streams() {}

    static void run(Gateway gateway, boolean full) throws Exception {
        addedToPreview(gateway, "sent at once", 0, full ? 200 : 30);
        addedToPreview(gateway, "over a line of 1 Gbit/s", 8, full ? 200 : 30);
        arriveWhole(gateway, 1, LARGE_EVENT, new Whole(List.of(event("completed", LARGE_EVENT))));
        byte[] preview = event("partial_image", EVENT);
        arriveWhole(gateway, AT_ONCE, EVENT, new Whole(List.of(preview, preview, event("completed", EVENT))));
    }

    /**
     * One viewer, from the last byte of a preview leaving the upstream to the last byte reaching the viewer. Sent at
     * once it is all still to be read when its last byte has left; over a line only the end of it is.
     */
    private static void addedToPreview(Gateway gateway, String how, long nanosPerByte, int streams)
            throws Exception {
        Steps steps = new Steps(event("partial_image", EVENT), event("completed", EVENT), nanosPerByte);
        try (SocketUpstream upstream = new SocketUpstream(steps);
                Target target = gateway.before(upstream.port()).start()) {
            long[] direct = new long[streams];
            long[] relayed = new long[streams];
            for (int i = -WARM_UP; i < streams; i++) {
                direct[Math.max(0, i)] = steps.watch(upstream.port(), "none");
                relayed[Math.max(0, i)] = steps.watch(target.port(), target.key());
            }
            System.out.printf("%none viewer, previews of %d MiB %s, %d streams each way%n", EVENT >> 20, how, streams);
            System.out.printf("%-10s %10s %10s %10s %10s%n", "", "p10 ms", "p50 ms", "p90 ms", "p99 ms");
            print("direct", direct);
            print("relayed", relayed);
            System.out.printf("added p50 %.2f ms%n", percentile(relayed, 50) - percentile(direct, 50));
        }
    }

    private static void print(String what, long[] nanos) {
        System.out.printf("%-10s %10.2f %10.2f %10.2f %10.2f%n", what, percentile(nanos, 10),
                percentile(nanos, 50), percentile(nanos, 90), percentile(nanos, 99));
    }

    private static double percentile(long[] nanos, int percent) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return sorted[(sorted.length - 1) * percent / 100] / 1e6;
    }

    /** Large events through a small heap. */
    private static void arriveWhole(Gateway gateway, int atOnce, int eventBytes, Whole stream)
            throws Exception {
        try (SocketUpstream upstream = new SocketUpstream(stream);
                Target target = gateway.before(upstream.port()).with("-Xmx128m").start()) {
            ExecutorService viewers = Executors.newFixedThreadPool(atOnce);
            int whole = 0;
            Callable<Boolean> viewer = () -> stream.arrives(target.port(), target.key());
            for (Future<Boolean> one : viewers.invokeAll(Collections.nCopies(atOnce, viewer))) {
                whole += one.get() ? 1 : 0;
            }
            viewers.shutdown();
            System.out.printf("%d of %d streams at once, each of %d events of %d MiB, arrived whole with -Xmx128m%n",
                    whole, atOnce, stream.events().size(), eventBytes >> 20);
        }
    }

    private static byte[] event(String name, int length) {
        String type = "image_generation." + name;
        String head = "event: " + type + "\ndata: {\"type\":\"" + type + "\",\"b64_json\":\"";
        String tail = "\"}\n\n";
        return (head + "A".repeat(length - head.length() - tail.length()) + tail).getBytes(US_ASCII);
    }

    private static void begin(OutputStream out) throws IOException {
        out.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n"
                .getBytes(US_ASCII));
    }

    private static void chunk(byte[] event, OutputStream out) throws IOException {
        out.write(("\r\n" + Integer.toHexString(event.length) + "\r\n").getBytes(US_ASCII));
        out.write(event);
    }

    private static void end(OutputStream out) throws IOException {
        out.write("\r\n0\r\n\r\n".getBytes(US_ASCII));
    }

    private static InputStream order(int port, String key) throws IOException {
        HttpURLConnection call = (HttpURLConnection)
                URI.create("http://127.0.0.1:" + port + "/v1/images/generations").toURL().openConnection();
        call.setDoOutput(true);
        call.setFixedLengthStreamingMode(ORDER.length);
        call.setRequestProperty("Authorization", "Bearer " + key);
        call.setRequestProperty("Content-Type", "application/json");
        try (OutputStream out = call.getOutputStream()) {
            out.write(ORDER);
        }
        return call.getInputStream();
    }

    /** Whether the next bytes are those of the event. */
    private static boolean comes(byte[] event, InputStream in, byte[] buffer) throws IOException {
        for (int at = 0; at < event.length; ) {
            int count = in.read(buffer, 0, Math.min(buffer.length, event.length - at));
            if (count < 0 || !Arrays.equals(buffer, 0, count, event, at, at + count)) {
                return false;
            }
            at += count;
        }
        return true;
    }

    /** Events one after the other. */
    private record Whole(List<byte[]> events) implements Answer {

        @Override
        public void send(OutputStream out) throws IOException {
            begin(out);
            for (byte[] event : events) {
                chunk(event, out);
            }
            end(out);
        }

        /** Whether these events and nothing else come in answer to an order. */
        boolean arrives(int port, String key) {
            byte[] buffer = new byte[64 << 10];
            try (InputStream in = order(port, key)) {
                for (byte[] event : events) {
                    if (!comes(event, in, buffer)) {
                        return false;
                    }
                }
                return in.read() < 0;
            } catch (IOException e) {
                return false;
            }
        }
    }

    /** A preview, and the picture once the preview was seen, with a clock. For one viewer at a time. */
    private static final class Steps implements Answer {

        private final byte[] preview;
        private final byte[] picture;
        private final long nanosPerByte;
        private final byte[] buffer = new byte[64 << 10];
        private final Semaphore seen = new Semaphore(0);
        private volatile long sent;

        Steps(byte[] preview, byte[] picture, long nanosPerByte) {
            this.preview = preview;
            this.picture = picture;
            this.nanosPerByte = nanosPerByte;
        }

        @Override
        public void send(OutputStream out) throws IOException {
            begin(out);
            long start = System.nanoTime();
            for (int at = 0; at < preview.length; at += PACKET) {
                LockSupport.parkNanos(start + at * nanosPerByte - System.nanoTime());
                chunk(Arrays.copyOfRange(preview, at, Math.min(at + PACKET, preview.length)), out);
            }
            sent = System.nanoTime();
            seen.acquireUninterruptibly();
            chunk(picture, out);
            end(out);
        }

        /** How long after it was sent the preview has come, in nanoseconds. */
        long watch(int port, String key) throws IOException {
            try (InputStream in = order(port, key)) {
                boolean whole = comes(preview, in, buffer);
                long come = System.nanoTime();
                seen.release();
                if (!whole || !comes(picture, in, buffer) || in.read() >= 0) {
                    throw new IOException("the events did not arrive whole");
                }
                return come - sent;
            }
        }
    }
}
