package dev.imagerelay.adapters.persistence;

import dev.imagerelay.application.port.out.Accounts;
import dev.imagerelay.application.port.out.CreditLedger;
import dev.imagerelay.application.port.out.CreditLedgerContract;
import dev.imagerelay.domain.pricing.RateCardVersion;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The books in H2 keep the contract of every ledger, and balance after each of its tests. */
class JdbiCreditLedgerTest extends CreditLedgerContract {

    @RegisterExtension
    final H2Extension h2 = new H2Extension();

    @Override
    protected CreditLedger ledger() {
        return h2.database().ledger();
    }

    @Override
    protected RateCardVersion version() {
        h2.database().rateCards().keep(H2Extension.rateCard("1"));
        return H2Extension.rateCard("1").version();
    }

    @Override
    protected Accounts accounts() {
        return h2.database().accounts();
    }

    @Override
    protected Instant now() {
        return h2.time().instant();
    }

    @Override
    protected void pass(Duration duration) {
        h2.time().pass(duration);
    }
}
