package dev.imagerelay.application.service;

import static dev.imagerelay.application.service.Shop.ANN;
import static dev.imagerelay.application.service.Shop.balance;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.imagerelay.application.Catalogues;
import dev.imagerelay.application.port.in.GenerateImages.Command;
import dev.imagerelay.application.port.in.QuoteImages.Answer;
import dev.imagerelay.domain.catalogue.Catalogue;
import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.relay.Decision;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.RelayOutcome;
import dev.imagerelay.domain.relay.RequestBody;
import dev.imagerelay.domain.relay.UpstreamFailure;
import dev.imagerelay.domain.relay.UpstreamReply;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A quote in advance is the very price that the order is then held at, or the very reason it is declined for. */
class QuoteImagesServiceTest {

    private static final ImageOrder ORDER = ImageOrder.of("painter", "a fox");

    private final Shop shop = new Shop().with("20");
    private final Catalogue catalogue = Catalogues.painter();
    private final QuoteImagesService quotes = new QuoteImagesService(() -> catalogue, shop.ledger);

    @ParameterizedTest
    @MethodSource("orders")
    void isWhatIsThenHeld(ImageOrder order) {
        Answer answer = quotes.quote(ANN, order).orThrow();

        RelayId id = shop.nextRelay();
        generate(id, order);

        assertEquals(shop.ledger.relay(id).orElseThrow().quoted(), answer.quote().total());
        assertEquals(shop.ledger.relay(id).orElseThrow().version(), answer.quote().version());
    }

    static Stream<ImageOrder> orders() {
        return Stream.of(
                ORDER,
                ORDER.times(4),
                ORDER.at("1K"),
                ORDER.at("2K").times(3),
                ORDER.in("low"),
                ORDER.in("high"),
                ORDER.at("2K").in("low").times(2),
                ORDER.at("2K").in("high"));
    }

    @ParameterizedTest
    @MethodSource("impossibleOrders")
    void isDeclinedAsTheOrderIs(ImageOrder order) {
        Decision.Refused<Answer> refused = (Decision.Refused<Answer>) quotes.quote(ANN, order);

        assertEquals(new RelayOutcome.NotAccepted(refused.why()), generate(shop.nextRelay(), order));
    }

    static Stream<ImageOrder> impossibleOrders() {
        return Stream.of(
                ImageOrder.of("dall-e-3", "a fox"),
                ORDER.times(5),
                ORDER.in("ultra"),
                ORDER.at("8K"),
                ORDER.at("8K").in("ultra"));
    }

    private RelayOutcome generate(RelayId id, ImageOrder order) {
        ScriptedUpstream upstream =
                new ScriptedUpstream().then(UpstreamReply.Failed.of(UpstreamFailure.TIMED_OUT));
        return ImageRelay.generateImages(() -> catalogue, shop.ledger, upstream, shop.time)
                .generate(new Command(id, ANN, order, RequestBody.of(order)));
    }

    @ParameterizedTest
    @CsvSource({"4.999999, false", "5, true", "5.000001, true"})
    void saysWhetherTheBalanceCoversIt(String credits, boolean covered) {
        Shop small = new Shop().with(credits);

        Answer answer = new QuoteImagesService(() -> catalogue, small.ledger).quote(ANN, ORDER).orThrow();

        assertEquals(balance(credits, "0"), answer.balance());
        assertEquals(covered, answer.covered());
    }

    @Test
    void creditsThatHaveExpiredCoverNothing() {
        Shop lapsed = new Shop();
        lapsed.with("5", Optional.of(lapsed.time.instant().plusSeconds(60))).time.pass(Duration.ofSeconds(60));

        Answer answer = new QuoteImagesService(() -> catalogue, lapsed.ledger).quote(ANN, ORDER).orThrow();

        assertEquals(balance("0", "0"), answer.balance());
        assertFalse(answer.covered());
    }

    @Test
    void holdsNothing() {
        quotes.quote(ANN, ORDER);

        assertEquals(List.of("GRANTED 20"), shop.entries());
    }

    @Test
    void doesNotNeedCredits() {
        Shop poor = new Shop();

        Answer answer = new QuoteImagesService(() -> catalogue, poor.ledger).quote(ANN, ORDER).orThrow();

        assertEquals(catalogue.quote(ORDER).orThrow().total(), answer.quote().total());
    }
}
