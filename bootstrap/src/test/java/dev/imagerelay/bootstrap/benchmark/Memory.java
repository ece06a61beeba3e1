package dev.imagerelay.bootstrap.benchmark;

import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** What requests in flight cost, and that large answers cost no more. */
final class Memory {

    private static final int LARGE = 8 << 20;
    private static final int LARGE_AT_ONCE = 200;

    private Memory() {}

    /** Many large answers at once through a small heap. */
    static void largeAnswers(Gateway gateway) throws Exception {
        try (Target target = gateway.with("-Xmx128m").start()) {
            Tally tally = Load.atOnce(target, FastUpstream.order(LARGE, 0), LARGE_AT_ONCE);
            System.out.printf("%n%d of %d answers of 8 MiB at once arrived whole with -Xmx128m; peak %d MiB%n",
                    tally.good(), LARGE_AT_ONCE, target.process().peak());
        }
    }

    /** Many requests at once before a slow upstream, with a look inside while all of them wait. */
    static void inFlight(String java, Gateway gateway, int calls, int millis) throws Exception {
        Gateway wide = gateway
                .with("-Xmx512m")
                .set("IMAGE_RELAY_UPSTREAMS_OPENAI_MAX_CONNECTIONS", String.valueOf(calls));
        try (Target target = wide.start()) {
            Load.closed(target, FastUpstream.order(200, 0), 16, 2);
            long heapBefore = Gateway.liveHeap(target);
            long threadsBefore = target.process().threads();
            CompletableFuture<Tally> all = CompletableFuture.supplyAsync(() -> {
                try {
                    return Load.atOnce(target, FastUpstream.order(200, millis), calls);
                } catch (IOException e) {
                    throw new CompletionException(e);
                }
            });
            while (target.process().openFiles() < 2L * calls && !all.isDone()) { // one to each side
                TimeUnit.MILLISECONDS.sleep(20);
            }
            long threads = target.process().threads();
            double heap = (Gateway.liveHeap(target) - heapBefore) / 1024.0 / calls;
            Tally tally = all.get();
            System.out.printf(Locale.ROOT, "%n%s, -Xmx512m: %d of %d requests at once succeeded, upstream %.0f s;"
                            + " %.1f KiB of heap each, threads %d -> %d, peak %d MiB, p50 %.2f s, most %.2f s%n",
                    java, tally.good(), calls, millis / 1e3, heap, threadsBefore, threads, target.process().peak(),
                    tally.millis(50) / 1e3, tally.millis(100) / 1e3);
        }
    }
}
