package dev.imagerelay.adapters.http;

import dev.imagerelay.domain.relay.ReplyBody;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** An upstream's answer in memory, which remembers whether it was given up. */
final class MemoryReply implements ReplyBody {

    private final String contentType;
    private final byte[] bytes;
    private final CountDownLatch closed = new CountDownLatch(1);
    private Optional<Path> file = Optional.empty();

    MemoryReply(String contentType, byte[] bytes) {
        this.contentType = contentType;
        this.bytes = bytes;
    }

    static MemoryReply json(String json) {
        return new MemoryReply("application/json", json.getBytes(StandardCharsets.UTF_8));
    }

    static MemoryReply events(String events) {
        return new MemoryReply("text/event-stream; charset=utf-8", events.getBytes(StandardCharsets.UTF_8));
    }

    /** Events that lie in a file, or at least say so. */
    static MemoryReply eventsInAFile(String events) {
        MemoryReply reply = events(events);
        reply.file = Optional.of(Path.of("somewhere"));
        return reply;
    }

    @Override
    public Optional<Path> file() {
        return file;
    }

    /** Whether it is given up, now or soon. */
    boolean closed() throws InterruptedException {
        return closed.await(20, TimeUnit.SECONDS);
    }

    boolean isClosed() {
        return closed.getCount() == 0;
    }

    @Override
    public String contentType() {
        return contentType;
    }

    @Override
    public long length() {
        return bytes.length;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        out.write(bytes);
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
