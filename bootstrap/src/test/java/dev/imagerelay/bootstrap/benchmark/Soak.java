package dev.imagerelay.bootstrap.benchmark;

import java.nio.file.Path;
import java.util.Locale;

/** Half of what it can do, for a long time: nothing may grow, and the books must balance. */
final class Soak {

    private static final String ORDER = FastUpstream.order(2 << 20, 0);

    private Soak() {}

    static void run(Gateway gateway, int minutes) throws Exception {
        Path directory = gateway.customerOfMeans();
        try (Target target = gateway.with("-Xmx512m").start(directory)) {
            Load.closed(target, ORDER, 32, 10);
            double capacity = Load.closed(target, ORDER, 32, 10).perSecond();
            System.out.printf(Locale.ROOT, "%n%d minutes at half of %.0f answers of 2 MiB a second%n", minutes,
                    capacity);
            System.out.printf("%6s %10s %8s %8s %8s %8s %8s %8s%n", "minute", "heap MiB", "resident", "threads",
                    "files", "good", "p50 ms", "p99 ms");
            for (int minute = 1; minute <= minutes; minute++) {
                Tally tally = Load.steady(target, ORDER, capacity / 2, 60);
                System.out.printf(Locale.ROOT, "%6d %10.1f %8d %8d %8d %8d %8.1f %8.1f%n", minute,
                        Gateway.liveHeap(target) / 1048576.0, target.process().resident(), target.process().threads(),
                        target.process().openFiles(), tally.good(), tally.millis(50), tally.millis(99));
            }
            target.process().stop();
            System.out.println(gateway.verifyBooks(directory));
        }
    }
}
