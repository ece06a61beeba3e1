package dev.imagerelay.adapters.upstream;

import dev.imagerelay.domain.image.Delivery;
import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.image.ImageQuality;
import dev.imagerelay.domain.image.ImageSize;
import dev.imagerelay.domain.relay.Previews;
import dev.imagerelay.domain.relay.UpstreamFailure;
import dev.imagerelay.domain.relay.UpstreamReply;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.ZipException;
import org.apache.hc.core5.http.ClassicHttpResponse;

/**
 * The answer to a streamed order while it comes in. What comes before the first whole picture, or the first error, is
 * shown at once; from there on everything is kept, in its order, until the stream has ended and can be judged. So is
 * {@code [DONE]}, behind which SDKs do not read on: an error of ours would have to come before it.
 */
final class EventAnswer {

    private static final Pattern TYPE = Pattern.compile("text/event-stream *(;[ -~]*)?", Pattern.CASE_INSENSITIVE);

    private final ImageOrder order;
    private final Previews previews;
    private final Runnable over;
    private final Set<Optional<ImageSize>> sizes = new HashSet<>();
    private final Set<Optional<ImageQuality>> qualities = new HashSet<>();
    private Optional<Spool> kept = Optional.empty();
    private Optional<Spool> done = Optional.empty();
    private Optional<UpstreamFailure> trouble = Optional.empty();
    private boolean shown;
    private boolean refused;
    private int pictures;

    /**
     * Gets ready to read the answer to this order.
     *
     * @param over is run when as many pictures have come as were ordered, or an error has
     */
    EventAnswer(ImageOrder order, Previews previews, Runnable over) {
        this.order = order;
        this.previews = previews;
        this.over = over;
    }

    /** Whether an upstream answers with events. */
    static boolean isOne(ClassicHttpResponse response) {
        return type(response).isPresent();
    }

    private static Optional<String> type(ClassicHttpResponse response) {
        return AnswerBytes.header(response, "Content-Type").filter(type -> TYPE.matcher(type).matches());
    }

    /**
     * Reads to the end, at most so many bytes.
     *
     * @throws IOException if the connection fails before its end; see {@link #brokenBy}
     */
    UpstreamReply read(ClassicHttpResponse response, Path spoolDirectory, long maxBytes) throws IOException {
        try {
            Optional<InputStream> bytes = AnswerBytes.of(response);
            if (bytes.isEmpty()) {
                return brokenBy(UpstreamFailure.UNUSABLE_ANSWER);
            }
            try (InputStream in = bytes.get()) {
                return read(new EventReader(in, spoolDirectory, type(response).orElseThrow(), maxBytes));
            }
        } catch (UnusableAnswer | ZipException e) {
            return brokenBy(UpstreamFailure.UNUSABLE_ANSWER);
        }
    }

    private UpstreamReply read(EventReader events) throws IOException {
        for (Optional<Event> next = events.next(); next.isPresent(); next = events.next()) {
            Event event = next.get();
            trouble = event.ownTrouble();
            if (trouble.isPresent()) {
                event.bytes().close();
                return brokenBy(shown ? UpstreamFailure.CUT_OFF : trouble.get());
            }
            take(event);
        }
        return reply(UpstreamFailure.NO_IMAGES, Optional.empty());
    }

    private void take(Event event) {
        boolean wasOver = isOver();
        count(event);
        if (event.isError()) {
            refused = true;
            kept = Optional.of(added(kept, event.bytes()));
            event.nested().ifPresent(kept.get()::append);
        } else if (event.isFree() && (event.isDone() || done.isPresent())) {
            done = Optional.of(added(done, event.bytes()));
        } else if (!event.isFree() || kept.isPresent()) {
            kept = Optional.of(added(kept, event.bytes()));
        } else {
            shown |= event.object().isPresent();
            previews.show(event.bytes());
        }
        if (isOver() && !wasOver) {
            over.run();
        }
    }

    /** The first of these, with what came after it added. */
    private static Spool added(Optional<Spool> first, Spool bytes) {
        if (first.isEmpty()) {
            return bytes;
        }
        try (bytes) {
            first.get().append(bytes);
        }
        return first.get();
    }

    private void count(Event event) {
        int more = event.pictures();
        if (more > 0) {
            sizes.add(event.object().flatMap(Outline::size));
            qualities.add(event.object().flatMap(Outline::quality));
            pictures += more;
        }
    }

    /** Whether everything that was ordered has come, an error, or the word that nothing follows. */
    private boolean isOver() {
        return refused || done.isPresent() || pictures >= order.images();
    }

    /** What is the matter with our own account, if that is why the answer failed. */
    Optional<UpstreamFailure> ownTrouble() {
        return trouble;
    }

    /** What the answer amounts to if this is why no more of it comes. */
    UpstreamReply brokenBy(UpstreamFailure failure) {
        return reply(failure, isOver() ? Optional.empty() : Optional.of(failure));
    }

    private UpstreamReply reply(UpstreamFailure withoutPictures, Optional<UpstreamFailure> cutShort) {
        if (pictures == 0 && !refused) {
            discard();
            return UpstreamReply.Failed.of(withoutPictures);
        }
        done.ifPresent(bytes -> added(kept, bytes));
        if (pictures > 0) {
            Delivery delivery = new Delivery(pictures, agreed(sizes), agreed(qualities));
            return new UpstreamReply.Images(kept.orElseThrow(), delivery, cutShort);
        }
        return new UpstreamReply.Refused(200, kept.orElseThrow());
    }

    private static <T> Optional<T> agreed(Set<Optional<T>> named) {
        return named.size() == 1 ? named.iterator().next() : Optional.empty();
    }

    /** Gives up what was kept. */
    void discard() {
        kept.ifPresent(Spool::close);
        done.ifPresent(Spool::close);
    }
}
