package dev.imagerelay.adapters.upstream;

import dev.imagerelay.domain.relay.UpstreamFailure;
import dev.imagerelay.domain.relay.UpstreamReply;
import dev.imagerelay.domain.report.UpstreamStatus;
import dev.imagerelay.domain.report.UpstreamStatus.State;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets requests through to one upstream: so many at a time, and none for a while once it has failed so often in a row.
 * After that while a few orders go through to see whether it works again; as they may hang, another few may go each
 * time the same while has passed. What was begun in one state says nothing about the next: a request that hung through
 * an outage does not close the gate after it.
 */
final class Gate {

    /** How many orders at a time are risked on an upstream that may not work yet. */
    static final int TRIALS = 3;

    private static final Logger LOG = LoggerFactory.getLogger(OpenAiUpstream.class);
    private static final int SOON = 1;

    private final UpstreamSettings settings;
    private final InstantSource time;
    private int inFlight;
    private State state = State.CLOSED;
    private Instant since;
    private int changes;
    private int failures;
    private int trials;
    private Instant nextTrials;

    Gate(UpstreamSettings settings, InstantSource time) {
        this.settings = settings;
        this.time = time;
        this.since = time.instant();
    }

    /** Asks to be let through; the pass says whether, and is to be closed in either case. */
    synchronized Pass enter() {
        if (state != State.CLOSED) {
            Duration wait = untilNextTrials();
            if (wait.isZero()) {
                trials = TRIALS;
                nextTrials = time.instant().plus(settings.breaker().pause());
                become(State.HALF_OPEN);
            }
            if (trials == 0) {
                return new Pass(UpstreamFailure.UNAVAILABLE, (int) Math.max(SOON, wait.plusMillis(999).toSeconds()));
            }
        }
        if (inFlight >= settings.maxConnections()) {
            return new Pass(UpstreamFailure.BUSY, SOON);
        }
        inFlight++;
        trials = Math.max(0, trials - 1);
        return new Pass();
    }

    /** A clock that was set back must not keep the gate shut for longer than it should be. */
    private Duration untilNextTrials() {
        Duration wait = Duration.between(time.instant(), nextTrials);
        return wait.isNegative() || wait.compareTo(settings.breaker().pause()) > 0 ? Duration.ZERO : wait;
    }

    private void failed(UpstreamFailure how) {
        failures++;
        if (state == State.HALF_OPEN || failures == settings.breaker().failures()) {
            trials = 0;
            nextTrials = time.instant().plus(settings.breaker().pause());
            become(State.OPEN);
            LOG.warn("upstream {} is not asked for {} s: {} failures in a row, the last one {}", settings.name(),
                    settings.breaker().pause().toSeconds(), failures, how.code());
        }
    }

    private void worked() {
        failures = 0;
        if (state == State.HALF_OPEN) {
            trials = 0;
            become(State.CLOSED);
            LOG.info("upstream {} works again", settings.name());
        }
    }

    private void become(State next) {
        if (next != state) {
            state = next;
            since = time.instant();
            changes++;
        }
    }

    /** How it is now. */
    synchronized UpstreamStatus status() {
        return new UpstreamStatus(settings.name(), settings.place(), inFlight, settings.maxConnections(), state,
                failures, since);
    }

    /** A request at the gate. Who was let through says what came of it, or nothing if that tells nothing. */
    final class Pass implements AutoCloseable {

        private final Optional<UpstreamReply> refusal;
        private final int begun = changes;
        private boolean told;

        private Pass() {
            refusal = Optional.empty();
        }

        private Pass(UpstreamFailure why, int seconds) {
            refusal = Optional.of(new UpstreamReply.Failed(why, Optional.of(seconds)));
        }

        /** The reply for whoever is not let through; empty: go ahead. */
        Optional<UpstreamReply> refusal() {
            return refusal;
        }

        /** It made what was ordered. */
        void worked() {
            tell(Gate.this::worked);
        }

        /** It did not, and that was its own fault. */
        void failed(UpstreamFailure how) {
            tell(() -> Gate.this.failed(how));
        }

        private void tell(Runnable news) {
            synchronized (Gate.this) {
                told = true;
                if (begun == changes) {
                    news.run();
                }
            }
        }

        @Override
        public void close() {
            synchronized (Gate.this) {
                if (refusal.isEmpty()) {
                    inFlight--;
                }
                if (refusal.isEmpty() && !told && begun == changes && state == State.HALF_OPEN) {
                    trials = Math.min(TRIALS, trials + 1);
                }
            }
        }
    }
}
