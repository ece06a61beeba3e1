package dev.imagerelay.domain.ledger;

import java.util.List;

/**
 * A page of an account's entries, the newest first.
 *
 * @param lines what is on the page; empty if there is nothing (more)
 * @param more  whether older entries follow
 */
public record Statement(List<Line> lines, boolean more) {

    public Statement {
        lines = List.copyOf(lines);
    }

    /**
     * One entry in its place.
     *
     * @param number its number in the books, growing with time; the next page begins below the last one of this page
     * @param entry  the entry
     */
    public record Line(long number, LedgerEntry entry) {}
}
