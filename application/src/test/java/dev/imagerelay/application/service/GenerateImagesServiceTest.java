package dev.imagerelay.application.service;

import static dev.imagerelay.application.service.Shop.ANN;
import static dev.imagerelay.application.service.Shop.balance;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.argThat;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.spy;

import dev.imagerelay.application.Catalogues;
import dev.imagerelay.application.port.in.GenerateImages.Command;
import dev.imagerelay.application.port.out.CreditLedger;
import dev.imagerelay.application.port.out.InMemoryResults;
import dev.imagerelay.application.port.out.InMemoryUnsettled;
import dev.imagerelay.application.port.out.StoreUnavailable;
import dev.imagerelay.application.port.out.Unsettled;
import dev.imagerelay.domain.catalogue.Catalogue;
import dev.imagerelay.domain.image.Delivery;
import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.image.ImageQuality;
import dev.imagerelay.domain.image.ImageSize;
import dev.imagerelay.domain.image.ModelId;
import dev.imagerelay.domain.ledger.Ending;
import dev.imagerelay.domain.ledger.Intent;
import dev.imagerelay.domain.ledger.LedgerEntry.Note;
import dev.imagerelay.domain.pricing.Charge;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.relay.Claim;
import dev.imagerelay.domain.relay.Declined;
import dev.imagerelay.domain.relay.Receipt;
import dev.imagerelay.domain.relay.Relay;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.RelayOutcome;
import dev.imagerelay.domain.relay.RelayState;
import dev.imagerelay.domain.relay.ReplyBody;
import dev.imagerelay.domain.relay.RequestBody;
import dev.imagerelay.domain.relay.UpstreamFailure;
import dev.imagerelay.domain.relay.UpstreamReply;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One order from its quote to its receipt, told once for every way it can go. */
class GenerateImagesServiceTest {

    private static final ImageOrder TWO_FOR_TEN =
            ImageOrder.of("painter", "a fox").times(2).at("2K").in("high");

    private final Shop shop = new Shop().with("12");
    private final RelayId id = shop.nextRelay();
    private final ScriptedUpstream upstream = new ScriptedUpstream();
    private final CountedBody body = new CountedBody();
    private final InMemoryResults results = new InMemoryResults();
    private Unsettled unsettled = Unsettled.NONE;
    private Catalogue catalogue = Catalogues.painter();

    private RelayOutcome generate(ImageOrder order) {
        return generate(order, shop.ledger);
    }

    private RelayOutcome generate(ImageOrder order, CreditLedger ledger) {
        return service(ledger).generate(command(id, order, Optional.empty()));
    }

    private GenerateImagesService service(CreditLedger ledger) {
        return new GenerateImagesService(() -> catalogue, ledger, upstream, results, unsettled, new Random(1));
    }

    private static Command command(RelayId id, ImageOrder order, Optional<Credits> atMost) {
        return new Command(id, ANN, order, RequestBody.of(order), atMost, Optional.empty());
    }

    private UpstreamReply images(int images) {
        return new UpstreamReply.Images(body, Delivery.of(images));
    }

    private Receipt receipt(String charged, String remaining, int images) {
        return new Receipt(
                Credits.of(charged), Optional.of(Credits.of(remaining)), images, Catalogues.painter().rateCard().version());
    }

    private Relay relay() {
        return shop.ledger.relay(id).orElseThrow();
    }

    // What is delivered is paid for

    @Test
    void deliveredPicturesAreSettledAndHandedOn() {
        upstream.then(images(2));

        assertEquals(new RelayOutcome.Delivered(body, receipt("10", "2", 2)), generate(TWO_FOR_TEN));

        assertEquals(0, body.closed());
        assertEquals(balance("2", "0"), shop.balance());
        assertEquals(List.of("GRANTED 12", "HELD 10", "SETTLED 10"), shop.entries());
        assertEquals(
                Relay.of(id, ANN.account(), ANN.keyPrefix(), catalogue.quote(TWO_FOR_TEN).orThrow())
                        .settled(new Charge(Credits.of("5"), 2)),
                relay());
    }

    @Test
    void fewerPicturesCostLessAndTheRestOfTheHoldGoesBack() {
        upstream.then(images(1));

        assertEquals(new RelayOutcome.Delivered(body, receipt("5", "7", 1)), generate(TWO_FOR_TEN));

        assertEquals(List.of("GRANTED 12", "HELD 10", "SETTLED 5", "RELEASED 5"), shop.entries());
    }

    @Test
    void morePicturesCostNoMoreThanWasHeld() {
        upstream.then(images(3));

        assertEquals(new RelayOutcome.Delivered(body, receipt("10", "2", 2)), generate(TWO_FOR_TEN));
    }

    @Test
    void previewsAreShownBeforeAnythingIsSettled() {
        CountedBody preview = new CountedBody();
        List<ReplyBody> shown = new ArrayList<>();
        upstream.thenShowing(previews -> {
            previews.show(preview);
            assertEquals(RelayState.HELD, relay().state());
            return images(1);
        });

        RelayOutcome outcome = service(shop.ledger)
                .generate(command(id, TWO_FOR_TEN.streamed(3), Optional.empty()), shown::add);

        assertEquals(List.of(preview), shown);
        assertEquals(0, preview.closed());
        assertEquals(new RelayOutcome.Delivered(body, receipt("5", "7", 1)), outcome);
        assertEquals(Optional.of(3), upstream.asked().get(0).order().partialImages());
    }

    @Test
    void previewsThatNobodyWantsAreGivenUp() {
        CountedBody preview = new CountedBody();
        upstream.thenShowing(previews -> {
            previews.show(preview);
            return images(2);
        });

        generate(TWO_FOR_TEN.streamed(1));

        assertEquals(1, preview.closed());
    }

    @Test
    void aStreamThatIsCutShortCostsThePicturesThatCame() {
        upstream.then(new UpstreamReply.Images(body, Delivery.of(1), Optional.of(UpstreamFailure.CUT_OFF)));

        assertEquals(
                new RelayOutcome.Delivered(body, receipt("5", "7", 1), Optional.of(UpstreamFailure.CUT_OFF)),
                generate(TWO_FOR_TEN.streamed(0)));
    }

    @Test
    void whatWasLeftToTheModelIsHeldAtTheDearestAndSettledAsTheAnswerNamesIt() {
        upstream.then(new UpstreamReply.Images(
                body, new Delivery(1, Optional.of(new ImageSize("2K")), Optional.of(new ImageQuality("low")))));

        assertEquals(
                new RelayOutcome.Delivered(body, receipt("2", "10", 1)), generate(ImageOrder.of("painter", "a fox")));

        assertEquals(List.of("GRANTED 12", "HELD 5", "SETTLED 2", "RELEASED 3"), shop.entries());
    }

    @Test
    void theCreditsAreHeldBeforeTheUpstreamHearsOfTheOrder() {
        upstream.then(() -> {
            assertEquals(balance("2", "10"), shop.balance());
            assertEquals(RelayState.HELD, relay().state());
            return images(2);
        });

        generate(TWO_FOR_TEN);

        assertEquals(1, upstream.asked().size());
    }

    @Test
    void aPriceChangeWhileThePicturesAreMadeTouchesNobody() {
        upstream.then(() -> {
            catalogue = Catalogues.painterFor("10", "20", "50");
            return images(2);
        });

        assertEquals(new RelayOutcome.Delivered(body, receipt("10", "2", 2)), generate(TWO_FOR_TEN));
    }

    @Test
    void aFreeModelNeedsNoCredits() {
        catalogue = Catalogues.painterFor("0", "0", "0");
        shop.ledger.post(Intent.adjustDown(ANN.account(), Credits.of("12"), new Note("olivia", "to have none")));
        upstream.then(images(2));

        RelayOutcome.Delivered delivered = (RelayOutcome.Delivered) generate(TWO_FOR_TEN);

        assertEquals(Credits.ZERO, delivered.receipt().charged());
        assertEquals(RelayState.SETTLED, relay().state());
    }

    // Whatever else the upstream answers costs nothing

    @Test
    void aRefusalIsHandedOnAndCostsNothing() {
        upstream.then(new UpstreamReply.Refused(400, body));

        assertEquals(new RelayOutcome.RefusedUpstream(400, body, receipt("0", "12", 0)), generate(TWO_FOR_TEN));

        assertEquals(0, body.closed());
        assertEquals(balance("12", "0"), shop.balance());
        assertEquals(Optional.of("refused_upstream"), relay().reason());
        assertEquals(List.of(Catalogues.NORTH), upstream.routes());
    }

    @ParameterizedTest
    @EnumSource
    void aFailureReleasesTheHoldByItsNameAndCostsNothing(UpstreamFailure failure) {
        UpstreamReply failed = new UpstreamReply.Failed(failure, Optional.of(30));
        upstream.then(failed).then(failed);

        assertEquals(
                new RelayOutcome.FailedUpstream(failure, Optional.of(30), receipt("0", "12", 0)),
                generate(TWO_FOR_TEN));

        assertEquals(List.of("GRANTED 12", "HELD 10", "RELEASED 10"), shop.entries());
        assertEquals(RelayState.RELEASED, relay().state());
        assertEquals(Optional.of(failure.code()), relay().reason());
    }

    // Nothing is bought twice

    @ParameterizedTest
    @EnumSource
    void theNextRouteIsAskedOnlyIfTheFirstProvablyDidNoWork(UpstreamFailure failure) {
        upstream.then(UpstreamReply.Failed.of(failure)).then(images(2));

        RelayOutcome outcome = generate(TWO_FOR_TEN);

        if (failure.didNoWork()) {
            assertEquals(new RelayOutcome.Delivered(body, receipt("10", "2", 2)), outcome);
            assertEquals(List.of(Catalogues.NORTH, Catalogues.SOUTH), upstream.routes());
        } else {
            assertEquals(
                    new RelayOutcome.FailedUpstream(failure, Optional.empty(), receipt("0", "12", 0)), outcome);
            assertEquals(List.of(Catalogues.NORTH), upstream.routes());
        }
    }

    @Test
    void everyRouteIsAskedForTheSameRelayWithTheSameBody() {
        Command command = command(id, TWO_FOR_TEN, Optional.empty());
        upstream.then(UpstreamReply.Failed.of(UpstreamFailure.BUSY)).then(images(2));

        service(shop.ledger).generate(command);

        assertEquals(
                List.of(
                        new ScriptedUpstream.Asked(id, Catalogues.NORTH, command.order(), command.body()),
                        new ScriptedUpstream.Asked(id, Catalogues.SOUTH, command.order(), command.body())),
                upstream.asked());
        assertEquals(List.of("GRANTED 12", "HELD 10", "SETTLED 10"), shop.entries());
    }

    @Test
    void ifNobodyCanTheLastFailureIsTold() {
        upstream.then(new UpstreamReply.Failed(UpstreamFailure.BUSY, Optional.of(30)))
                .then(UpstreamReply.Failed.of(UpstreamFailure.UNREACHABLE));

        assertEquals(
                new RelayOutcome.FailedUpstream(
                        UpstreamFailure.UNREACHABLE, Optional.empty(), receipt("0", "12", 0)),
                generate(TWO_FOR_TEN));
    }

    // What is declined never reaches the upstream and holds nothing

    @Test
    void anUnknownModelIsDeclined() {
        assertDeclined(
                new Declined.UnknownModel("dall-e-3", List.of(new ModelId("painter"))),
                ImageOrder.of("dall-e-3", "a fox"),
                Optional.empty());
    }

    @Test
    void whatTheModelDoesNotOfferIsDeclined() {
        assertDeclined(
                new Declined.TooManyImages(new ModelId("painter"), 5, 4),
                TWO_FOR_TEN.times(5),
                Optional.empty());
    }

    @Test
    void anOrderDearerThanItsLimitIsDeclined() {
        assertDeclined(
                new Declined.DearerThanAllowed(Credits.of("10"), Credits.of("9.999999")),
                TWO_FOR_TEN,
                Optional.of(Credits.of("9.999999")));
    }

    @Test
    void anOrderAtItsLimitIsNot() {
        upstream.then(images(2));

        RelayOutcome outcome = service(shop.ledger).generate(command(id, TWO_FOR_TEN, Optional.of(Credits.of("10"))));

        assertEquals(new RelayOutcome.Delivered(body, receipt("10", "2", 2)), outcome);
    }

    @Test
    void anOrderBeyondTheBalanceIsDeclinedWithWhatIsAvailableAndWhatIsHeld() {
        shop.ledger.post(Intent.hold(Relay.of(
                shop.nextRelay(), ANN.account(), ANN.keyPrefix(), catalogue.quote(TWO_FOR_TEN.times(1)).orThrow())));

        assertDeclined(
                new Declined.InsufficientCredits(Credits.of("10"), Credits.of("7"), Credits.of("5")),
                TWO_FOR_TEN,
                Optional.empty());
    }

    @Test
    void theLimitIsJudgedBeforeTheBalance() {
        assertDeclined(
                new Declined.DearerThanAllowed(Credits.of("20"), Credits.of("15")),
                TWO_FOR_TEN.times(4),
                Optional.of(Credits.of("15")));
    }

    private void assertDeclined(Declined why, ImageOrder order, Optional<Credits> atMost) {
        List<String> before = shop.entries();

        assertEquals(new RelayOutcome.NotAccepted(why), service(shop.ledger).generate(command(id, order, atMost)));

        assertEquals(List.of(), upstream.asked());
        assertEquals(before, shop.entries());
        assertEquals(Optional.empty(), shop.ledger.relay(id));
    }

    // Whoever comes late finds the hold gone

    @Test
    void picturesThatComeAfterTheHoldWasGivenBackAreNotHandedOn() {
        upstream.then(() -> {
            giveTheHoldBack();
            return images(2);
        });

        assertEquals(
                new RelayOutcome.FailedUpstream(
                        UpstreamFailure.TOO_LATE, Optional.empty(), receipt("0", "12", 0)),
                generate(TWO_FOR_TEN));

        assertEquals(1, body.closed());
        assertEquals(List.of("GRANTED 12", "HELD 10", "RELEASED 10"), shop.entries());
        assertEquals(Optional.of("process_died"), relay().reason());
    }

    @Test
    void aRefusalThatComesLateIsStillHandedOn() {
        upstream.then(() -> {
            giveTheHoldBack();
            return new UpstreamReply.Refused(400, body);
        });

        assertEquals(new RelayOutcome.RefusedUpstream(400, body, receipt("0", "12", 0)), generate(TWO_FOR_TEN));

        assertEquals(0, body.closed());
        assertEquals(balance("12", "0"), shop.balance());
    }

    @Test
    void aFailureThatComesLateIsStillThatFailure() {
        upstream.then(() -> {
            giveTheHoldBack();
            return UpstreamReply.Failed.of(UpstreamFailure.TIMED_OUT);
        });

        assertEquals(
                new RelayOutcome.FailedUpstream(
                        UpstreamFailure.TIMED_OUT, Optional.empty(), receipt("0", "12", 0)),
                generate(TWO_FOR_TEN));
    }

    private void giveTheHoldBack() {
        shop.ledger.post(Intent.release(ANN.account(), id, "process_died"));
    }

    // What breaks here neither keeps credits nor files

    @Test
    void anUpstreamThatThrowsReleasesTheHoldAndIsHeardOf() {
        RuntimeException broken = new IllegalStateException("a bug");
        upstream.then(() -> {
            throw broken;
        });

        assertSame(broken, assertThrows(IllegalStateException.class, () -> generate(TWO_FOR_TEN)));

        assertEquals(balance("12", "0"), shop.balance());
        assertEquals(Optional.of("internal_error"), relay().reason());
        assertEquals(List.of(Catalogues.NORTH), upstream.routes());
    }

    @Test
    void soDoesAnErrorOnTheSecondRoute() {
        upstream.then(UpstreamReply.Failed.of(UpstreamFailure.BUSY)).then(() -> {
            throw new AssertionError("no memory, say");
        });

        assertThrows(AssertionError.class, () -> generate(TWO_FOR_TEN));

        assertEquals(balance("12", "0"), shop.balance());
        assertEquals(Optional.of("internal_error"), relay().reason());
    }

    @Test
    void aLedgerThatFailsToHoldKeepsTheOrderFromTheUpstream() {
        InMemoryUnsettled written = new InMemoryUnsettled();
        unsettled = written;
        StoreUnavailable full = StoreUnavailable.before("the queue is full");

        StoreUnavailable thrown = assertThrows(
                StoreUnavailable.class, () -> generate(TWO_FOR_TEN, ledgerThatFailsTo("hold", full)));

        assertTrue(thrown.nothingChanged());
        assertSame(full, thrown.getCause());
        assertEquals(List.of(), upstream.asked());
        assertEquals(List.of(), written.endings());
    }

    @Test
    void aHoldOfWhichNobodyKnowsWhetherItIsThereIsToBeGivenBack() {
        InMemoryUnsettled written = new InMemoryUnsettled();
        unsettled = written;

        StoreUnavailable thrown = assertThrows(
                StoreUnavailable.class,
                () -> generate(TWO_FOR_TEN, ledgerThatFailsTo("hold", StoreUnavailable.during("no answer", null))));

        assertTrue(thrown.nothingChanged(), "nothing was sent, so it may be asked again");
        assertEquals(List.of(), upstream.asked());
        assertEquals(List.of(Ending.release(ANN.account(), id, "hold_unknown")), written.endings());
    }

    @Test
    void aLedgerThatIsLostAtTheSettleStillLetsTheCustomerHaveThePictures() {
        InMemoryUnsettled written = new InMemoryUnsettled();
        unsettled = written;
        upstream.then(images(1));

        RelayOutcome outcome = generate(TWO_FOR_TEN, ledgerThatFailsTo("settle", StoreUnavailable.during("gone", null)));

        Receipt receipt = new Receipt(
                Credits.of("5"), Optional.empty(), 1, Catalogues.painter().rateCard().version());
        assertEquals(new RelayOutcome.Delivered(body, receipt), outcome);
        assertEquals(0, body.closed());
        assertEquals(RelayState.HELD, relay().state());
        assertEquals(
                List.of(Ending.settle(ANN.account(), id, new Charge(Credits.of("5"), 1))), written.endings());
    }

    @Test
    void aLedgerThatIsLostAtTheReleaseStillLetsTheCustomerHaveTheRefusal() {
        InMemoryUnsettled written = new InMemoryUnsettled();
        unsettled = written;
        upstream.then(new UpstreamReply.Refused(400, body));

        RelayOutcome outcome = generate(TWO_FOR_TEN, ledgerThatFailsTo("release", StoreUnavailable.before("away")));

        assertEquals(
                Optional.empty(), ((RelayOutcome.RefusedUpstream) outcome).receipt().remaining());
        assertEquals(List.of(Ending.release(ANN.account(), id, "refused_upstream")), written.endings());
    }

    @Test
    void nothingIsHeldWhileSomethingWaitsToBeSettled() {
        InMemoryUnsettled written = new InMemoryUnsettled();
        written.keep(Ending.release(ANN.account(), shop.nextRelay(), "timed_out"));
        unsettled = written;

        StoreUnavailable unavailable = assertThrows(StoreUnavailable.class, () -> generate(TWO_FOR_TEN));

        assertTrue(unavailable.nothingChanged());
        assertEquals(List.of(), upstream.asked());
        assertEquals(balance("12", "0"), shop.balance());
    }

    @Test
    void whatIsDeliveredIsKeptBeforeItIsPaidFor() {
        upstream.then(images(2));
        CreditLedger ledger = spy(shop.ledger);
        List<Boolean> keptAtTheSettle = new ArrayList<>();
        doAnswer(call -> {
                    keptAtTheSettle.add(results.find(id).isPresent());
                    return call.callRealMethod();
                })
                .when(ledger)
                .post(argThat(intent -> intent != null && intent.verb().equals("settle")));

        generate(TWO_FOR_TEN, ledger);

        assertEquals(List.of(true), keptAtTheSettle);
    }

    @Test
    void anOrderThatIsClaimedIsNotHeldAgain() {
        upstream.then(images(2));
        Optional<Claim> claim = Optional.of(Claim.keyed("k", RequestBody.of(TWO_FOR_TEN)));
        service(shop.ledger).generate(claimed(id, claim));

        RelayOutcome again = service(shop.ledger).generate(claimed(shop.nextRelay(), claim));

        assertEquals(new RelayOutcome.NotAccepted(new Declined.AlreadyOrdered(id, true)), again);
        assertEquals(1, upstream.asked().size());
        assertEquals(balance("2", "0"), shop.balance());
    }

    private static Command claimed(RelayId id, Optional<Claim> claim) {
        return new Command(id, ANN, TWO_FOR_TEN, RequestBody.of(TWO_FOR_TEN), Optional.empty(), claim);
    }

    @Test
    void aLedgerThatFailsToSettleGivesUpThePictures() {
        upstream.then(images(2));

        assertGivesUpTheBody("settle");
    }

    @Test
    void aLedgerThatFailsToReleaseGivesUpTheRefusal() {
        upstream.then(new UpstreamReply.Refused(400, body));

        assertGivesUpTheBody("release");
    }

    private void assertGivesUpTheBody(String verb) {
        StoreUnavailable unavailable = StoreUnavailable.before("the queue is full");

        StoreUnavailable thrown = assertThrows(
                StoreUnavailable.class, () -> generate(TWO_FOR_TEN, ledgerThatFailsTo(verb, unavailable)));

        assertSame(unavailable, thrown.getCause());
        assertFalse(thrown.nothingChanged(), "the upstream has worked, so nobody may be told to ask again");
        assertEquals(1, body.closed());
        assertEquals(RelayState.HELD, relay().state(), "to be found and released later");
    }

    private CreditLedger ledgerThatFailsTo(String verb, RuntimeException failure) {
        CreditLedger ledger = spy(shop.ledger);
        doThrow(failure).when(ledger).post(argThat(intent -> intent != null && intent.verb().equals(verb)));
        return ledger;
    }

    // Many at once

    @Test
    void manyAtOnceGetExactlyWhatTheCreditsCover() throws Exception {
        shop.with("38");
        CountDownLatch fiftyInFlight = new CountDownLatch(50);
        ImageOrder forOne = ImageOrder.of("painter", "a fox").at("1K");
        List<Callable<RelayOutcome>> orders = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            Command command = command(shop.nextRelay(), forOne, Optional.empty());
            orders.add(() -> service(shop.ledger).generate(command));
            upstream.then(() -> {
                fiftyInFlight.countDown();
                return awaited(fiftyInFlight) ? images(1) : UpstreamReply.Failed.of(UpstreamFailure.TIMED_OUT);
            });
        }

        ExecutorService threads = Executors.newFixedThreadPool(64);
        List<RelayOutcome> outcomes = new ArrayList<>();
        try {
            for (Future<RelayOutcome> outcome : threads.invokeAll(orders)) {
                outcomes.add(outcome.get());
            }
        } finally {
            threads.shutdownNow();
        }

        assertEquals(50, outcomes.stream().filter(RelayOutcome.Delivered.class::isInstance).count());
        assertEquals(14, outcomes.stream().filter(RelayOutcome.NotAccepted.class::isInstance).count());
        assertEquals(50, upstream.asked().size());
        assertEquals(balance("0", "0"), shop.balance());
        assertEquals(Credits.of("50"), shop.ledger.totals(ANN.account()).spent());
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            return latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
