package dev.imagerelay.domain.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An order is bounded before anything is reckoned with it. */
class ImageOrderTest {

    private static final ImageOrder PLAIN = ImageOrder.of("painter", "a fox");

    @Test
    void aPlainOrderIsForOnePictureAndLeavesTheRestToTheModel() {
        assertEquals(
                new ImageOrder(
                        new ModelId("painter"), "a fox", 1, Optional.empty(), Optional.empty(), Optional.empty(),
                        Optional.empty()),
                PLAIN);
    }

    @Test
    void eachChoiceChangesOnlyItself() {
        assertEquals(
                new ImageOrder(
                        new ModelId("painter"),
                        "a fox",
                        3,
                        Optional.of(new ImageSize("2K")),
                        Optional.of(new ImageQuality("high")),
                        Optional.empty(),
                        Optional.empty()),
                PLAIN.times(3).at("2K").in("high"));
        assertEquals(PLAIN.times(3).at("2K").in("high"), PLAIN.in("high").at("2K").times(3));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 10})
    void oneToTenPicturesCanBeOrdered(int images) {
        assertEquals(images, PLAIN.times(images).images());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 11, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void noOtherNumberOfPicturesCan(int images) {
        assertThrows(IllegalArgumentException.class, () -> PLAIN.times(images));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void noneToThreePreviewsCanBeStreamed(int partialImages) {
        ImageOrder order = PLAIN.streamed(partialImages).times(2).at("2K").in("high").styled("vivid");

        assertTrue(order.isStreamed());
        assertEquals(Optional.of(partialImages), order.partialImages());
        assertFalse(PLAIN.isStreamed());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 4})
    void noOtherNumberOfPreviewsCan(int partialImages) {
        assertThrows(IllegalArgumentException.class, () -> PLAIN.streamed(partialImages));
    }

    @Test
    void aPromptIsMeasuredInCharactersNotInUnits() {
        String longest = "🦊".repeat(ImageOrder.MAX_PROMPT);

        assertEquals(longest, ImageOrder.of("painter", longest).prompt());
        assertThrows(IllegalArgumentException.class, () -> ImageOrder.of("painter", longest + "x"));
        assertThrows(IllegalArgumentException.class, () -> ImageOrder.of("painter", ""));
    }

    @Test
    void aDeliveryHasNoFewerThanNoPictures() {
        assertEquals(new Delivery(0, Optional.empty(), Optional.empty()), Delivery.of(0));
        assertThrows(IllegalArgumentException.class, () -> Delivery.of(-1));
    }
}
