package dev.imagerelay.domain.ledger;

/** What an entry does, and so which way its credits go. */
public enum EntryKind {
    /** Credits were bought or given. */
    GRANTED(Pot.ISSUED, Pot.AVAILABLE),
    /** Set aside for a relay, before its upstream hears of it. */
    HELD(Pot.AVAILABLE, Pot.HELD),
    /** Taken for pictures that were delivered. */
    SETTLED(Pot.HELD, Pot.EARNED),
    /** Given back to be spent again, because they were not needed. */
    RELEASED(Pot.HELD, Pot.AVAILABLE),
    /** Lost, because their time had come. */
    EXPIRED(Pot.AVAILABLE, Pot.LAPSED),
    /** Given back after they were taken. */
    REFUNDED(Pot.EARNED, Pot.AVAILABLE),
    /** Added by hand, with a reason. */
    ADJUSTED_UP(Pot.ISSUED, Pot.AVAILABLE),
    /** Taken away by hand, with a reason. */
    ADJUSTED_DOWN(Pot.AVAILABLE, Pot.ISSUED);

    private final Pot from;
    private final Pot to;

    EntryKind(Pot from, Pot to) {
        this.from = from;
        this.to = to;
    }

    public Pot from() {
        return from;
    }

    public Pot to() {
        return to;
    }
}
