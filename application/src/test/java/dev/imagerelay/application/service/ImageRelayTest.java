package dev.imagerelay.application.service;

import static dev.imagerelay.application.service.Shop.balance;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;

import dev.imagerelay.application.Catalogues;
import dev.imagerelay.application.port.in.AdministerAccounts;
import dev.imagerelay.application.port.in.AdministerAccounts.GrantOrder;
import dev.imagerelay.application.port.in.GenerateImages.Command;
import dev.imagerelay.application.port.out.Reports;
import dev.imagerelay.application.port.out.Results;
import dev.imagerelay.application.port.out.Unsettled;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.account.Caller;
import dev.imagerelay.domain.catalogue.Catalogue;
import dev.imagerelay.domain.image.Delivery;
import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.ledger.GrantSource;
import dev.imagerelay.domain.ledger.LedgerEntry.Note;
import dev.imagerelay.domain.ledger.Totals;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.RelayOutcome;
import dev.imagerelay.domain.relay.RequestBody;
import dev.imagerelay.domain.relay.UpstreamReply;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A program that embeds Image Relay reaches every use case from one place. */
class ImageRelayTest {

    private final Shop shop = new Shop();
    private final Catalogue catalogue = Catalogues.painter();
    private final AdministerAccounts office =
            ImageRelay.administerAccounts(shop.accounts, shop.keys, shop.ledger, shop.time, new Random(1));

    @Test
    void fromOpeningAnAccountToARefund() {
        AccountId bob = office.open("Bob").id();
        office.grant(
                bob, new GrantOrder(Credits.of("10"), GrantSource.PURCHASED, 50, Optional.empty(), Optional.empty()));
        String key = office.issueKey(bob).orElseThrow().secret().reveal();

        Caller caller = ImageRelay.authenticate(shop.keys, shop.time).authenticate(key).orThrow();
        ImageOrder order = ImageOrder.of("painter", "a fox").times(2).at("2K");
        assertTrue(ImageRelay.quoteImages(() -> catalogue, shop.ledger).quote(caller, order).orThrow().covered());

        RelayId id = shop.nextRelay();
        ScriptedUpstream upstream =
                new ScriptedUpstream().then(new UpstreamReply.Images(new CountedBody(), Delivery.of(1)));
        assertInstanceOf(
                RelayOutcome.Delivered.class,
                ImageRelay.generateImages(() -> catalogue, shop.ledger, upstream, shop.time)
                        .generate(new Command(id, caller, order, RequestBody.of(order))));
        office.refund(id, Credits.of("1"), new Note("olivia", "a fox with five legs"));

        assertEquals(
                new Totals(balance("6", "0"), Credits.of("10"), Credits.of("4"), Credits.ZERO),
                ImageRelay.readCredits(shop.ledger, mock(Reports.class), shop.time).totals(caller));
        assertEquals(0, ImageRelay.sweep(shop.ledger, Unsettled.NONE, Results.NONE).sweep().released());
    }

    @Test
    void theModelsOnOfferAreThoseInForce() {
        assertSame(catalogue, ImageRelay.listModels(() -> catalogue).catalogue());
    }
}
