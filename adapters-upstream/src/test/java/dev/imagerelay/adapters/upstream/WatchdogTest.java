package dev.imagerelay.adapters.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What takes too long is ended once its limit has passed, and not before. */
@Timeout(30)
class WatchdogTest {

    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Duration LONG = Duration.ofDays(1);

    private final CountDownLatch ended = new CountDownLatch(1);

    @Test
    void theEndComesAfterTheLimit() throws InterruptedException {
        try (Watchdog watchdog = new Watchdog(); Watchdog.Watch watch = watchdog.watch(SHORT, ended::countDown)) {
            ended.await();
            assertTrue(watch.tooLong());
        }
    }

    @Test
    void aWatchThatBeginsAnewHasItsNewLimitOnly() throws InterruptedException {
        try (Watchdog watchdog = new Watchdog(); Watchdog.Watch watch = watchdog.watch(LONG, ended::countDown)) {
            watch.restart(SHORT);
            ended.await();
            assertTrue(watch.tooLong());
        }
    }

    @Test
    void neitherAClosedWatchNorAnEarlierLimitBites() throws InterruptedException {
        try (Watchdog watchdog = new Watchdog()) {
            Watchdog.Watch closed = watchdog.watch(SHORT, ended::countDown);
            closed.restart(SHORT);
            closed.close();
            Watchdog.Watch restarted = watchdog.watch(SHORT, ended::countDown);
            restarted.restart(LONG);
            CountDownLatch later = new CountDownLatch(1);
            watchdog.watch(SHORT.multipliedBy(2), later::countDown);
            later.await();
            assertFalse(closed.tooLong() || restarted.tooLong());
            assertEquals(1, ended.getCount());
        }
    }

    @Test
    void whoeverIsStillAtWorkWhenItIsClosedGoesOnUnwatched() {
        Watchdog watchdog = new Watchdog();
        Watchdog.Watch watch = watchdog.watch(LONG, ended::countDown);
        watchdog.close();
        watch.restart(SHORT);
        assertFalse(watch.tooLong());
        watch.close();
    }
}
