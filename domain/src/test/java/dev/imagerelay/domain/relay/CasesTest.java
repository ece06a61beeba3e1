package dev.imagerelay.domain.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.imagerelay.domain.account.LimitStatus;
import dev.imagerelay.domain.account.Spender;
import dev.imagerelay.domain.account.SpendingCap;
import dev.imagerelay.domain.image.ImageQuality;
import dev.imagerelay.domain.image.ImageSize;
import dev.imagerelay.domain.image.ModelId;
import dev.imagerelay.domain.pricing.Credits;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every decline and every outcome is answered by the one method made for it. */
class CasesTest {

    private static final ModelId MODEL = new ModelId("m");

    private static final List<Declined> DECLINED = List.of(
            new Declined.KeyRefused(),
            new Declined.AccountSuspended(),
            new Declined.ModelNotAllowed(MODEL, List.of()),
            new Declined.LimitReached(
                    new LimitStatus(Spender.KEY, LimitStatus.Kind.REQUESTS, 1, 0, Duration.ofSeconds(60))),
            new Declined.UnknownModel("x", List.of(MODEL)),
            new Declined.TooManyImages(MODEL, 5, 4),
            new Declined.QualityNotOffered(MODEL, new ImageQuality("high"), List.of()),
            new Declined.StyleNotOffered(MODEL, "vivid", List.of()),
            new Declined.SizeNotOffered(MODEL, new ImageSize("1K"), List.of()),
            new Declined.DearerThanAllowed(Credits.of("2"), Credits.of("1")),
            new Declined.AlreadyOrdered(new RelayId("req_" + "0".repeat(32)), true),
            new Declined.ResultGone(new RelayId("req_" + "0".repeat(32))),
            new Declined.SpendingCapReached(
                    Credits.of("2"),
                    new SpendingCap.Spent(
                            new SpendingCap(Spender.KEY, "k", SpendingCap.Period.DAY, Credits.of("1")), Credits.ZERO)),
            new Declined.InsufficientCredits(Credits.of("2"), Credits.of("1"), Credits.ZERO));

    private static final List<RelayOutcome> OUTCOMES = List.of(
            new RelayOutcome.Delivered(null, null),
            new RelayOutcome.RefusedUpstream(400, null, null),
            new RelayOutcome.FailedUpstream(UpstreamFailure.BUSY, Optional.empty(), null),
            new RelayOutcome.Replayed(new RelayId("req_" + "0".repeat(32)), null),
            new RelayOutcome.NotAccepted(new Declined.KeyRefused()));

    @Test
    void everyDeclineMeetsItsOwnMethod() {
        Declined.Cases<?> cases = recording(Declined.Cases.class);
        DECLINED.forEach(declined -> assertEquals(methodFor(declined), declined.match(cases)));
        assertWhole(Declined.class, DECLINED);
    }

    @Test
    void everyOutcomeMeetsItsOwnMethod() {
        RelayOutcome.Cases<?> cases = recording(RelayOutcome.Cases.class);
        OUTCOMES.forEach(outcome -> assertEquals(methodFor(outcome), outcome.match(cases)));
        assertWhole(RelayOutcome.class, OUTCOMES);
    }

    /** Cases that answer with the name of the method that was called. */
    private static <T> T recording(Class<T> cases) {
        return cases.cast(Proxy.newProxyInstance(
                cases.getClassLoader(), new Class<?>[] {cases}, (proxy, method, arguments) -> method.getName()));
    }

    private static String methodFor(Object value) {
        String name = value.getClass().getSimpleName();
        return Character.toLowerCase(name.charAt(0)) + name.substring(1);
    }

    private static void assertWhole(Class<?> sealed, List<?> values) {
        Set<Class<?>> tried = values.stream().map(Object::getClass).collect(Collectors.toSet());
        assertEquals(Stream.of(sealed.getPermittedSubclasses()).collect(Collectors.toSet()), tried);
    }
}
