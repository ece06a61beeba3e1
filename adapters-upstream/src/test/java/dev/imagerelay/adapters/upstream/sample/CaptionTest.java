package dev.imagerelay.adapters.upstream.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.Color;
import java.awt.Rectangle;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CaptionTest {

    @BeforeEach
    void fontsAreThere() {
        assumeTrue(new Caption("a", Color.BLACK, Canvas.of(512, 512, Quality.LOW)).hasFonts());
    }

    @Test
    void promptIsWrittenAboveTheMark() {
        Rectangle mark = written("\n", 512, 512);
        Rectangle both = written("a harbour", 512, 512);

        assertTrue(mark.height > 0);
        assertTrue(both.y < mark.y - mark.height);
    }

    @Test
    void longerPromptTakesMoreLinesUntilItIsCutShort() {
        int one = written("a harbour", 512, 512).height;
        int three = written("a harbour ".repeat(14), 512, 512).height;
        int cut = written("a harbour ".repeat(3000), 512, 512).height;

        assertTrue(three > one * 1.5);
        assertEquals(three, cut, 2);
    }

    @ParameterizedTest
    @CsvSource({"1024, 1024", "1536, 1024", "1024, 1536", "200, 3840", "3840, 200", "256, 256"})
    void writingKeepsToTheFootOfThePictureAndOffItsEdges(int width, int height) {
        Rectangle wordy = written("a harbour in the morning fog ".repeat(200), width, height);
        Rectangle unbroken = written("W".repeat(5000), width, height);

        for (Rectangle written : new Rectangle[] {wordy, unbroken}) {
            assertTrue(written.x > 5, written::toString);
            assertTrue(written.x + written.width < width - 5, written::toString);
            assertTrue(written.y > height / 2, written::toString);
            assertTrue(written.y + written.height < height - 5, written::toString);
        }
    }

    @Test
    void lettersNoFontHasAreLeftOut() {
        assertEquals(written("\n", 512, 512), written("\uE000\uE001 \uE002", 512, 512));
    }

    @Test
    void tooSmallAPictureStaysWithoutWriting() {
        assertTrue(written("a harbour", 159, 600).isEmpty());
        assertTrue(written("a harbour", 600, 159).isEmpty());
    }

    /** What the bright pixels of a caption on a black picture span; empty if there are none. */
    private static Rectangle written(String prompt, int width, int height) {
        Canvas canvas = Canvas.of(width, height, Quality.LOW);
        new Caption(prompt, Color.BLACK, canvas).paint();
        Rectangle span = new Rectangle(0, 0, -1, -1);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                if ((canvas.image().getRGB(x, y) & 0xff) > 0x50) {
                    span.add(new Rectangle(x, y, 1, 1));
                }
            }
        }
        return span;
    }
}
