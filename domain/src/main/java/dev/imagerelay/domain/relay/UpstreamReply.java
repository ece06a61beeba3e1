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
     * @param body     the whole answer; the receiver closes it
     * @param delivery what it contains, at least one picture
     */
    record Images(ReplyBody body, Delivery delivery) implements UpstreamReply {

        public Images {
            if (delivery.images() < 1) {
                throw new IllegalArgumentException("an answer without pictures is a failure");
            }
        }

        @Override
        public void discard() {
            body.close();
        }
    }

    /**
     * A refusal of this very request, such as a moderated prompt: the caller's to read, unchanged.
     *
     * @param status the upstream's HTTP status, 400 to 499
     * @param body   the whole answer; the receiver closes it
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
     * @param retryAfter how many seconds the upstream asked to wait; empty if it said nothing usable
     */
    record Failed(UpstreamFailure failure, Optional<Integer> retryAfter) implements UpstreamReply {

        public static Failed of(UpstreamFailure failure) {
            return new Failed(failure, Optional.empty());
        }
    }
}
