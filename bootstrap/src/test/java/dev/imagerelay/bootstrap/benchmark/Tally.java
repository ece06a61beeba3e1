package dev.imagerelay.bootstrap.benchmark;

import org.HdrHistogram.Histogram;

/**
 * What became of many calls.
 *
 * @param latency of those that went well, from when they were due, in nanoseconds
 * @param refused how many were answered with 503
 * @param failed  how many went wrong in any other way
 * @param seconds how long it took from the first to the last
 */
record Tally(Histogram latency, long refused, long failed, double seconds) {

    long good() {
        return latency.getTotalCount();
    }

    double perSecond() {
        return good() / seconds;
    }

    double millis(double percentile) {
        return latency.getValueAtPercentile(percentile) / 1e6;
    }
}
