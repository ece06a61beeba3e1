package dev.imagerelay.adapters.telemetry;

import dev.imagerelay.domain.account.Caller;
import dev.imagerelay.domain.relay.RelayId;
import io.opentelemetry.context.Context;
import java.util.Optional;

/** What is known so far of one order. One thread at a time works on it. */
final class Order {

    static final String NO_UPSTREAM = "none";

    private final RelayId id;
    private final Context context;
    private final long began;
    private Optional<Asked> asked = Optional.empty();
    private Optional<Verdict> verdict = Optional.empty();
    private String upstream = NO_UPSTREAM;
    private long upstreamNanos;

    /** What the caller wants. */
    record Asked(Caller caller, Labels.Ordered labels, int images, boolean streamed) {}

    /** An order that came in then; the spans of its upstream calls belong into that context. */
    Order(RelayId id, Context context, long began) {
        this.id = id;
        this.context = context;
        this.began = began;
    }

    void asked(Asked what) {
        asked = Optional.of(what);
    }

    void calls(String upstream) {
        this.upstream = upstream;
    }

    void called(long nanos) {
        upstreamNanos += nanos;
    }

    void ended(Verdict how) {
        verdict = Optional.of(how);
    }

    RelayId id() {
        return id;
    }

    Context context() {
        return context;
    }

    /** When it came in. */
    long began() {
        return began;
    }

    /** Empty while it has not been understood. */
    Optional<Asked> asked() {
        return asked;
    }

    /** Empty while it has not ended. */
    Optional<Verdict> verdict() {
        return verdict;
    }

    /** The last upstream that was asked. */
    String upstream() {
        return upstream;
    }

    boolean calledUpstream() {
        return !upstream.equals(NO_UPSTREAM);
    }

    /** How long all calls together took. */
    long upstreamNanos() {
        return upstreamNanos;
    }
}
