package dev.imagerelay.adapters.telemetry;

import dev.imagerelay.application.port.out.CreditLedger;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.ledger.Balance;
import dev.imagerelay.domain.ledger.Intent;
import dev.imagerelay.domain.ledger.Posting;
import dev.imagerelay.domain.ledger.Statement;
import dev.imagerelay.domain.ledger.Totals;
import dev.imagerelay.domain.relay.Claim;
import dev.imagerelay.domain.relay.Claimed;
import dev.imagerelay.domain.relay.Relay;
import dev.imagerelay.domain.relay.RelayId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/** Tells of every posting. */
final class WatchedLedger implements CreditLedger {

    private final CreditLedger ledger;
    private final Metrics metrics;
    private final OpenHolds open;
    private final LongSupplier nanos;

    WatchedLedger(CreditLedger ledger, Metrics metrics, OpenHolds open, LongSupplier nanos) {
        this.ledger = ledger;
        this.metrics = metrics;
        this.open = open;
        this.nanos = nanos;
    }

    @Override
    public Posting post(Intent intent) {
        String verb = intent.verb().replace(' ', '_');
        long began = nanos.getAsLong();
        String result = "failed";
        try {
            Posting posting = ledger.post(intent);
            result = Words.of(posting);
            if (posting instanceof Posting.Posted posted) {
                metrics.moved(posted.entries());
            }
            open.see(posting);
            return posting;
        } finally {
            metrics.posted(verb, result, nanos.getAsLong() - began);
        }
    }

    @Override
    public Balance balance(AccountId account) {
        return ledger.balance(account);
    }

    @Override
    public Totals totals(AccountId account) {
        return ledger.totals(account);
    }

    @Override
    public Statement entries(AccountId account, OptionalLong below, int limit) {
        return ledger.entries(account, below, limit);
    }

    @Override
    public Optional<Relay> relay(RelayId id) {
        return ledger.relay(id);
    }

    @Override
    public Optional<Claimed> claimed(AccountId account, Claim claim) {
        return ledger.claimed(account, claim);
    }

    @Override
    public List<Relay> held(int limit) {
        return ledger.held(limit);
    }

    @Override
    public List<Relay> abandoned(int limit) {
        return ledger.abandoned(limit);
    }

    @Override
    public List<AccountId> withLapsedGrants(int limit) {
        return ledger.withLapsedGrants(limit);
    }

    @Override
    public void forgetOldClaims() {
        ledger.forgetOldClaims();
    }
}
