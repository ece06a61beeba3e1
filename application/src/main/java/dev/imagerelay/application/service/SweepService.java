package dev.imagerelay.application.service;

import dev.imagerelay.application.port.in.Sweep;
import dev.imagerelay.application.port.out.CreditLedger;
import dev.imagerelay.application.port.out.Results;
import dev.imagerelay.application.port.out.Unsettled;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.ledger.Ending;
import dev.imagerelay.domain.ledger.Intent;
import dev.imagerelay.domain.ledger.Posting;
import dev.imagerelay.domain.relay.Relay;
import java.util.List;

/** Goes through the books page by page. */
final class SweepService implements Sweep {

    private static final int PAGE = 200;

    private final CreditLedger ledger;
    private final Unsettled unsettled;
    private final Results results;

    SweepService(CreditLedger ledger, Unsettled unsettled, Results results) {
        this.ledger = ledger;
        this.unsettled = unsettled;
        this.results = results;
    }

    @Override
    public Swept sweep() {
        int settledLate = settleLate();
        int released = release();
        int expired = expire();
        ledger.forgetOldClaims();
        results.forgetOld();
        return new Swept(settledLate, released, expired);
    }

    /** First of all, lest what was delivered be released as abandoned. */
    private int settleLate() {
        List<Ending> endings = unsettled.endings();
        endings.forEach(this::settleLate);
        unsettled.remove(endings);
        return endings.size();
    }

    /** Posts it without looking first: a hold that is just being written would not be seen, but is waited for. */
    private void settleLate(Ending ending) {
        try {
            ledger.post(ending.intent());
        } catch (IllegalArgumentException e) {
            if (ledger.relay(ending.relay()).isPresent()) {
                throw e;
            }
            // its hold was never written
        }
    }

    private int release() {
        int released = 0;
        for (List<Relay> page = ledger.abandoned(PAGE); !page.isEmpty(); page = ledger.abandoned(PAGE)) {
            for (Relay relay : page) {
                Posting posting = ledger.post(Intent.release(relay.account(), relay.id(), "gateway_died"));
                released += posting instanceof Posting.Posted ? 1 : 0; // or another gateway was faster
            }
        }
        return released;
    }

    private int expire() {
        List<AccountId> accounts = ledger.withLapsedGrants(PAGE);
        accounts.forEach(account -> ledger.post(Intent.expire(account)));
        return accounts.size();
    }
}
