package dev.imagerelay.application.service;

import static dev.imagerelay.application.service.Shop.ANN;
import static dev.imagerelay.application.service.Shop.balance;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.imagerelay.application.Catalogues;
import dev.imagerelay.application.port.in.GenerateImages.Command;
import dev.imagerelay.application.port.in.GenerateImages;
import dev.imagerelay.application.port.out.InMemoryResults;
import dev.imagerelay.application.port.out.ModelCatalogue;
import dev.imagerelay.application.port.out.Unsettled;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.account.Caller;
import dev.imagerelay.domain.image.Delivery;
import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.ledger.Intent;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.relay.Claim;
import dev.imagerelay.domain.relay.Declined;
import dev.imagerelay.domain.relay.Previews;
import dev.imagerelay.domain.relay.Relay;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.RelayOutcome;
import dev.imagerelay.domain.relay.ReplyBody;
import dev.imagerelay.domain.relay.RequestBody;
import dev.imagerelay.domain.relay.UpstreamFailure;
import dev.imagerelay.domain.relay.UpstreamReply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** However often the same order is given, it is made once, paid once, and answered every time. */
class GenerateOnceServiceTest {

    private static final ImageOrder ORDER = ImageOrder.of("painter", "a fox").at("1K");
    private static final byte[] PICTURE = {1, 2, 3};

    private final Shop shop = new Shop().with("10");
    private final InMemoryResults results = new InMemoryResults();
    private final ScriptedUpstream upstream = new ScriptedUpstream();

    @Test
    void anOrderWithoutAClaimIsNewEachTime() throws Exception {
        upstream.then(images()).then(images());

        delivered(order(Optional.empty()));
        delivered(order(Optional.empty()));

        assertEquals(balance("8", "0"), shop.balance());
    }

    @Test
    void anOrderThatIsGivenAgainGetsTheSameBytesForNothing() throws Exception {
        upstream.then(images());
        RelayOutcome.Delivered first = delivered(order(keyed("k")));

        RelayOutcome.Replayed again = assertInstanceOf(RelayOutcome.Replayed.class, order(keyed("k")));

        assertArrayEquals(bytes(first.body()), bytes(again.body()));
        assertEquals(1, upstream.asked().size());
        assertEquals(balance("9", "0"), shop.balance());
    }

    @Test
    void aStormOfOneOrderMakesItOnce() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch mayAnswer = new CountDownLatch(1);
        upstream.thenShowing(previews -> {
            asked.countDown();
            await(mayAnswer);
            return images();
        });
        GenerateImages once = service(Duration.ofSeconds(60));
        ExecutorService threads = Executors.newFixedThreadPool(32);
        try {
            List<Callable<RelayOutcome>> storm = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                RelayId id = shop.nextRelay();
                storm.add(() -> once.generate(command(id, ANN, ORDER, keyed("k")), Previews.UNSEEN));
            }
            List<Future<RelayOutcome>> outcomes = storm.stream().map(threads::submit).toList();
            asked.await();
            mayAnswer.countDown();

            int delivered = 0;
            for (Future<RelayOutcome> outcome : outcomes) {
                delivered += outcome.get() instanceof RelayOutcome.Delivered ? 1 : 0;
                assertEquals(true, outcome.get() instanceof RelayOutcome.Delivered
                        || outcome.get() instanceof RelayOutcome.Replayed);
            }
            assertEquals(1, delivered);
        } finally {
            threads.shutdownNow();
        }
        assertEquals(1, upstream.asked().size());
        assertEquals(balance("9", "0"), shop.balance());
    }

    @Test
    void anOrderOfWhichNothingCameIsMadeAnew() throws Exception {
        upstream.then(UpstreamReply.Failed.of(UpstreamFailure.TIMED_OUT)).then(images());
        assertInstanceOf(RelayOutcome.FailedUpstream.class, order(keyed("k")));

        delivered(order(keyed("k")));

        assertEquals(2, upstream.asked().size());
        assertEquals(balance("9", "0"), shop.balance());
    }

    @Test
    void whoWaitsForAnOrderOfWhichNothingComesHasItMadeAnew() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch mayFail = new CountDownLatch(1);
        upstream.thenShowing(previews -> {
                    asked.countDown();
                    await(mayFail);
                    return UpstreamReply.Failed.of(UpstreamFailure.CUT_OFF);
                })
                .then(images());
        GenerateImages once = service(Duration.ofSeconds(60));
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            RelayId first = shop.nextRelay();
            Future<RelayOutcome> failing =
                    threads.submit(() -> once.generate(command(first, ANN, ORDER, keyed("k")), Previews.UNSEEN));
            asked.await();
            RelayId second = shop.nextRelay();
            Future<RelayOutcome> waiting =
                    threads.submit(() -> once.generate(command(second, ANN, ORDER, keyed("k")), Previews.UNSEEN));
            mayFail.countDown();

            assertInstanceOf(RelayOutcome.FailedUpstream.class, failing.get());
            delivered(waiting.get());
        } finally {
            threads.shutdownNow();
        }
        assertEquals(balance("9", "0"), shop.balance());
    }

    @Test
    void patienceWithARelayOfAnotherGatewayHasAnEnd() {
        RelayId elsewhere = shop.nextRelay();
        shop.ledger.post(Intent.hold(
                Relay.of(elsewhere, ANN.account(), ANN.keyPrefix(), Catalogues.painter().quote(ORDER).orThrow()),
                keyed("k")));

        RelayOutcome outcome = service(Duration.ofMillis(500))
                .generate(command(shop.nextRelay(), ANN, ORDER, keyed("k")), Previews.UNSEEN);

        assertEquals(new RelayOutcome.NotAccepted(new Declined.AlreadyOrdered(elsewhere, true)), outcome);
        assertEquals(List.of(), upstream.asked());
    }

    @Test
    void aKeyIsNotForTwoOrders() throws Exception {
        upstream.then(images());
        RelayId first = shop.nextRelay();
        delivered(service(Duration.ZERO).generate(command(first, ANN, ORDER, keyed("k")), Previews.UNSEEN));

        Optional<Claim> other = Optional.of(Claim.keyed("k", RequestBody.of(ORDER.times(2))));
        RelayOutcome outcome = service(Duration.ZERO)
                .generate(command(shop.nextRelay(), ANN, ORDER.times(2), other), Previews.UNSEEN);

        assertEquals(new RelayOutcome.NotAccepted(new Declined.AlreadyOrdered(first, false)), outcome);
    }

    @Test
    void aResultThatIsNotKeptAnyMoreIsNotBoughtAgain() throws Exception {
        upstream.then(images());
        RelayId first = shop.nextRelay();
        delivered(service(Duration.ZERO).generate(command(first, ANN, ORDER, keyed("k")), Previews.UNSEEN));
        results.forgetAll();

        assertEquals(new RelayOutcome.NotAccepted(new Declined.ResultGone(first)), order(keyed("k")));
    }

    @Test
    void whatHasBeenPaidForIsHadEvenIfItCouldNotBeOrderedAnyMore() throws Exception {
        upstream.then(images());
        delivered(order(keyed("k")));
        GenerateImages dearer = service(() -> Catalogues.painterFor("8", "8", "8"), Duration.ofSeconds(60));
        Optional<Credits> atMost = Optional.of(Credits.of("1"));

        RelayOutcome again = dearer.generate(
                new Command(shop.nextRelay(), ANN, ORDER, RequestBody.of(ORDER), atMost, keyed("k")), Previews.UNSEEN);
        RelayOutcome another = dearer.generate(
                new Command(shop.nextRelay(), ANN, ORDER, RequestBody.of(ORDER), atMost, keyed("another")),
                Previews.UNSEEN);

        assertInstanceOf(RelayOutcome.Replayed.class, again);
        assertInstanceOf(RelayOutcome.NotAccepted.class, another);
        assertEquals(balance("9", "0"), shop.balance());
    }

    @Test
    void whatAnSdkSendsAgainGetsWhatItBoughtAndWhatItSendsForTheFirstTimeIsNew() throws Exception {
        upstream.then(images()).then(images());
        RequestBody body = RequestBody.of(ORDER);
        delivered(order(Optional.of(Claim.attempt(ANN.keyPrefix(), 0, body))));

        assertInstanceOf(
                RelayOutcome.Replayed.class, order(Optional.of(Claim.attempt(ANN.keyPrefix(), 1, body))));
        delivered(order(Optional.of(Claim.attempt(ANN.keyPrefix(), 0, body))));

        assertEquals(balance("8", "0"), shop.balance());
    }

    @Test
    void aResultIsItsAccountsOwnAndOnlyOncePaidFor() throws Exception {
        upstream.then(images());
        RelayId id = shop.nextRelay();
        delivered(service(Duration.ZERO).generate(command(id, ANN, ORDER, Optional.empty()), Previews.UNSEEN));
        ReadResultService read = new ReadResultService(shop.ledger, results);

        assertArrayEquals(PICTURE, bytes(read.result(ANN, id).orElseThrow()));
        assertEquals(
                Optional.empty(),
                read.result(new Caller(new AccountId("bob"), "sk-relay-bobbobbo"), id));
        assertEquals(Optional.empty(), read.result(ANN, shop.nextRelay()));
    }

    private RelayOutcome order(Optional<Claim> claim) {
        return service(Duration.ofSeconds(60)).generate(command(shop.nextRelay(), ANN, ORDER, claim), Previews.UNSEEN);
    }

    private GenerateImages service(Duration patience) {
        return service(Catalogues::painter, patience);
    }

    private GenerateImages service(ModelCatalogue models, Duration patience) {
        return new GenerateOnceService(
                new GenerateImagesService(
                        models, shop.ledger, upstream, results, Unsettled.NONE, new Random(1)),
                shop.ledger, results, patience);
    }

    private static Command command(RelayId id, Caller caller, ImageOrder order, Optional<Claim> claim) {
        return new Command(id, caller, order, RequestBody.of(order), Optional.empty(), claim);
    }

    private static Optional<Claim> keyed(String key) {
        return Optional.of(Claim.keyed(key, RequestBody.of(ORDER)));
    }

    private static RelayOutcome.Delivered delivered(RelayOutcome outcome) {
        return assertInstanceOf(RelayOutcome.Delivered.class, outcome);
    }

    private static UpstreamReply images() {
        return new UpstreamReply.Images(new Picture(), Delivery.of(1));
    }

    private static byte[] bytes(ReplyBody body) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        body.writeTo(out);
        return out.toByteArray();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static final class Picture implements ReplyBody {
        @Override
        public String contentType() {
            return "application/json";
        }

        @Override
        public long length() {
            return PICTURE.length;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            out.write(PICTURE);
        }

        @Override
        public void close() {}
    }
}
