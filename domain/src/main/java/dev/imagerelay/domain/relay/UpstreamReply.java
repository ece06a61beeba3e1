package dev.imagerelay.domain.relay;

import dev.imagerelay.domain.image.Delivery;
import java.util.Optional;

/** What came of one attempt at one upstream, complete and judged. */
public sealed interface UpstreamReply {

    /** Gives up the body of an answer that will not be sent on. */
    default void discard() {}

    /**
     * Pictures.
     *
     * @param body     the whole answer; of a streamed one all that has not been shown as a preview. The receiver
     *                 closes it
     * @param delivery what it contains, at least one picture
     * @param cutShort how a stream failed before the rest of the pictures ordered; empty if it ended as it should
     */
    record Images(ReplyBody body, Delivery delivery, Optional<UpstreamFailure> cutShort) implements UpstreamReply {

        public Images {
            if (delivery.images() < 1) {
                throw new IllegalArgumentException("an answer without pictures is a failure");
            }
        }

        /** Pictures in an answer that ended as it should. */
        public Images(ReplyBody body, Delivery delivery) {
            this(body, delivery, Optional.empty());
        }

        @Override
        public void discard() {
            body.close();
        }
    }

    /**
     * A refusal of this very request, such as a moderated prompt: the caller's to read, unchanged.
     *
     * @param status the upstream's HTTP status, 400 to 499; or 200 for a stream whose last word is an error
     * @param body   the whole answer, of a stream what has not been shown; the receiver closes it
     */
    record Refused(int status, ReplyBody body) implements UpstreamReply {
        @Override
        public void discard() {
            body.close();
        }
    }

    /**
     * No usable answer.
     *
     * @param failure    how it failed
     * @param retryAfter how many seconds to wait before it is asked again; empty if nobody knows
     */
    record Failed(UpstreamFailure failure, Optional<Integer> retryAfter) implements UpstreamReply {

        public static Failed of(UpstreamFailure failure) {
            return new Failed(failure, Optional.empty());
        }
    }
}
