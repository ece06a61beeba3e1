package dev.imagerelay.domain.report;

import java.time.Instant;

/**
 * How one upstream does, as this gateway has seen it since it was started.
 *
 * @param name         as the settings have it
 * @param host         where it is, with its port if it is not the usual one
 * @param inFlight     how many requests it is working on for this gateway
 * @param mostInFlight how many that may be
 * @param state        whether it is asked
 * @param failures     how often in a row it has failed
 * @param since        since when it is in this state
 */
public record UpstreamStatus(
        String name, String host, int inFlight, int mostInFlight, State state, int failures, Instant since) {

    /** The words of a circuit breaker. */
    public enum State {
        /** It is asked. */
        CLOSED,
        /** It is not asked, as it failed too often. */
        OPEN,
        /** A few orders are sent to it, to see whether it works again. */
        HALF_OPEN
    }
}
