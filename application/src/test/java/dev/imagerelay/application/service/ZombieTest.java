package dev.imagerelay.application.service;

import static dev.imagerelay.application.service.Shop.ANN;
import static dev.imagerelay.application.service.Shop.balance;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.imagerelay.application.Catalogues;
import dev.imagerelay.application.port.in.GenerateImages.Command;
import dev.imagerelay.application.port.in.Sweep.Swept;
import dev.imagerelay.application.port.out.Results;
import dev.imagerelay.application.port.out.Unsettled;
import dev.imagerelay.domain.image.Delivery;
import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.relay.RelayOutcome;
import dev.imagerelay.domain.relay.RelayState;
import dev.imagerelay.domain.relay.RequestBody;
import dev.imagerelay.domain.relay.UpstreamFailure;
import dev.imagerelay.domain.relay.UpstreamReply;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Of a gateway that is taken for dead but finishes after all, and a sweep that comes by, one ends the relay. */
class ZombieTest {

    private static final int ROUNDS = 500;

    private final Shop shop = new Shop().with(Integer.toString(ROUNDS));
    private final ScriptedUpstream upstream = new ScriptedUpstream();
    private final GenerateImagesService images = new GenerateImagesService(
            Catalogues::painter, shop.ledger, upstream, Results.NONE, Unsettled.NONE, new Random(1));
    private final SweepService sweep = new SweepService(shop.ledger, Unsettled.NONE, Results.NONE);

    @Test
    void whoComesSecondGetsNothing() throws Exception {
        ExecutorService sweeper = Executors.newSingleThreadExecutor();
        int released = 0;
        try {
            for (int round = 0; round < ROUNDS; round++) {
                released += released(sweeper);
            }
        } finally {
            sweeper.shutdown();
        }
        System.out.println("of " + ROUNDS + " relays the sweeper released " + released + " and the zombie delivered "
                + (ROUNDS - released));
        assertEquals(balance(Integer.toString(released), "0"), shop.balance());
    }

    /** Lets both end one relay at once; 1 if the sweeper did, 0 if the zombie did. */
    private int released(ExecutorService sweeper) throws Exception {
        CyclicBarrier barrier = new CyclicBarrier(2);
        CountedBody body = new CountedBody();
        upstream.then(() -> {
            shop.ledger.loseGateway();
            meet(barrier);
            return new UpstreamReply.Images(body, Delivery.of(1));
        });
        ImageOrder order = ImageOrder.of("painter", "a fox").at("1K");
        Command command = new Command(shop.nextRelay(), ANN, order, RequestBody.of(order));
        Future<Swept> swept = sweeper.submit(() -> {
            meet(barrier);
            return sweep.sweep();
        });

        RelayOutcome outcome = images.generate(command);

        RelayState state = shop.ledger.relay(command.id()).orElseThrow().state();
        if (swept.get().released() == 0) {
            assertInstanceOf(RelayOutcome.Delivered.class, outcome);
            assertEquals(RelayState.SETTLED, state);
            assertEquals(0, body.closed());
            return 0;
        }
        RelayOutcome.FailedUpstream late = assertInstanceOf(RelayOutcome.FailedUpstream.class, outcome);
        assertEquals(UpstreamFailure.TOO_LATE, late.failure());
        assertEquals(RelayState.RELEASED, state);
        assertEquals(1, body.closed(), "nobody gets the pictures");
        return 1;
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
