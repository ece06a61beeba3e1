package dev.imagerelay.adapters.upstream;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
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
        // What is still at work when everything is closed ends by that, and need not hear of it from here.
        thread.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    }

    /** Calls {@code end} once the limit has passed, unless the watch is closed before. */
    Watch watch(Duration limit, Runnable end) {
        return new Watch(limit, end);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    /** The watch over one thing. */
    final class Watch implements AutoCloseable {

        private final Runnable end;
        private Future<?> alarm;
        private volatile boolean tooLong;

        private Watch(Duration limit, Runnable end) {
            this.end = end;
            alarm = schedule(limit);
        }

        private Future<?> schedule(Duration limit) {
            return thread.schedule(this::bite, limit.toNanos(), TimeUnit.NANOSECONDS);
        }

        /** Watches anew, with another limit from now on. To be called by whoever began to watch. */
        void restart(Duration limit) {
            alarm.cancel(false);
            alarm = schedule(limit);
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
