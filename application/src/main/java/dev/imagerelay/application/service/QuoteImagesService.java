package dev.imagerelay.application.service;

import dev.imagerelay.application.port.in.QuoteImages;
import dev.imagerelay.application.port.out.CreditLedger;
import dev.imagerelay.application.port.out.ModelCatalogue;
import dev.imagerelay.domain.account.Caller;
import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.relay.Decision;

/** The same price that an order would be held at, beside what the account has. */
final class QuoteImagesService implements QuoteImages {

    private final ModelCatalogue models;
    private final CreditLedger ledger;

    QuoteImagesService(ModelCatalogue models, CreditLedger ledger) {
        this.models = models;
        this.ledger = ledger;
    }

    @Override
    public Decision<Answer> quote(Caller caller, ImageOrder order) {
        return models.current()
                .quote(order)
                .then(quote -> Decision.accepted(new Answer(quote, ledger.balance(caller.account()))));
    }
}
