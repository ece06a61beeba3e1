package dev.imagerelay.application.port.in;

import dev.imagerelay.domain.account.Caller;
import dev.imagerelay.domain.ledger.Grant;
import dev.imagerelay.domain.ledger.Statement;
import dev.imagerelay.domain.ledger.Totals;
import dev.imagerelay.domain.report.UsageRow;
import java.util.List;
import java.util.OptionalLong;

/** What have I left, and where did it go? */
public interface ReadCredits {

    /** The most entries of one page. */
    int MOST_ENTRIES = 200;

    /** The most days that usage is told of. */
    int MOST_DAYS = 366;

    /** What the caller's account has, and what became of everything that ever came in. */
    Totals totals(Caller caller);

    /**
     * The caller's entries, the newest first.
     *
     * @param below only entries with a lower number than this; empty: from the newest
     * @param limit the most entries to return, 1 to {@value #MOST_ENTRIES}
     */
    Statement entries(Caller caller, OptionalLong below, int limit);

    /** What the caller's account was granted, in the order in which it is spent, used up and expired grants too. */
    List<Grant> grants(Caller caller);

    /**
     * What the caller's account was charged by day and model, the earliest day first; days without orders are left out.
     *
     * @param days how many days, of UTC, today included, 1 to {@value #MOST_DAYS}
     */
    List<UsageRow> usage(Caller caller, int days);
}
