package dev.imagerelay.adapters.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.imagerelay.domain.relay.Previews;
import dev.imagerelay.domain.relay.ReplyBody;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;

/** Remembers what it was shown of a stream, and keeps nothing open. */
final class Shown implements Previews {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Set<String> types = new TreeSet<>();
    private final CountDownLatch something = new CountDownLatch(1);

    @Override
    public void show(ReplyBody events) {
        try (events) {
            types.add(events.contentType());
            events.writeTo(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        something.countDown();
    }

    /** Waits until it was shown something. */
    void awaitSomething() throws InterruptedException {
        something.await();
    }

    /** Everything so far, in its order; to be asked once the stream has ended. */
    String text() {
        return bytes.toString(UTF_8);
    }

    /** The content types it came with. */
    Set<String> types() {
        return types;
    }
}
