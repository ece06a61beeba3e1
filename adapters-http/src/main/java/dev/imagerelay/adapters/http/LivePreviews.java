package dev.imagerelay.adapters.http;

import dev.imagerelay.domain.relay.Previews;
import dev.imagerelay.domain.relay.ReplyBody;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.io.EofException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what is shown of one streamed order to its client, on a thread of its own, so that a client who reads slowly or
 * not at all keeps nobody from reading the upstream. Until it is closed nobody else may use the response.
 */
final class LivePreviews implements Previews, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RelayHttpServer.class);

    /** Who is so far behind does not watch; what is shown from then on must not fill the memory. */
    private static final int MOST_WAITING_BYTES = 512 * 1024;

    /** What an event takes up beside its bytes, and if they lie in a file. */
    private static final int OVERHEAD = 512;

    private final EventStream stream;
    private final Optional<Duration> keepAlive;
    private final BlockingQueue<Optional<ReplyBody>> waiting = new LinkedBlockingQueue<>();
    private final AtomicLong waitingBytes = new AtomicLong();
    private final CompletableFuture<Void> sent;
    private boolean broken;

    /**
     * Waits for something to be shown.
     *
     * @param keepAlive after how much silence a comment is sent; empty: never
     */
    LivePreviews(EventStream stream, Optional<Duration> keepAlive, Executor threads) {
        this.stream = stream;
        this.keepAlive = keepAlive;
        this.sent = CompletableFuture.runAsync(this::sendAll, threads);
    }

    @Override
    public void show(ReplyBody events) {
        if (waitingBytes.get() < MOST_WAITING_BYTES) {
            waitingBytes.addAndGet(memory(events));
            waiting.add(Optional.of(events));
        } else {
            events.close();
        }
    }

    private static long memory(ReplyBody events) {
        return OVERHEAD + (events.file().isPresent() ? 0 : events.length());
    }

    /** Returns once all that was shown has been sent, or given up. */
    @Override
    public void close() {
        waiting.add(Optional.empty());
        sent.join();
    }

    private void sendAll() {
        try {
            for (Optional<ReplyBody> next = next(); next.isPresent(); next = next()) {
                send(next.get());
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    /** What was shown; empty if nothing more will be. */
    private Optional<ReplyBody> next() throws InterruptedException {
        if (keepAlive.isEmpty()) {
            return waiting.take();
        }
        while (true) {
            Optional<ReplyBody> next = waiting.poll(keepAlive.get().toNanos(), TimeUnit.NANOSECONDS);
            if (next != null) {
                return next;
            }
            unlessBroken(() -> {
                stream.begin();
                stream.addComment();
                stream.flush();
            });
        }
    }

    private void send(ReplyBody events) {
        waitingBytes.addAndGet(-memory(events));
        try (events) {
            unlessBroken(() -> {
                stream.begin(events.contentType());
                stream.add(events);
                if (waiting.isEmpty()) { // or else a burst would go out in more packets than it came in
                    stream.flush();
                }
            });
        }
    }

    private void unlessBroken(Sending sending) {
        if (broken) {
            return;
        }
        try {
            sending.run();
        } catch (EofException e) {
            broken = true;
            LOG.debug("nobody takes the previews any more", e);
        } catch (IOException | RuntimeException | Error e) {
            broken = true;
            LOG.error("{}: a preview could not be sent", stream.response().getHeader("x-request-id"), e);
        }
    }

    private interface Sending {
        void run() throws IOException;
    }
}
