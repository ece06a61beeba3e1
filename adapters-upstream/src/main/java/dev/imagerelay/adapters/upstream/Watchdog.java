package dev.imagerelay.adapters.upstream;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Ends what takes too long. One thread watches over everything. */
final class Watchdog implements AutoCloseable {

    private final ScheduledThreadPoolExecutor thread;

    Watchdog() {
        thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread watching = new Thread(task, "upstream-watchdog");
            watching.setDaemon(true);
            return watching;
        });
        thread.setRemoveOnCancelPolicy(true);
    }

    /** Calls {@code end} once the limit has passed, unless the watch is closed before. */
    Watch watch(Duration limit, Runnable end) {
        Watch watch = new Watch(end);
        watch.alarm = thread.schedule(watch::bite, limit.toNanos(), TimeUnit.NANOSECONDS);
        return watch;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    /** The watch over one thing. */
    static final class Watch implements AutoCloseable {

        private final Runnable end;
        private Future<?> alarm;
        private volatile boolean tooLong;

        private Watch(Runnable end) {
            this.end = end;
        }

        private void bite() {
            tooLong = true;
            end.run();
        }

        /** Whether the limit has passed. */
        boolean tooLong() {
            return tooLong;
        }

        @Override
        public void close() {
            alarm.cancel(false);
        }
    }
}
