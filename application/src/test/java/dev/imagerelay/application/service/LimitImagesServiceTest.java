package dev.imagerelay.application.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.imagerelay.application.port.in.GenerateImages;
import dev.imagerelay.application.port.in.GenerateImages.Command;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.account.Caller;
import dev.imagerelay.domain.account.KeyScope;
import dev.imagerelay.domain.account.LimitStatus;
import dev.imagerelay.domain.account.LimitStatus.Kind;
import dev.imagerelay.domain.account.Limits;
import dev.imagerelay.domain.account.Spender;
import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.image.ModelId;
import dev.imagerelay.domain.relay.Declined;
import dev.imagerelay.domain.relay.RelayOutcome;
import dev.imagerelay.domain.relay.RequestBody;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A key orders from its models, and no more than it and its account may order in a minute and at a time. */
class LimitImagesServiceTest {

    private static final AccountId ANN = new AccountId("ann");
    private static final ImageOrder ORDER = ImageOrder.of("painter", "a fox");

    private final Shop shop = new Shop();
    private final AtomicInteger made = new AtomicInteger();
    private Runnable meanwhile = () -> {};

    private final GenerateImages images = new LimitImagesService(
            (command, previews) -> {
                made.incrementAndGet();
                meanwhile.run();
                return new RelayOutcome.NotAccepted(new Declined.KeyRefused()); // stands for whatever came of it
            },
            shop.time);

    @Test
    void whoHasNoLimitsHasNone() {
        for (int i = 0; i < 1_000; i++) {
            order(new Caller(ANN, "key"), 10);
        }

        assertEquals(1_000, made.get());
        assertEquals(List.of(), images.limits(new Caller(ANN, "key")));
    }

    @Test
    void aKeyOrdersFromItsModelsAlone() {
        Caller caller = new Caller(
                ANN, "key",
                new KeyScope(
                        Set.of(new ModelId("sketcher"), new ModelId("dauber")), Limits.NONE, Optional.empty(),
                        Optional.empty()),
                Limits.NONE);

        RelayOutcome outcome = order(caller, 1);

        assertEquals(
                new RelayOutcome.NotAccepted(new Declined.ModelNotAllowed(
                        new ModelId("painter"), List.of(new ModelId("dauber"), new ModelId("sketcher")))),
                outcome);
        assertEquals(0, made.get());
    }

    @Test
    void inAnyMinuteThereAreSoManyOrdersAndNoMore() {
        Caller caller = limited(requests(3), Limits.NONE);
        order(caller, 1);
        shop.time.pass(Duration.ofSeconds(20));
        order(caller, 1);
        order(caller, 1);

        assertEquals(reached(Spender.KEY, Kind.REQUESTS, 3, 0, 40), order(caller, 1));
        shop.time.pass(Duration.ofMillis(39_999));
        assertInstanceOf(Declined.LimitReached.class, declined(order(caller, 1)));
        shop.time.pass(Duration.ofMillis(1));
        order(caller, 1);
        assertEquals(reached(Spender.KEY, Kind.REQUESTS, 3, 0, 20), order(caller, 1));

        assertEquals(4, made.get());
    }

    @Test
    void anOrderCountsAsManyPicturesAsItIsFor() {
        Caller caller = limited(
                new Limits(Optional.empty(), Optional.of(10), Optional.empty(), Optional.empty()), Limits.NONE);
        order(caller, 7);

        assertEquals(reached(Spender.KEY, Kind.IMAGES, 10, 3, 60), order(caller, 4));
        shop.time.pass(Duration.ofSeconds(10));
        order(caller, 3);
        assertEquals(reached(Spender.KEY, Kind.IMAGES, 10, 0, 60), order(caller, 8), "when both have fallen out");
        assertEquals(reached(Spender.KEY, Kind.IMAGES, 10, 0, 50), order(caller, 7), "when the first has");
        
        assertEquals(2, made.get());
        assertEquals(
                List.of(new LimitStatus(Spender.KEY, Kind.IMAGES, 10, 0, Duration.ofSeconds(50))),
                images.limits(caller));
    }

    @Test
    void anOrderForMoreThanAMinuteAllowsIsNeverAllowed() {
        Caller caller = limited(
                new Limits(Optional.empty(), Optional.of(3), Optional.empty(), Optional.empty()), Limits.NONE);

        assertEquals(reached(Spender.KEY, Kind.IMAGES, 3, 3, 0), order(caller, 4));
    }

    @Test
    void soManyOrdersAreInFlightAndNoMore() {
        Caller caller = limited(
                new Limits(Optional.empty(), Optional.empty(), Optional.of(2), Optional.empty()), Limits.NONE);
        meanwhile = () -> {
            if (made.get() == 1) {
                order(caller, 1);
                assertEquals(
                        List.of(new LimitStatus(Spender.KEY, Kind.AT_ONCE, 2, 1, Duration.ZERO)),
                        images.limits(caller));
            } else {
                assertEquals(reached(Spender.KEY, Kind.AT_ONCE, 2, 0, 0), order(caller, 1));
            }
        };

        order(caller, 1);

        assertEquals(2, made.get());
    }

    @Test
    void whatFailsIsNotInFlightAnyMore() {
        Caller caller = limited(
                new Limits(Optional.empty(), Optional.empty(), Optional.of(1), Optional.empty()), Limits.NONE);
        meanwhile = () -> {
            throw new IllegalStateException("a bug");
        };

        assertThrows(IllegalStateException.class, () -> order(caller, 1));
        assertThrows(IllegalStateException.class, () -> order(caller, 1));
    }

    @Test
    void allKeysOfAnAccountTogetherKeepItsLimits() {
        order(limited(requests(5), requests(2), "one"), 1);
        order(limited(requests(5), requests(2), "two"), 1);

        assertEquals(
                reached(Spender.ACCOUNT, Kind.REQUESTS, 2, 0, 60), order(limited(requests(5), requests(2), "one"), 1));
        assertEquals(
                List.of(
                        new LimitStatus(Spender.KEY, Kind.REQUESTS, 5, 4, Duration.ofSeconds(60)),
                        new LimitStatus(Spender.ACCOUNT, Kind.REQUESTS, 2, 0, Duration.ofSeconds(60))),
                images.limits(limited(requests(5), requests(2), "two")),
                "what one limit refuses does not count against another");
    }

    private static Limits requests(int most) {
        return new Limits(Optional.of(most), Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static Caller limited(Limits key, Limits account) {
        return limited(key, account, "key");
    }

    private static Caller limited(Limits key, Limits account, String prefix) {
        return new Caller(ANN, prefix, new KeyScope(Set.of(), key, Optional.empty(), Optional.empty()), account);
    }

    private RelayOutcome order(Caller caller, int pictures) {
        ImageOrder order = ORDER.times(Math.min(pictures, 10));
        return images.generate(new Command(shop.nextRelay(), caller, order, RequestBody.of(order)));
    }

    private static RelayOutcome reached(Spender spender, Kind kind, int most, int left, int seconds) {
        return new RelayOutcome.NotAccepted(new Declined.LimitReached(
                new LimitStatus(spender, kind, most, left, Duration.ofSeconds(seconds))));
    }

    private static Declined declined(RelayOutcome outcome) {
        return ((RelayOutcome.NotAccepted) outcome).declined();
    }
}
