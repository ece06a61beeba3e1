package dev.imagerelay.application.service;

import dev.imagerelay.application.port.in.ReleaseAbandonedHolds;
import dev.imagerelay.application.port.out.CreditLedger;
import dev.imagerelay.domain.ledger.Intent;
import dev.imagerelay.domain.ledger.Posting;
import dev.imagerelay.domain.relay.Relay;
import java.util.List;

/** Releases holds page by page until there are none. */
final class ReleaseAbandonedHoldsService implements ReleaseAbandonedHolds {

    private static final int PAGE = 200;

    private final CreditLedger ledger;

    ReleaseAbandonedHoldsService(CreditLedger ledger) {
        this.ledger = ledger;
    }

    @Override
    public int releaseAll() {
        int released = 0;
        for (List<Relay> page = ledger.held(PAGE); !page.isEmpty(); page = ledger.held(PAGE)) {
            for (Relay relay : page) {
                Posting posting = ledger.post(Intent.release(relay.account(), relay.id(), "process_died"));
                if (!(posting instanceof Posting.Posted)) {
                    throw new IllegalStateException(relay.id() + " is held and cannot be released: " + posting);
                }
                released++;
            }
        }
        return released;
    }
}
