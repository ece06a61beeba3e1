package dev.imagerelay.bootstrap;

/**
 * Where a server can be made to die: before and after each step that is durable or that others can see. In the order in
 * which a campaign passes through them, as one may need what the one before it has left behind.
 */
enum CrashPoint {
    BEFORE_HOLD,
    AFTER_HOLD,
    /** Needs a hold that a dead server has left behind, as the next does. */
    BEFORE_SWEEP_RELEASE(1),
    AFTER_SWEEP_RELEASE(1),
    BEFORE_RELAY,
    AFTER_RELAY,
    BEFORE_RESULT,
    AFTER_RESULT,
    BEFORE_SETTLE,
    AFTER_SETTLE,
    /** When the customer has half of the answer. */
    IN_ANSWER,
    AFTER_ANSWER,
    BEFORE_RELEASE,
    AFTER_RELEASE,
    BEFORE_RENEWAL(2),
    AFTER_RENEWAL(2),
    /** Before the sweep writes off what has expired. */
    BEFORE_EXPIRY(1),
    AFTER_EXPIRY(1),
    /** Before an H2 file that is in use is compacted. */
    BEFORE_COMPACTION(2),
    IN_COMPACTION(2),
    AFTER_COMPACTION(2),
    /** Before it is written down how a relay ended, since the books are away; these last can be passed only then. */
    BEFORE_ENDING(3),
    AFTER_ENDING(3),
    /** Before the sweep settles what was written down. */
    BEFORE_LATE_SETTLE(1),
    AFTER_LATE_SETTLE(1),
    /** Before what was written down is struck out. */
    BEFORE_STRIKE(1),
    AFTER_STRIKE(1);

    private final int passages;

    CrashPoint() {
        this(8);
    }

    CrashPoint(int passages) {
        this.passages = passages;
    }

    /** How often a server passes it for certain, if it gets the time. */
    int passages() {
        return passages;
    }

    /** Whether only a server whose books are in an H2 file passes it. */
    boolean isOfFiles() {
        return this == BEFORE_COMPACTION || this == IN_COMPACTION || this == AFTER_COMPACTION;
    }

    /** Whether a server passes it only if the books go away. */
    boolean needsBooksAway() {
        return compareTo(BEFORE_ENDING) >= 0;
    }
}
