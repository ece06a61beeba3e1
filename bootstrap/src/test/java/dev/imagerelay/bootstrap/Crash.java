package dev.imagerelay.bootstrap;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The end of a process at its k-th passage of one point: at once, with nothing closed and nobody told. */
final class Crash {

    private static final String POINT = "crash.point";
    private static final String PASSAGE = "crash.passage";

    private final String point = System.getProperty(POINT, "NOWHERE");
    private final int passage = Integer.getInteger(PASSAGE, 1);
    private final AtomicInteger passages = new AtomicInteger();

    /** What to tell a JVM that is to crash there. */
    static List<String> options(CrashPoint point, int passage) {
        return new ArrayList<>(List.of("-D" + POINT + "=" + point, "-D" + PASSAGE + "=" + passage));
    }

    /** What a server that has crashed there has written into its log. */
    static String epitaph(CrashPoint point) {
        return "crashed at " + point;
    }

    void at(CrashPoint here) {
        if (here.name().equals(point) && passages.incrementAndGet() == passage) {
            System.err.println(epitaph(here));
            Runtime.getRuntime().halt(137);
        }
    }
}
