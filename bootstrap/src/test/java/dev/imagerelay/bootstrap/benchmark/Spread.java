package dev.imagerelay.bootstrap.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One figure from every round. */
final class Spread {

    private final List<Double> rounds = new ArrayList<>();

    void add(double value) {
        rounds.add(value);
    }

    double median() {
        List<Double> sorted = rounds.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** The median, and the smallest and the largest. */
    String print(int decimals) {
        if (rounds.isEmpty()) {
            return "-";
        }
        String format = "%." + decimals + "f";
        return String.format(Locale.ROOT, format + " (" + format + ".." + format + ")", median(),
                rounds.stream().min(Double::compare).orElseThrow(),
                rounds.stream().max(Double::compare).orElseThrow());
    }
}
