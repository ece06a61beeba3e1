package dev.imagerelay.application.service;

import dev.imagerelay.application.port.in.ReadCredits;
import dev.imagerelay.application.port.out.CreditLedger;
import dev.imagerelay.domain.account.Caller;
import dev.imagerelay.domain.ledger.Statement;
import dev.imagerelay.domain.ledger.Totals;
import java.util.OptionalLong;

/** Reads the books for the caller's own account and no other. */
final class ReadCreditsService implements ReadCredits {

    private final CreditLedger ledger;

    ReadCreditsService(CreditLedger ledger) {
        this.ledger = ledger;
    }

    @Override
    public Totals totals(Caller caller) {
        return ledger.totals(caller.account());
    }

    @Override
    public Statement entries(Caller caller, OptionalLong below, int limit) {
        if (limit < 1 || limit > MOST_ENTRIES) {
            throw new IllegalArgumentException("a page has 1 to " + MOST_ENTRIES + " entries, not " + limit);
        }
        return ledger.entries(caller.account(), below, limit);
    }
}
