package dev.imagerelay.application.service;

import static dev.imagerelay.application.service.Shop.ANN;
import static dev.imagerelay.application.service.Shop.balance;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.imagerelay.application.Catalogues;
import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.ledger.Intent;
import dev.imagerelay.domain.pricing.Charge;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.relay.Relay;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.RelayState;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a dead process held goes back whole, however much of it there is, and nothing else is touched. */
class ReleaseAbandonedHoldsServiceTest {

    private final Shop shop = new Shop().with("1000");
    private final ReleaseAbandonedHoldsService release = new ReleaseAbandonedHoldsService(shop.ledger);

    @Test
    void everyHoldIsReleasedOverMoreThanOnePage() {
        for (int i = 0; i < 450; i++) {
            hold();
        }
        assertEquals(balance("550", "450"), shop.balance());

        assertEquals(450, release.releaseAll());

        assertEquals(balance("1000", "0"), shop.balance());
        assertEquals(List.of(), shop.ledger.held(1));
    }

    @Test
    void aReleasedHoldSaysWhy() {
        RelayId id = hold();

        release.releaseAll();

        Relay relay = shop.ledger.relay(id).orElseThrow();
        assertEquals(RelayState.RELEASED, relay.state());
        assertEquals(Optional.of("process_died"), relay.reason());
    }

    @Test
    void whatHasEndedStaysAsItIs() {
        RelayId settled = hold();
        shop.ledger.post(Intent.settle(ANN.account(), settled, new Charge(Credits.of("1"), 1)));
        hold();

        assertEquals(1, release.releaseAll());
        assertEquals(0, release.releaseAll());

        assertEquals(RelayState.SETTLED, shop.ledger.relay(settled).orElseThrow().state());
        assertEquals(balance("999", "0"), shop.balance());
    }

    private RelayId hold() {
        RelayId id = shop.nextRelay();
        ImageOrder order = ImageOrder.of("painter", "a fox").at("1K");
        shop.ledger.post(Intent.hold(
                Relay.of(id, ANN.account(), ANN.keyPrefix(), Catalogues.painter().quote(order).orThrow())));
        return id;
    }
}
