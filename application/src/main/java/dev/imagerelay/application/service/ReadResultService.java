package dev.imagerelay.application.service;

import dev.imagerelay.application.port.in.ReadResult;
import dev.imagerelay.application.port.out.CreditLedger;
import dev.imagerelay.application.port.out.Results;
import dev.imagerelay.domain.account.Caller;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.RelayState;
import dev.imagerelay.domain.relay.ReplyBody;
import java.util.Optional;

/** Asks the books whose a result is, and whether it was paid for. */
final class ReadResultService implements ReadResult {

    private final CreditLedger ledger;
    private final Results results;

    ReadResultService(CreditLedger ledger, Results results) {
        this.ledger = ledger;
        this.results = results;
    }

    @Override
    public Optional<ReplyBody> result(Caller caller, RelayId relay) {
        return ledger.relay(relay)
                .filter(paid -> paid.account().equals(caller.account()) && paid.state() == RelayState.SETTLED)
                .flatMap(paid -> results.find(relay));
    }
}
