package dev.imagerelay.bootstrap;

/**
 * Where a server can be made to die: before and after each step that is durable or that others can see. In the order in
 * which a campaign passes through them, as one may need what the one before it has left behind.
 */
enum CrashPoint {
    BEFORE_HOLD,
    AFTER_HOLD,
    /** Needs a hold that a dead server has left behind, as the next does. */
    BEFORE_SWEEP_RELEASE(true),
    AFTER_SWEEP_RELEASE(true),
    BEFORE_RELAY,
    AFTER_RELAY,
    BEFORE_RESULT,
    AFTER_RESULT,
    BEFORE_SETTLE,
    AFTER_SETTLE,
    BEFORE_RELEASE,
    AFTER_RELEASE,
    /** Before it is written down how a relay ended, since the books are away; the server must be told that they are. */
    BEFORE_ENDING,
    AFTER_ENDING,
    /** Before the sweep settles what was written down; needs that, as the next three do. */
    BEFORE_LATE_SETTLE(true),
    AFTER_LATE_SETTLE(true),
    /** Before what was written down is struck out. */
    BEFORE_STRIKE(true),
    AFTER_STRIKE(true);

    private final boolean whileStarting;

    CrashPoint() {
        this(false);
    }

    CrashPoint(boolean whileStarting) {
        this.whileStarting = whileStarting;
    }

    /** Whether a server passes it in its first sweep, so that it never gets ready. */
    boolean isWhileStarting() {
        return whileStarting;
    }

    /** Whether a server passes it only while the books are away. */
    boolean needsBooksAway() {
        return this == BEFORE_ENDING || this == AFTER_ENDING;
    }
}
