package dev.imagerelay.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.application.port.in.Sweep;
import dev.imagerelay.application.port.in.Sweep.Swept;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a sweeper does belongs to it: nothing of it goes on once it is closed, and nothing of it is broken off. */
@Timeout(30)
class SweeperTest {

    @Test
    void closingWaitsForTheRoundInProgress() throws Exception {
        CountDownLatch begun = new CountDownLatch(2);
        CountDownLatch mayEnd = new CountDownLatch(1);
        AtomicInteger ended = new AtomicInteger();
        Sweep sweep = () -> {
            begun.countDown();
            if (begun.getCount() == 0) {
                await(mayEnd);
            }
            ended.incrementAndGet();
            return new Swept(0, 0, 0);
        };
        Sweeper sweeper = Sweeper.start(() -> {}, sweep, Duration.ofMillis(1));
        begun.await();
        Thread closing = new Thread(sweeper::close);

        closing.start();
        while (closing.isAlive() && closing.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        assertTrue(closing.isAlive(), "a round is in progress");
        mayEnd.countDown();
        closing.join();

        assertEquals(2, ended.get());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("the round was broken off", e);
        }
    }
}
