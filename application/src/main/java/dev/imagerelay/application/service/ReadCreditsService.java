package dev.imagerelay.application.service;

import dev.imagerelay.application.port.in.ReadCredits;
import dev.imagerelay.application.port.out.CreditLedger;
import dev.imagerelay.application.port.out.Reports;
import dev.imagerelay.domain.account.Caller;
import dev.imagerelay.domain.ledger.Grant;
import dev.imagerelay.domain.ledger.Statement;
import dev.imagerelay.domain.ledger.Totals;
import dev.imagerelay.domain.report.UsageQuery;
import dev.imagerelay.domain.report.UsageRow;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads the books for the caller's own account and no other. */
final class ReadCreditsService implements ReadCredits {

    private final CreditLedger ledger;
    private final Reports reports;
    private final InstantSource time;

    ReadCreditsService(CreditLedger ledger, Reports reports, InstantSource time) {
        this.ledger = ledger;
        this.reports = reports;
        this.time = time;
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

    @Override
    public List<Grant> grants(Caller caller) {
        return reports.grants(caller.account());
    }

    @Override
    public List<UsageRow> usage(Caller caller, int days) {
        if (days < 1 || days > MOST_DAYS) {
            throw new IllegalArgumentException("usage is told of 1 to " + MOST_DAYS + " days, not " + days);
        }
        Instant tomorrow = time.instant().truncatedTo(ChronoUnit.DAYS).plus(Duration.ofDays(1));
        return reports.usage(new UsageQuery(
                tomorrow.minus(Duration.ofDays(days)), tomorrow, Optional.of(caller.account()), UsageQuery.Grain.DAY,
                List.of(UsageQuery.Dimension.MODEL)));
    }
}
