package dev.imagerelay.domain.relay;

/** How far a relay has come. The first state is durable before the upstream hears of it; the others are final. */
public enum RelayState {
    /** Credits are held; the upstream may be at work. */
    HELD,
    /** Pictures came and are paid for. */
    SETTLED,
    /** Nothing was delivered; the whole hold went back. */
    RELEASED
}
