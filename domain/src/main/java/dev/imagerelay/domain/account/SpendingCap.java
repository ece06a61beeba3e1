package dev.imagerelay.domain.account;

import dev.imagerelay.domain.pricing.Credits;
import java.util.ArrayList;
import java.util.List;

/**
 * The most that an account or one of its keys may spend. What is held counts as spent; what is not charged in the end
 * can be spent again. A refund makes up for a picture and does not lift the cap.
 *
 * @param spender whose spending it caps
 * @param name    the key's public part, or the account's id
 * @param period  in what time
 * @param most    how many credits
 */
public record SpendingCap(Spender spender, String name, Period period, Credits most) {

    /** In what time something may be spent. */
    public enum Period {
        /** In a day, from midnight to midnight in UTC, by when the credits were held. */
        DAY,
        /** At all. */
        EVER
    }

    /** All that stand between a caller and an order; none if the account's credits are the only bound. */
    public static List<SpendingCap> of(Caller caller) {
        List<SpendingCap> caps = new ArrayList<>();
        KeyScope scope = caller.scope();
        scope.credits().ifPresent(most -> caps.add(ofKey(caller, Period.EVER, most)));
        scope.limits().creditsPerDay().ifPresent(most -> caps.add(ofKey(caller, Period.DAY, most)));
        caller.limits().creditsPerDay().ifPresent(most -> caps.add(
                new SpendingCap(Spender.ACCOUNT, caller.account().value(), Period.DAY, most)));
        return caps;
    }

    private static SpendingCap ofKey(Caller caller, Period period, Credits most) {
        return new SpendingCap(Spender.KEY, caller.keyPrefix(), period, most);
    }

    /**
     * How much of a cap has been used up.
     *
     * @param cap     the cap
     * @param credits what has been spent in its period
     */
    public record Spent(SpendingCap cap, Credits credits) {

        /** Whether so much more can be spent. */
        public boolean leaves(Credits amount) {
            return cap.most.covers(credits.plus(amount));
        }
    }
}
