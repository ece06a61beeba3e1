package dev.imagerelay.domain.pricing;

import static dev.imagerelay.domain.Samples.order;
import static dev.imagerelay.domain.Samples.painter;
import static dev.imagerelay.domain.Samples.sketcher;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.domain.image.Delivery;
import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.image.ImageQuality;
import dev.imagerelay.domain.image.ImageSize;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A quote says the most that an order can cost, and afterwards what its delivery costs. */
class QuoteTest {

    private static final RateCard PRICES = new RateCard(
            Map.of(painter().name(), painter().prices(), sketcher().name(), sketcher().prices()));

    @ParameterizedTest
    @CsvSource({
        // n, size, quality, the picture that is assumed, total
        "1, 1K, low,  1, 1",
        "3, 2K, high, 5, 15",
        "3, 2K,     , 5, 15",
        "2,   , low,  3, 6",
        "4,   ,     , 5, 20"
    })
    void theMostAnOrderCanCostIsTheDearestPictureItCanBecomeTimesThePictures(
            int images, String size, String quality, String unit, String total) {
        ImageOrder order = order("painter", images, size, quality, null);
        Quote quote = PRICES.quote(order);

        assertEquals(Credits.of(unit), quote.unit().credits());
        assertEquals(Credits.of(total), quote.total());
        assertEquals(order.model(), quote.model());
        assertEquals(order.images(), quote.images());
        assertEquals(order.size(), quote.size());
        assertEquals(order.quality(), quote.quality());
        assertEquals(PRICES.version(), quote.version());
    }

    @ParameterizedTest
    @CsvSource({
        // n, size, quality | pictures, size and quality of the answer | unit price, pictures paid for, total
        "3, 2K, high, 3,   ,      , 5, 3, 15", // all that was ordered
        "3, 2K, high, 2,   ,      , 5, 2, 10", // fewer
        "3, 2K, high, 5,   ,      , 5, 3, 15", // more: the rest is free
        "3, 2K, high, 0,   ,      , 5, 0, 0", //  none
        "3, 2K, high, 3, 1K, low  , 5, 3, 15", // not as asked, but priced as asked
        "3, 1K, low,  3, 2K, high , 1, 3, 3",
        "2,   ,     , 2, 1K, low  , 1, 2, 2", //  left open, priced as the answer names it
        "2,   ,     , 2, 2K, high , 5, 2, 10",
        "2,   ,     , 2, 4K,      , 4, 2, 8", //  only the size is named
        "2,   ,     , 2,   , low  , 3, 2, 6", //  only the quality is
        "2,   ,     , 2,   ,      , 5, 2, 10", // nothing is
        "2,   ,     , 2, 8K, ultra, 5, 2, 10", // nothing that is offered
        "2,   ,     , 2, 8K, low  , 3, 2, 6",
        "2,   , low,  2, 2K, high , 2, 2, 4", //  one asked for, the other as the answer names it
        "2,   , low,  2,   ,      , 3, 2, 6",
        "2, 2K,     , 2, 4K, low  , 2, 2, 4",
        "2, 2K,     , 2,   ,      , 5, 2, 10",
        "4,   ,     , 1, 1K, low  , 1, 1, 1"
    })
    void whatADeliveryCosts(
            int ordered, String size, String quality,
            int delivered, String madeSize, String madeQuality,
            String unit, int paidFor, String total) {
        Delivery delivery = new Delivery(
                delivered,
                Optional.ofNullable(madeSize).map(ImageSize::new),
                Optional.ofNullable(madeQuality).map(ImageQuality::new));

        Charge charge = PRICES.quote(order("painter", ordered, size, quality, null)).charge(delivery);

        assertEquals(new Charge(Credits.of(unit), paidFor), charge);
        assertEquals(Credits.of(total), charge.total());
    }

    @Test
    void aQualityThatTheModelDoesNotHaveChangesNothing() {
        Delivery delivery =
                new Delivery(1, Optional.of(new ImageSize("small")), Optional.of(new ImageQuality("high")));

        Charge charge = PRICES.quote(order("sketcher", 1, null, null, null)).charge(delivery);

        assertEquals(Credits.of("0.5"), charge.total());
    }

    @ParameterizedTest
    @CsvSource({
        "painter,  2K,    high, true",
        "painter,  2K,        , false",
        "painter,    ,    high, false",
        "painter,    ,        , false",
        "sketcher, small,     , true",
        "sketcher, ,          , false"
    })
    void isExactIfNoPricedChoiceIsOpen(String model, String size, String quality, boolean exact) {
        assertEquals(exact, PRICES.quote(order(model, 1, size, quality, null)).isExact());
    }

    @Test
    void isExactIfEveryQualityOfTheSizeCostsTheSame() {
        assertTrue(PRICES.quote(order("painter", 1, "1K", null, null)).isExact());
    }

    @Test
    void anOrderWithoutAPriceIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> PRICES.quote(ImageOrder.of("nobody", "a fox")));
        assertThrows(IllegalArgumentException.class, () -> PRICES.quote(order("painter", 1, "8K", null, null)));
        assertThrows(IllegalArgumentException.class, () -> PRICES.quote(order("sketcher", 1, "small", "high", null)));
    }

    @Test
    void aChargeIsForNoFewerThanNoPictures() {
        assertEquals(Credits.ZERO, new Charge(Credits.of("4"), 0).total());
        assertThrows(IllegalArgumentException.class, () -> new Charge(Credits.of("4"), -1));
    }
}
