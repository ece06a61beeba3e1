package dev.imagerelay.bootstrap.benchmark;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** How fast the gateway is beside the bare upstream and a plain proxy, everybody in turn, in several rounds. */
final class Wire {

    private static final double CALLS_A_SECOND = 200;

    private final Form form;
    private final List<Target> targets;
    private final Optional<Target> nginx;

    /** Measures these; the first is the upstream itself. */
    Wire(Form form, List<Target> targets) {
        this.form = form;
        this.targets = targets;
        this.nginx = targets.stream().filter(target -> target.name().equals("nginx")).findFirst();
    }

    /** With few callers, so that the compiler has something left of the processor. */
    void warmUp() throws IOException {
        for (Target target : targets.subList(1, targets.size())) {
            Load.closed(target, FastUpstream.order(200, 0), 4, form.warmUp());
            Load.closed(target, FastUpstream.order(2 << 20, 0), 16, form.warmUp() / 5);
        }
    }

    /** As many answers of that size as so many callers can get. */
    void throughput(String size, int bytes, int callers) throws IOException {
        Map<Target, Spread> rates = spreads();
        Map<Target, Spread> ofNginx = spreads();
        Map<Target, Spread> processor = spreads();
        for (int round = 0; round < form.rounds(); round++) {
            Map<Target, Double> rate = new HashMap<>();
            for (Target target : targets) {
                double before = target.process().cpu();
                Tally tally = Load.closed(target, FastUpstream.order(bytes, 0), callers, form.seconds());
                tellOfTrouble(target, tally);
                rate.put(target, tally.perSecond());
                rates.get(target).add(tally.perSecond());
                processor.get(target).add((target.process().cpu() - before) / tally.good() * 1e6);
            }
            nginx.ifPresent(proxy ->
                    targets.forEach(target -> ofNginx.get(target).add(rate.get(target) / rate.get(proxy))));
        }
        System.out.printf("%nanswers of %s, %d callers, %d rounds of %.1f s: median (least..most)%n", size, callers,
                form.rounds(), form.seconds());
        System.out.printf("%-10s %28s %22s %26s %10s%n", "", "answers/s", "of nginx's", "processor us each",
                "peak MiB");
        for (Target target : targets) {
            System.out.printf("%-10s %28s %22s %26s %10d%n", target.name(), rates.get(target).print(0),
                    ofNginx.get(target).print(2), processor.get(target).print(0), target.process().peak());
        }
    }

    /** A steady, light load, timed from when each call was due. */
    void latency() throws IOException {
        Map<Target, Spread> half = spreads();
        Map<Target, Spread> most = spreads();
        for (int round = -1; round < form.rounds(); round++) {
            Tally direct = null;
            for (Target target : targets) {
                Tally tally = Load.steady(
                        target, FastUpstream.order(200, 0), CALLS_A_SECOND, Math.max(1, form.seconds()));
                tellOfTrouble(target, tally);
                direct = direct == null ? tally : direct;
                if (round >= 0) {
                    half.get(target).add(tally.millis(50) - (target == targets.get(0) ? 0 : direct.millis(50)));
                    most.get(target).add(tally.millis(99) - (target == targets.get(0) ? 0 : direct.millis(99)));
                }
            }
        }
        System.out.printf(Locale.ROOT, "%n%.0f calls a second, answers of 200 B, %d rounds: added to the direct call%n",
                CALLS_A_SECOND, form.rounds());
        System.out.printf("%-10s %28s %28s%n", "", "p50 ms", "p99 ms");
        for (Target target : targets) {
            System.out.printf("%-10s %28s %28s%n", target.name(), half.get(target).print(2),
                    most.get(target).print(2));
        }
    }

    private static void tellOfTrouble(Target target, Tally tally) {
        long bad = tally.failed() + tally.refused();
        if (bad > 0) {
            System.out.printf("%s: %d calls of %d went wrong%n", target.name(), bad, bad + tally.good());
        }
    }

    private Map<Target, Spread> spreads() {
        Map<Target, Spread> spreads = new HashMap<>();
        targets.forEach(target -> spreads.put(target, new Spread()));
        return spreads;
    }
}
