package dev.imagerelay.adapters.persistence;

import dev.imagerelay.application.port.out.Accounts;
import dev.imagerelay.application.port.out.CreditLedger;
import dev.imagerelay.application.port.out.CreditLedgerLaws;
import dev.imagerelay.domain.pricing.RateCardVersion;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The books in every database follow the laws of every ledger, and balance after each chain. */
@ParameterizedClass
@EnumSource(Store.Kind.class)
class JdbiCreditLedgerLawsTest extends CreditLedgerLaws {

    @RegisterExtension
    final FreshDatabase fresh;

    private final Store.Kind kind;

    JdbiCreditLedgerLawsTest(Store.Kind kind) {
        this.kind = kind;
        fresh = new FreshDatabase(kind);
    }

    @Override
    protected int chains() {
        return kind == Store.Kind.H2 ? 200 : 100;
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
    protected Optional<Duration> lease() {
        return fresh.database().isShared() ? Optional.of(Duration.ofSeconds(60)) : Optional.empty();
    }

    @Override
    protected Instant now() {
        return fresh.store().now();
    }

    @Override
    protected void pass(Duration duration) {
        fresh.store().pass(duration);
    }

    @Override
    protected void renew() {
        fresh.database().leases().renew();
    }

    @Override
    protected void loseGateway() {
        try {
            fresh.store().loseGateway();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    protected List<String> offenders() {
        return fresh.database().books().offenders();
    }
}
