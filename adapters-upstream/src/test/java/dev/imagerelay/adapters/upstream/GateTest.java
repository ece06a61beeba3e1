package dev.imagerelay.adapters.upstream;

import static dev.imagerelay.domain.relay.UpstreamFailure.BUSY;
import static dev.imagerelay.domain.relay.UpstreamFailure.TIMED_OUT;
import static dev.imagerelay.domain.relay.UpstreamFailure.UNAVAILABLE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.imagerelay.adapters.upstream.UpstreamSettings.Breaker;
import dev.imagerelay.adapters.upstream.UpstreamSettings.KeyHeader;
import dev.imagerelay.application.SettableTime;
import dev.imagerelay.domain.relay.UpstreamFailure;
import dev.imagerelay.domain.relay.UpstreamReply;
import dev.imagerelay.domain.report.UpstreamStatus;
import dev.imagerelay.domain.report.UpstreamStatus.State;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who is let through to an upstream, step by step, with a clock that is moved by hand. */
class GateTest {

    private static final int MOST = 5;
    private static final Duration PAUSE = Duration.ofSeconds(30);
    private static final Duration MOMENT = Duration.ofMillis(1);

    private final SettableTime time = new SettableTime();
    private final Instant start = time.instant();
    private Gate gate = gate(new Breaker(3, PAUSE));

    private Gate gate(Breaker breaker) {
        Duration limit = Duration.ofSeconds(10);
        return new Gate(new UpstreamSettings("main", URI.create("https://api.example:8443/v1?key=secret"),
                Optional.of("sk-secret"), KeyHeader.BEARER, MOST, limit, limit, limit, 1_000, breaker), time);
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            try (Gate.Pass pass = gate.enter()) {
                assertEquals(Optional.empty(), pass.refusal());
                pass.failed(TIMED_OUT);
            }
        }
    }

    private void work() {
        try (Gate.Pass pass = gate.enter()) {
            assertEquals(Optional.empty(), pass.refusal());
            pass.worked();
        }
    }

    private void learnNothing() {
        try (Gate.Pass pass = gate.enter()) {
            assertEquals(Optional.empty(), pass.refusal());
        }
    }

    private void assertRefused(UpstreamFailure why, int seconds) {
        try (Gate.Pass pass = gate.enter()) {
            assertEquals(Optional.of(new UpstreamReply.Failed(why, Optional.of(seconds))), pass.refusal());
        }
    }

    private void assertState(State state) {
        assertEquals(state, gate.status().state());
    }

    @Test
    void fewerFailuresInARowThanItTakesChangeNothing() {
        for (int i = 0; i < 10; i++) {
            fail(2);
            work();
        }

        assertState(State.CLOSED);
    }

    @Test
    void soManyFailuresInARowOpenItForThePause() {
        fail(2);
        learnNothing();
        fail(1);

        assertRefused(UNAVAILABLE, 30);
        time.pass(PAUSE.minus(MOMENT));
        assertRefused(UNAVAILABLE, 1);
        assertState(State.OPEN);
        time.pass(MOMENT);
        work();
        assertState(State.CLOSED);
        fail(2);
        assertState(State.CLOSED);
    }

    @Test
    void afterThePauseAFewAreLetThroughAtATimeUntilOneWorks() {
        fail(3);
        time.pass(PAUSE);
        Gate.Pass[] trials = IntStream.range(0, Gate.TRIALS).mapToObj(i -> gate.enter()).toArray(Gate.Pass[]::new);
        assertState(State.HALF_OPEN);
        assertRefused(UNAVAILABLE, 30);

        trials[0].worked();
        assertState(State.CLOSED);
        learnNothing();
    }

    @Test
    void oneTrialThatFailsOpensItAgain() {
        fail(3);
        time.pass(PAUSE);
        fail(1);

        assertRefused(UNAVAILABLE, 30);
        assertEquals(4, gate.status().failures());
    }

    @Test
    void aTrialThatTellsNothingMakesRoomForAnother() {
        fail(3);
        time.pass(PAUSE);
        for (int i = 0; i < 10; i++) {
            learnNothing();
        }

        assertState(State.HALF_OPEN);
    }

    @Test
    void trialsThatHangAreFollowedByAFewMoreAfterEachPause() {
        fail(3);
        time.pass(PAUSE);
        for (int i = 0; i < Gate.TRIALS; i++) {
            gate.enter();
        }
        assertRefused(UNAVAILABLE, 30);
        time.pass(PAUSE);
        work();
        assertState(State.CLOSED);
    }

    @Test
    void whatWasBegunBeforeAChangeSaysNothingAfterIt() {
        Gate.Pass hung = gate.enter();
        Gate.Pass slow = gate.enter();
        fail(3);
        hung.worked();
        assertState(State.OPEN);
        time.pass(PAUSE);
        work();
        fail(2);
        slow.failed(TIMED_OUT);
        slow.close();

        assertState(State.CLOSED);
        assertEquals(1, gate.status().inFlight(), "only the one that hangs");
    }

    @Test
    void noMoreThanTheMostAreLetThroughAtATime() {
        Gate.Pass first = gate.enter();
        for (int i = 1; i < MOST; i++) {
            gate.enter();
        }
        assertRefused(BUSY, 1);
        assertRefused(BUSY, 1);
        assertEquals(MOST, gate.status().inFlight());

        first.close();
        learnNothing();
    }

    @Test
    void withoutABreakerItNeverOpens() {
        gate = gate(Breaker.NEVER);
        fail(1_000);

        assertState(State.CLOSED);
    }

    @Test
    void aClockThatIsSetBackDoesNotKeepItShut() {
        fail(3);
        time.pass(Duration.ofHours(-1));

        work();
        assertState(State.CLOSED);
    }

    @Test
    void theStatusTellsWhatAnOperatorWantsToKnowAndNoSecret() {
        time.pass(PAUSE);
        fail(3);
        time.pass(MOMENT);

        UpstreamStatus status = gate.status();
        assertEquals(
                new UpstreamStatus("main", "api.example:8443", 0, MOST, State.OPEN, 3, start.plus(PAUSE)), status);
        assertFalse(status.toString().contains("secret"), status.toString());
    }
}
