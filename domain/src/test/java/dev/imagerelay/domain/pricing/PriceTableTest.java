package dev.imagerelay.domain.pricing;

import static dev.imagerelay.domain.Samples.painterPrices;
import static dev.imagerelay.domain.Samples.qualities;
import static dev.imagerelay.domain.Samples.rows;
import static dev.imagerelay.domain.Samples.sizes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.domain.image.ImageQuality;
import dev.imagerelay.domain.image.ImageSize;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A price table has exactly one price for everything on offer, or says everything that is wrong with it. */
class PriceTableTest {

    @ParameterizedTest
    @CsvSource({
        "1K, low,  1", // by the row for its size
        "1K, high, 1",
        "2K, low,  2",
        "2K, high, 5", // by the row of its own
        "4K, low,  3",
        "4K, high, 4"
    })
    void theMostSpecificRowSetsThePrice(String size, String quality, String price) {
        UnitPrice expected =
                new UnitPrice(new ImageSize(size), Optional.of(new ImageQuality(quality)), Credits.of(price));

        assertEquals(expected, painterPrices().dearest(Optional.of(expected.size()), expected.quality()));
        assertTrue(painterPrices().unitPrices().contains(expected));
    }

    @Test
    void theOrderOfRowsDoesNotMatter() {
        PriceTable specificFirst = PriceTable.of(sizes("2K"), qualities("low", "high"), rows("2K,high=5", "2K=2"));
        PriceTable specificLast = PriceTable.of(sizes("2K"), qualities("low", "high"), rows("2K=2", "2K,high=5"));

        assertEquals(specificFirst.unitPrices(), specificLast.unitPrices());
        assertEquals(rows("2K,high=5", "2K=2"), specificFirst.rows());
    }

    @ParameterizedTest
    @CsvSource({
        "1K, low,  1K, low,  1",
        "2K,     , 2K, high, 5", // the quality is left open
        "4K,     , 4K, high, 4",
        "  , low,  4K, low,  3", // the size is left open
        "  , high, 2K, high, 5",
        "  ,     , 2K, high, 5" // both are
    })
    void theDearestIsTheHighestPriceThatAChoiceCanMeet(
            String size, String quality, String dearestSize, String dearestQuality, String price) {
        UnitPrice dearest = painterPrices()
                .dearest(Optional.ofNullable(size).map(ImageSize::new),
                        Optional.ofNullable(quality).map(ImageQuality::new));

        assertEquals(
                new UnitPrice(
                        new ImageSize(dearestSize), Optional.of(new ImageQuality(dearestQuality)), Credits.of(price)),
                dearest);
    }

    @Test
    void aModelWithoutQualitiesHasOnePriceForEachSize() {
        PriceTable table = PriceTable.of(sizes("small", "large"), List.of(), rows("small=0.5", "large=0.75"));

        assertEquals(
                List.of(
                        new UnitPrice(new ImageSize("small"), Optional.empty(), Credits.of("0.5")),
                        new UnitPrice(new ImageSize("large"), Optional.empty(), Credits.of("0.75"))),
                table.unitPrices());
        assertEquals(Credits.of("0.75"), table.dearest(Optional.empty(), Optional.empty()).credits());
        assertFalse(table.offers(new ImageQuality("high")));
    }

    @Test
    void aPriceOfNothingIsAPrice() {
        PriceTable table = PriceTable.of(sizes("1K"), List.of(), rows("1K=0"));

        assertEquals(Credits.ZERO, table.dearest(Optional.empty(), Optional.empty()).credits());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "1K=1 2K=2 3K=3        | price row 3 (3K) is for a size that is not offered",
        "1K=1 2K=2 2K,ultra=3  | price row 3 (2K, ultra) is for a quality that is not offered",
        "1K=1 2K=2 1K=3        | price row 3 (1K) prices what an earlier row has priced",
        "1K=1 2K=2 2K,low=3 2K,low=3 | price row 4 (2K, low) prices what an earlier row has priced",
        "1K=1 2K,low=2         | no price for 2K, high",
        "1K=1                  | no price for 2K, low; no price for 2K, high",
        "1K,low=1              | no price for 1K, high; no price for 2K, low; no price for 2K, high"
    })
    void everyFaultIsNamedWithItsRow(String rows, String fault) {
        assertEquals(fault, faultOf(rows.split(" ")));
    }

    @Test
    void allFaultsAreNamedAtOnce() {
        assertEquals(
                "price row 2 (1K) prices what an earlier row has priced; "
                        + "price row 3 (9K, ultra) is for a size that is not offered; "
                        + "price row 3 (9K, ultra) is for a quality that is not offered; "
                        + "no price for 2K, low; no price for 2K, high",
                faultOf("1K=1", "1K=1", "9K,ultra=1"));
    }

    private static String faultOf(String... rows) {
        return assertThrows(
                        IllegalArgumentException.class,
                        () -> PriceTable.of(sizes("1K", "2K"), qualities("low", "high"), rows(rows)))
                .getMessage();
    }

    @Test
    void aRowForAQualityIsRefusedWhereThereAreNone() {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class,
                () -> PriceTable.of(sizes("1K"), List.of(), rows("1K=1", "1K,high=2")));

        assertEquals("price row 2 (1K, high) is for a quality that is not offered", refused.getMessage());
    }

    @Test
    void aTableForNothingIsRefused() {
        IllegalArgumentException empty = assertThrows(
                IllegalArgumentException.class, () -> PriceTable.of(List.of(), qualities("low"), List.of()));
        IllegalArgumentException withoutSizes = assertThrows(
                IllegalArgumentException.class, () -> PriceTable.of(List.of(), qualities("low"), rows("1K=1")));

        assertEquals("no sizes are offered", empty.getMessage());
        assertEquals("price row 1 (1K) is for a size that is not offered", withoutSizes.getMessage());
    }

    @Test
    void onlyWhatIsOfferedHasAPrice() {
        PriceTable table = painterPrices();

        assertTrue(table.offers(new ImageSize("4K")));
        assertFalse(table.offers(new ImageSize("8K")));
        assertTrue(table.offers(new ImageQuality("high")));
        assertFalse(table.offers(new ImageQuality("ultra")));
        assertThrows(
                IllegalArgumentException.class,
                () -> table.dearest(Optional.of(new ImageSize("8K")), Optional.empty()));
        assertThrows(
                IllegalArgumentException.class,
                () -> table.dearest(Optional.empty(), Optional.of(new ImageQuality("ultra"))));
    }
}
