package dev.imagerelay.domain.report;

import dev.imagerelay.domain.account.AccountId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What was used, added up.
 *
 * @param from    of relays held then or later
 * @param to      of relays held before then
 * @param account whose; empty: all
 * @param grain   in which periods it is added up
 * @param by      what is told apart, in that order; none: everything is added up together
 */
public record UsageQuery(Instant from, Instant to, Optional<AccountId> account, Grain grain, List<Dimension> by) {

    public UsageQuery {
        by = List.copyOf(by);
        if (!from.isBefore(to)) {
            throw new IllegalArgumentException("usage is from a time to a later one");
        }
        if (Set.copyOf(by).size() < by.size()) {
            throw new IllegalArgumentException("usage is told apart by the same thing once");
        }
    }

    /** The most rows of an answer. */
    public static final int MOST_ROWS = 10_000;

    /** In which periods usage is added up, all in UTC. */
    public enum Grain {
        HOUR,
        DAY,
        MONTH,
        /** The whole time in one. */
        ALL
    }

    /** What can be told apart. */
    public enum Dimension {
        ACCOUNT,
        KEY,
        MODEL,
        /** As it was ordered; {@code auto} if it was left to the model. */
        SIZE,
        /** As it was ordered; {@code auto} if it was left to the model. */
        QUALITY,
        /** {@code held}, {@code settled}, or the reason why it was released. */
        OUTCOME
    }
}
