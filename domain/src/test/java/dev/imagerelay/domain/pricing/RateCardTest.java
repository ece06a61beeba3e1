package dev.imagerelay.domain.pricing;

import static dev.imagerelay.domain.Samples.painterPrices;
import static dev.imagerelay.domain.Samples.qualities;
import static dev.imagerelay.domain.Samples.rows;
import static dev.imagerelay.domain.Samples.sizes;
import static dev.imagerelay.domain.Samples.sketcher;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.imagerelay.domain.image.ModelId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A rate card's version names its prices and nothing else. */
class RateCardTest {

    private static final ModelId PAINTER = new ModelId("painter");

    private static final String TEXT = """
            painter 1K high 1
            painter 1K low 1
            painter 2K high 5
            painter 2K low 2
            painter 4K high 4
            painter 4K low 3
            sketcher large - 0.75
            sketcher small - 0.5
            """;

    @Test
    void itsTextIsEveryPriceSortedOneALine() {
        assertEquals(TEXT, both().text());
    }

    @Test
    void itsVersionIsTheBeginningOfTheDigestOfItsText() {
        assertEquals("2d42f4ae3a1632e2", both().version().toString(), "by sha256sum");
    }

    @Test
    void itsTextIsReadBackAsTheSameCard() {
        RateCard read = RateCard.read(TEXT);

        assertEquals(TEXT, read.text());
        assertEquals(both().version(), read.version());
    }

    @ParameterizedTest
    @ValueSource(strings = {"painter 1K high", "painter 1K high 1 2", "painter 1K high x", "painter 1K low -1",
        "painter 1K low 1\npainter 1K low 2", "painter 1K low 1\npainter 2K high 1", "\n"})
    void anotherTextIsNoRateCard(String text) {
        assertThrows(IllegalArgumentException.class, () -> RateCard.read(text));
    }

    private static RateCard both() {
        return new RateCard(Map.of(PAINTER, painterPrices(), sketcher().name(), sketcher().prices()));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "2K,high=5 1K=1 4K,high=4 2K=2 4K,low=3", // another order
        "1K,low=1 1K,high=1 2K,low=2 2K,high=5 4K,low=3 4K,high=4", // a row for each quality
        "1K=1.000000 2K=2 2K,high=5.0 4K=3 4K,high=4" // other words
    })
    void theSamePricesHaveTheSameVersionHoweverTheyAreWritten(String rows) {
        assertEquals(card("1K=1 2K=2 2K,high=5 4K,low=3 4K,high=4").version(), card(rows).version());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "1K=2 2K=2 2K,high=5 4K,low=3 4K,high=4",
        "1K=1.000001 2K=2 2K,high=5 4K,low=3 4K,high=4",
        "1K=1 2K=2 4K,low=3 4K,high=4",
        "1K=1 2K=2 2K,high=5 4K,low=4 4K,high=3"
    })
    void anyOtherPriceMakesAnotherVersion(String rows) {
        assertNotEquals(card("1K=1 2K=2 2K,high=5 4K,low=3 4K,high=4").version(), card(rows).version());
    }

    private static RateCard card(String rows) {
        return new RateCard(Map.of(
                PAINTER,
                PriceTable.of(sizes("1K", "2K", "4K"), qualities("low", "high"), rows(rows.split(" ")))));
    }

    @Test
    void aModelMoreOrUnderAnotherNameMakesAnotherVersion() {
        RateCard one = new RateCard(Map.of(PAINTER, painterPrices()));
        RateCard renamed = new RateCard(Map.of(new ModelId("painter-2"), painterPrices()));

        assertNotEquals(one.version(), both().version());
        assertNotEquals(one.version(), renamed.version());
    }

    @Test
    void whatIsShownStruckThroughIsNoPrice() {
        PriceRow plain = rows("1K=1").get(0);
        PriceRow struckThrough = new PriceRow(
                plain.size(), plain.quality(), plain.price(), Optional.of(Credits.of("21.1")));

        assertEquals(
                new RateCard(Map.of(PAINTER, PriceTable.of(sizes("1K"), List.of(), List.of(plain)))).version(),
                new RateCard(Map.of(PAINTER, PriceTable.of(sizes("1K"), List.of(), List.of(struckThrough)))).version());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0123456789abcde", "0123456789abcdef0", "0123456789ABCDEF", "0123456789abcdeg"})
    void aVersionHasSixteenHexadecimalDigits(String value) {
        assertThrows(IllegalArgumentException.class, () -> new RateCardVersion(value));
    }
}
