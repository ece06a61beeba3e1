package dev.imagerelay.application.service;

import dev.imagerelay.domain.account.LimitStatus;
import dev.imagerelay.domain.account.LimitStatus.Kind;
import dev.imagerelay.domain.account.Limits;
import dev.imagerelay.domain.account.Spender;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** What one key, or one account, has ordered in the last minute and has in flight. Not for several threads at once. */
final class Meter {

    static final Duration MINUTE = Duration.ofMinutes(1);

    private final Deque<Ordered> lastMinute = new ArrayDeque<>();
    private int images;
    private int inFlight;

    private record Ordered(Instant at, int images) {}

    /**
     * The limit that another order of so many pictures would exceed, with the time after which it would not any more:
     * zero if that never comes; empty if there is none.
     */
    Optional<LimitStatus> exceeded(Spender spender, Limits limits, int images, Instant now) {
        return status(spender, limits, now).stream()
                .filter(status -> status.left() < (status.kind() == Kind.IMAGES ? images : 1))
                .findFirst()
                .map(status -> status.kind() == Kind.IMAGES ? status.after(untilThereAre(images, status, now)) : status);
    }

    /** How long it takes for so many pictures to be allowed; zero if they never are. */
    private Duration untilThereAre(int images, LimitStatus status, Instant now) {
        int left = status.left();
        for (Ordered ordered : lastMinute) {
            left += ordered.images();
            if (left >= images) {
                return Duration.between(now, ordered.at().plus(MINUTE));
            }
        }
        return Duration.ZERO;
    }

    void begin(int images, Instant now) {
        lastMinute.add(new Ordered(now, images));
        this.images += images;
        inFlight++;
    }

    void end() {
        inFlight--;
    }

    /** Whether it has nothing to remember. */
    boolean isIdle(Instant now) {
        forget(now);
        return lastMinute.isEmpty() && inFlight == 0;
    }

    /** Where the limits stand. */
    List<LimitStatus> status(Spender spender, Limits limits, Instant now) {
        forget(now);
        Duration more = lastMinute.isEmpty()
                ? Duration.ZERO
                : Duration.between(now, lastMinute.getFirst().at().plus(MINUTE));
        List<LimitStatus> status = new ArrayList<>();
        limits.requestsPerMinute().ifPresent(most -> status.add(
                new LimitStatus(spender, Kind.REQUESTS, most, left(most, lastMinute.size()), more)));
        limits.imagesPerMinute().ifPresent(most -> status.add(
                new LimitStatus(spender, Kind.IMAGES, most, left(most, images), more)));
        limits.requestsAtOnce().ifPresent(most -> status.add(
                new LimitStatus(spender, Kind.AT_ONCE, most, left(most, inFlight), Duration.ZERO)));
        return status;
    }

    private static int left(int most, int used) {
        return Math.max(0, most - used);
    }

    private void forget(Instant now) {
        while (!lastMinute.isEmpty() && !now.isBefore(lastMinute.getFirst().at().plus(MINUTE))) {
            images -= lastMinute.removeFirst().images();
        }
    }
}
