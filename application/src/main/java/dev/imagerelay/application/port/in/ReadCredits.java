package dev.imagerelay.application.port.in;

import dev.imagerelay.domain.account.Caller;
import dev.imagerelay.domain.ledger.Statement;
import dev.imagerelay.domain.ledger.Totals;
import java.util.OptionalLong;

/** What have I left, and where did it go? */
public interface ReadCredits {

    /** The most entries of one page. */
    int MOST_ENTRIES = 200;

    /** What the caller's account has, and what became of everything that ever came in. */
    Totals totals(Caller caller);

    /**
     * The caller's entries, the newest first.
     *
     * @param below only entries with a lower number than this; empty: from the newest
     * @param limit the most entries to return, 1 to {@value #MOST_ENTRIES}
     */
    Statement entries(Caller caller, OptionalLong below, int limit);
}
