package dev.imagerelay.bootstrap.benchmark;

import java.util.Locale;

/** What remains of the gateway's capacity when three times as much is asked of it. */
final class Overload {

    private static final int TIMES = 3;

    private Overload() {}

    /** Where the limit is how many pictures are in the making. */
    static void byWaiting(Gateway gateway, Form form) throws Exception {
        run("at most 200 in flight, upstream 0.5 s", gateway.set("IMAGE_RELAY_HTTP_MAX_IN_FLIGHT", "200"), form,
                FastUpstream.order(200, 500), 200);
    }

    /** Where the limit is the processor. */
    static void byProcessor(Gateway gateway, Form form) throws Exception {
        run("at most 64 in flight, upstream 0 s", gateway.set("IMAGE_RELAY_HTTP_MAX_IN_FLIGHT", "64"), form,
                FastUpstream.order(200, 0), 60);
    }

    private static void run(String what, Gateway gateway, Form form, String order, int callers) throws Exception {
        double seconds = Math.max(2, form.seconds() * 2);
        try (Target target = gateway.with("-Xmx512m").start()) {
            Load.closed(target, FastUpstream.order(200, 0), 4, form.warmUp());
            double capacity = Load.closed(target, order, callers, seconds).perSecond();
            long heapBefore = Gateway.liveHeap(target);
            long residentBefore = target.process().resident();
            Tally tally = Load.steady(target, order, capacity * TIMES, seconds);
            System.out.printf(Locale.ROOT, "%n%s: capacity %.0f/s; at %d times that %.0f/s are served, %.2f of it,"
                            + " %d refused at once, %d failed; heap %d -> %d MiB, resident %d -> %d MiB%n",
                    what, capacity, TIMES, tally.perSecond(), tally.perSecond() / capacity, tally.refused(),
                    tally.failed(), heapBefore >> 20, Gateway.liveHeap(target) >> 20, residentBefore,
                    target.process().resident());
        }
    }
}
