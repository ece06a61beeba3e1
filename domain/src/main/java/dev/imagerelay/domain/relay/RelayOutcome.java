package dev.imagerelay.domain.relay;

import java.util.Optional;

/** Every way a request for pictures can end. */
public sealed interface RelayOutcome {

    /** Answers this case with the one method made for it. */
    <R> R match(Cases<R> cases);

    /**
     * Pictures, settled.
     *
     * @param body     what is left to be sent on; the receiver closes it
     * @param receipt  what they cost
     * @param cutShort how a stream failed before the rest of the pictures ordered; empty if it ended as it should
     */
    record Delivered(ReplyBody body, Receipt receipt, Optional<UpstreamFailure> cutShort) implements RelayOutcome {

        /** Pictures in an answer that ended as it should. */
        public Delivered(ReplyBody body, Receipt receipt) {
            this(body, receipt, Optional.empty());
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.delivered(this);
        }
    }

    /**
     * The upstream refused this request, with this HTTP status, 200 if it did so in a stream; nothing is charged. The
     * receiver closes the body.
     */
    record RefusedUpstream(int status, ReplyBody body, Receipt receipt) implements RelayOutcome {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.refusedUpstream(this);
        }
    }

    /** The upstream failed; nothing is charged. */
    record FailedUpstream(UpstreamFailure failure, Optional<Integer> retryAfter, Receipt receipt)
            implements RelayOutcome {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.failedUpstream(this);
        }
    }

    /**
     * The same order had been made and paid for before; here is its result again, and nothing is charged for it.
     *
     * @param original the relay that was paid for
     * @param body     what it delivered, of a streamed one what came after its previews; the receiver closes it
     */
    record Replayed(RelayId original, ReplyBody body) implements RelayOutcome {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.replayed(this);
        }
    }

    /** We said no; nothing was held or sent. */
    record NotAccepted(Declined declined) implements RelayOutcome {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.notAccepted(this);
        }
    }

    /** One method a case, so that the compiler names whoever forgets one. */
    interface Cases<R> {
        R delivered(Delivered outcome);

        R refusedUpstream(RefusedUpstream outcome);

        R failedUpstream(FailedUpstream outcome);

        R replayed(Replayed outcome);

        R notAccepted(NotAccepted outcome);
    }
}
