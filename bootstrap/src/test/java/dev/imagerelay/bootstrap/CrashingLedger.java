package dev.imagerelay.bootstrap;

import dev.imagerelay.application.port.out.CreditLedger;
import dev.imagerelay.application.port.out.StoreUnavailable;
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
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Books that a process dies before and after writing to. They can go away as well: from then on every hold, settle and
 * release fails, every other one after it was written.
 */
final class CrashingLedger implements CreditLedger {

    /** The property that says at which change the books go away. */
    static final String AWAY = "crash.away";

    private record Points(CrashPoint before, CrashPoint after) {}

    private final CreditLedger ledger;
    private final Crash crash;
    private final Map<String, Points> points;
    private final int away;
    private final AtomicInteger changes = new AtomicInteger();

    private CrashingLedger(CreditLedger ledger, Crash crash, Map<String, Points> points, int away) {
        this.ledger = ledger;
        this.crash = crash;
        this.points = points;
        this.away = away;
    }

    /** The books as those see them who serve customers. */
    static CrashingLedger ofRequests(CreditLedger ledger, Crash crash) {
        Map<String, Points> points = Map.of(
                "hold", new Points(CrashPoint.BEFORE_HOLD, CrashPoint.AFTER_HOLD),
                "settle", new Points(CrashPoint.BEFORE_SETTLE, CrashPoint.AFTER_SETTLE),
                "release", new Points(CrashPoint.BEFORE_RELEASE, CrashPoint.AFTER_RELEASE));
        return new CrashingLedger(ledger, crash, points, Integer.getInteger(AWAY, Integer.MAX_VALUE));
    }

    /** The books as the sweep sees them. */
    static CrashingLedger ofSweep(CreditLedger ledger, Crash crash) {
        Map<String, Points> points = Map.of(
                "settle", new Points(CrashPoint.BEFORE_LATE_SETTLE, CrashPoint.AFTER_LATE_SETTLE),
                "release", new Points(CrashPoint.BEFORE_SWEEP_RELEASE, CrashPoint.AFTER_SWEEP_RELEASE),
                "expire", new Points(CrashPoint.BEFORE_EXPIRY, CrashPoint.AFTER_EXPIRY));
        return new CrashingLedger(ledger, crash, points, Integer.MAX_VALUE);
    }

    @Override
    public Posting post(Intent intent) {
        Points here = points.get(intent.verb());
        if (here == null) {
            return ledger.post(intent);
        }
        crash.at(here.before());
        int change = changes.incrementAndGet();
        boolean lost = change >= away;
        if (lost && change % 2 == 0) {
            throw StoreUnavailable.before("the books are away");
        }
        Posting posting = ledger.post(intent);
        if (lost) {
            throw StoreUnavailable.during("the books went away", null);
        }
        crash.at(here.after());
        return posting;
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
