package dev.imagerelay.application.port.in;

import dev.imagerelay.domain.account.Caller;
import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.ledger.Balance;
import dev.imagerelay.domain.pricing.Quote;
import dev.imagerelay.domain.relay.Decision;

/** What would this order cost, and is there enough to pay for it? */
public interface QuoteImages {

    /** The price of an order for that caller; declined exactly as the order itself would be for what it asks for. */
    Decision<Answer> quote(Caller caller, ImageOrder order);

    /**
     * A price beside a balance.
     *
     * @param quote   what would be held
     * @param balance what the caller's account has now
     */
    record Answer(Quote quote, Balance balance) {

        /** Whether the account could pay for it now. */
        public boolean covered() {
            return balance.available().covers(quote.total());
        }
    }
}
