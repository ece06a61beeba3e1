package dev.imagerelay.domain.account;

import java.time.Duration;

/**
 * Where a limit stands.
 *
 * @param spender whose orders it limits
 * @param kind    what it limits
 * @param most    how many it allows
 * @param left    how many more there may be now, 0 or more
 * @param more    after how much time there may be more if nothing else is ordered; zero if nothing has been, or if that
 *                depends on when orders in flight end
 */
public record LimitStatus(Spender spender, Kind kind, int most, int left, Duration more) {

    /** The same with another time until there may be more. */
    public LimitStatus after(Duration more) {
        return new LimitStatus(spender, kind, most, left, more);
    }

    /** What can be limited. */
    public enum Kind {
        /** Orders in any 60 seconds. */
        REQUESTS,
        /** Pictures ordered in any 60 seconds. */
        IMAGES,
        /** Orders in flight. */
        AT_ONCE
    }
}
