package dev.imagerelay.domain.report;

import dev.imagerelay.domain.ledger.GrantId;
import java.time.Instant;
import java.util.Optional;

/**
 * Which grants to show, the newest first. Whatever is empty does not matter.
 *
 * @param from  came in then or later
 * @param to    came in before then
 * @param below the page begins behind this grant
 * @param limit the most grants of a page, 1 to {@value #MOST}
 */
public record GrantQuery(Optional<Instant> from, Optional<Instant> to, Optional<GrantId> below, int limit) {

    /** The most grants of one page. */
    public static final int MOST = 1_000;

    public GrantQuery {
        if (limit < 1 || limit > MOST) {
            throw new IllegalArgumentException("a page has 1 to " + MOST + " grants, not " + limit);
        }
    }
}
