package dev.imagerelay.adapters.persistence;

import dev.imagerelay.application.port.out.Accounts;
import dev.imagerelay.application.port.out.AuditTrail;
import dev.imagerelay.application.port.out.CreditLedger;
import dev.imagerelay.application.port.out.CreditLedgerContract;
import dev.imagerelay.domain.pricing.RateCardVersion;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The books in every database keep the contract of every ledger, and balance after each of its tests. */
@ParameterizedClass
@EnumSource(Store.Kind.class)
class JdbiCreditLedgerTest extends CreditLedgerContract {

    @RegisterExtension
    final FreshDatabase fresh;

    JdbiCreditLedgerTest(Store.Kind kind) {
        fresh = new FreshDatabase(kind);
    }

    @Override
    protected CreditLedger ledger() {
        return fresh.database().ledger();
    }

    @Override
    protected RateCardVersion version() {
        fresh.database().rateCards().keep(Samples.CARD);
        return Samples.CARD.version();
    }

    @Override
    protected Accounts accounts() {
        return fresh.database().accounts();
    }

    @Override
    protected Instant now() {
        return fresh.store().now();
    }

    @Override
    protected void pass(Duration duration) {
        fresh.store().pass(duration);
        fresh.database().leases().renew();
    }

    @Override
    protected AuditTrail trail() {
        return fresh.database().trail();
    }
}
