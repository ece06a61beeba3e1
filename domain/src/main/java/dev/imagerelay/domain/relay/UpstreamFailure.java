package dev.imagerelay.domain.relay;

import java.util.Locale;

/**
 * How an upstream can fail a relay. A failure never costs the caller anything; what it may have cost the operator is
 * told by {@link #mayHaveWorked()}.
 */
public enum UpstreamFailure {
    /** No connection: refused, unknown host, no TLS. */
    UNREACHABLE(Work.NONE),
    /** A complete answer that it takes no more requests now (429, 503), or as many of ours are in flight as may be. */
    BUSY(Work.NONE),
    /** It was not asked, as it has failed too often just now. */
    UNAVAILABLE(Work.NONE),
    /** It refuses our credential or our access (401, 403). */
    CREDENTIAL_REFUSED(Work.NONE),
    /** Our account there has no money left (402, 429 {@code insufficient_quota} and its kin). */
    QUOTA_EXHAUSTED(Work.NONE),
    /** A complete answer that it failed (5xx), or that we asked at the wrong place (404, 405, 3xx). */
    ERROR_ANSWERED(Work.ANSWERED),
    /** Silence beyond the idle limit, or no end within the total limit. */
    TIMED_OUT(Work.UNKNOWN),
    /** The connection broke after the request was sent. */
    CUT_OFF(Work.UNKNOWN),
    /** An answer of success that is no JSON object, or carries an error, or is larger than the limit. */
    UNUSABLE_ANSWER(Work.UNKNOWN),
    /** An answer of success with no picture in it. */
    NO_IMAGES(Work.UNKNOWN),
    /** The pictures came, but the hold for them had already been given back. */
    TOO_LATE(Work.UNKNOWN);

    private enum Work {
        NONE,
        ANSWERED,
        UNKNOWN
    }

    private final Work work;

    UpstreamFailure(Work work) {
        this.work = work;
    }

    /** Whether the attempt provably did no work, so that another upstream may be asked. */
    public boolean didNoWork() {
        return work == Work.NONE;
    }

    /** Whether the upstream may have made, and billed, pictures that nobody got: asking again might buy them twice. */
    public boolean mayHaveWorked() {
        return work == Work.UNKNOWN;
    }

    /** Its name in the books and on the wire, such as {@code timed_out}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
