package dev.imagerelay.bootstrap;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The end of a process at its k-th passage of one point: at once, with nothing closed and nobody told. Or else a doze,
 * after its k-th relay: nobody gets past any point for longer than its lease.
 */
final class Crash {

    /** How long a doze is. */
    static final Duration DOZE = CrashingServer.LEASE.multipliedBy(2);

    private static final long MOMENT_MILLIS = 30;
    private static final String POINT = "crash.point";
    private static final String PASSAGE = "crash.passage";
    private static final String DOZE_AT = "crash.doze";

    private final String point = System.getProperty(POINT, "NOWHERE");
    private final int passage = Integer.getInteger(PASSAGE, 1);
    private final int dozeAt = Integer.getInteger(DOZE_AT, 0);
    private final AtomicInteger passages = new AtomicInteger();
    private final AtomicInteger relays = new AtomicInteger();
    private volatile long awake = System.nanoTime();

    /** What to tell a JVM that is to crash there. */
    static List<String> options(CrashPoint point, int passage) {
        return new ArrayList<>(List.of("-D" + POINT + "=" + point, "-D" + PASSAGE + "=" + passage));
    }

    /** What to tell a JVM that is to doze after so many relays. */
    static List<String> doze(int relays) {
        return List.of("-D" + DOZE_AT + "=" + relays);
    }

    /** What a server that has crashed there has written into its log. */
    static String epitaph(CrashPoint point) {
        return "crashed at " + point;
    }

    void at(CrashPoint here) {
        if (isDue(here)) {
            die(here);
        }
        if (here == CrashPoint.AFTER_RELAY && relays.incrementAndGet() == dozeAt) {
            awake = System.nanoTime() + DOZE.toNanos();
        }
        doze();
    }

    /** The same a moment later, in the middle of what follows. */
    void soonAfter(CrashPoint here) {
        if (isDue(here)) {
            long moment = ThreadLocalRandom.current().nextLong(MOMENT_MILLIS);
            Executors.newSingleThreadScheduledExecutor().schedule(() -> die(here), moment, TimeUnit.MILLISECONDS);
        }
    }

    private boolean isDue(CrashPoint here) {
        return here.name().equals(point) && passages.incrementAndGet() == passage;
    }

    private static void die(CrashPoint here) {
        System.err.println(epitaph(here));
        Runtime.getRuntime().halt(137);
    }

    private void doze() {
        try {
            for (long left = awake - System.nanoTime(); left > 0; left = awake - System.nanoTime()) {
                Thread.sleep(1 + left / 1_000_000);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
