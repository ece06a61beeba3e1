package dev.imagerelay.application.port.out;

import dev.imagerelay.application.SettableTime;
import dev.imagerelay.domain.pricing.RateCardVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The fake follows the same laws as the real stores. */
class InMemoryCreditLedgerLawsTest extends CreditLedgerLaws {

    private final SettableTime time = new SettableTime();
    private InMemoryAccounts accounts;
    private InMemoryCreditLedger ledger;

    @Override
    protected int chains() {
        return 1_000;
    }

    @Override
    protected CreditLedger ledger() {
        InMemoryAuditTrail trail = new InMemoryAuditTrail();
        accounts = new InMemoryAccounts(trail);
        ledger = new InMemoryCreditLedger(accounts, time, trail);
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
    protected Optional<Duration> lease() {
        return Optional.empty();
    }

    @Override
    protected Instant now() {
        return time.instant();
    }

    @Override
    protected void pass(Duration duration) {
        time.pass(duration);
    }

    @Override
    protected void renew() {}

    @Override
    protected void loseGateway() {
        ledger.loseGateway();
    }

    /** It keeps nothing that could contradict itself. */
    @Override
    protected List<String> offenders() {
        return List.of();
    }
}
