package dev.imagerelay.application.service;

import static dev.imagerelay.application.service.Shop.ANN;
import static dev.imagerelay.application.service.Shop.balance;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.spy;

import dev.imagerelay.application.Catalogues;
import dev.imagerelay.application.port.in.Sweep.Swept;
import dev.imagerelay.application.port.out.CreditLedger;
import dev.imagerelay.application.port.out.InMemoryUnsettled;
import dev.imagerelay.application.port.out.Results;
import dev.imagerelay.application.port.out.StoreUnavailable;
import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.ledger.Ending;
import dev.imagerelay.domain.ledger.Intent;
import dev.imagerelay.domain.pricing.Charge;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.relay.Relay;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.RelayState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * What a dead gateway held goes back whole, however much of it there is; what was written down is settled first; what
 * has expired is written off; and nothing else is touched.
 */
class SweepServiceTest {

    private final Shop shop = new Shop().with("1000");
    private final InMemoryUnsettled unsettled = new InMemoryUnsettled();
    private final SweepService sweep = new SweepService(shop.ledger, unsettled, Results.NONE);

    @Test
    void everyAbandonedHoldIsReleasedOverMoreThanOnePage() {
        for (int i = 0; i < 450; i++) {
            hold();
        }
        shop.ledger.loseGateway();
        RelayId alive = hold();

        assertEquals(new Swept(0, 450, 0), sweep.sweep());

        assertEquals(balance("999", "1"), shop.balance());
        assertEquals(List.of(alive), shop.ledger.held(2).stream().map(Relay::id).toList());
        assertEquals(new Swept(0, 0, 0), sweep.sweep());
    }

    @Test
    void aReleasedHoldSaysWhy() {
        RelayId id = hold();
        shop.ledger.loseGateway();

        sweep.sweep();

        Relay relay = shop.ledger.relay(id).orElseThrow();
        assertEquals(RelayState.RELEASED, relay.state());
        assertEquals(Optional.of("gateway_died"), relay.reason());
    }

    @Test
    void whatHasEndedStaysAsItIs() {
        RelayId settled = hold();
        shop.ledger.post(Intent.settle(ANN.account(), settled, new Charge(Credits.of("1"), 1)));
        shop.ledger.loseGateway();

        assertEquals(new Swept(0, 0, 0), sweep.sweep());

        assertEquals(RelayState.SETTLED, shop.ledger.relay(settled).orElseThrow().state());
    }

    @Test
    void whatWasWrittenDownIsSettledBeforeItIsReleasedAsAbandoned() {
        RelayId delivered = hold();
        RelayId refused = hold();
        unsettled.keep(Ending.settle(ANN.account(), delivered, new Charge(Credits.of("1"), 1)));
        unsettled.keep(Ending.release(ANN.account(), refused, "refused_upstream"));
        shop.ledger.loseGateway();

        assertEquals(new Swept(2, 0, 0), sweep.sweep());

        assertEquals(List.of(), unsettled.endings());
        assertEquals(RelayState.SETTLED, shop.ledger.relay(delivered).orElseThrow().state());
        assertEquals(Optional.of("refused_upstream"), shop.ledger.relay(refused).orElseThrow().reason());
        assertEquals(balance("999", "0"), shop.balance());
    }

    @Test
    void whatWasSettledAfterAllIsSettledOnce() {
        RelayId delivered = hold();
        Ending ending = Ending.settle(ANN.account(), delivered, new Charge(Credits.of("1"), 1));
        shop.ledger.post(ending.intent());
        unsettled.keep(ending);

        sweep.sweep();

        assertEquals(List.of(), unsettled.endings());
        assertEquals(balance("999", "0"), shop.balance());
    }

    @Test
    void aHoldThatWasNeverWrittenNeedsNoRelease() {
        unsettled.keep(Ending.release(ANN.account(), shop.nextRelay(), "hold_unknown"));

        assertEquals(new Swept(1, 0, 0), sweep.sweep());

        assertEquals(List.of(), unsettled.endings());
    }

    @Test
    void whatCannotBeSettledYetStaysWrittenDown() {
        unsettled.keep(Ending.release(ANN.account(), hold(), "timed_out"));
        CreditLedger lost = spy(shop.ledger);
        doThrow(StoreUnavailable.before("away")).when(lost).post(any());

        assertThrows(
                StoreUnavailable.class, () -> new SweepService(lost, unsettled, Results.NONE).sweep());

        assertEquals(1, unsettled.endings().size());
    }

    @Test
    void whatHasExpiredIsWrittenOff() {
        shop.with("5", Optional.of(shop.time.instant().plus(Duration.ofHours(1))));
        assertEquals(new Swept(0, 0, 0), sweep.sweep());

        shop.time.pass(Duration.ofHours(1));

        assertEquals(new Swept(0, 0, 1), sweep.sweep());
        assertEquals(new Swept(0, 0, 0), sweep.sweep());
        assertEquals("EXPIRED 5", shop.entries().get(shop.entries().size() - 1));
    }

    private RelayId hold() {
        RelayId id = shop.nextRelay();
        ImageOrder order = ImageOrder.of("painter", "a fox").at("1K");
        shop.ledger.post(Intent.hold(
                Relay.of(id, ANN.account(), ANN.keyPrefix(), Catalogues.painter().quote(order).orThrow())));
        return id;
    }
}
