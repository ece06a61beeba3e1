package dev.imagerelay.application.port.out;

import dev.imagerelay.application.SettableTime;
import dev.imagerelay.domain.pricing.RateCardVersion;
import java.time.Duration;
import java.time.Instant;

/** The fake keeps the same contract as the real stores. */
class InMemoryCreditLedgerTest extends CreditLedgerContract {

    private final SettableTime time = new SettableTime();
    private final InMemoryAuditTrail trail = new InMemoryAuditTrail();
    private final InMemoryAccounts accounts = new InMemoryAccounts(trail);
    private final InMemoryCreditLedger ledger = new InMemoryCreditLedger(accounts, time, trail);

    @Override
    protected CreditLedger ledger() {
        return ledger;
    }

    @Override
    protected RateCardVersion version() {
        return new RateCardVersion("0123456789abcdef");
    }

    @Override
    protected Accounts accounts() {
        return accounts;
    }

    @Override
    protected AuditTrail trail() {
        return trail;
    }

    @Override
    protected Instant now() {
        return time.instant();
    }

    @Override
    protected void pass(Duration duration) {
        time.pass(duration);
    }
}
