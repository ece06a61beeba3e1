package dev.imagerelay.adapters.upstream.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PainterTest {
    private final Painter painter = new Painter();

    @Test
    void samePromptAndSizeGiveTheSamePicture() {
        assertArrayEquals(pixels("a harbour", 320, Quality.HIGH, 0), pixels("a harbour", 320, Quality.HIGH, 0));
    }

    @ParameterizedTest
    @CsvSource({"a harbour, a library", "a harbour, a harbor", "a cat, a cat in space", "x, y"})
    void differentPromptsDifferVisibly(String one, String other) {
        assertTrue(visiblyDifferent(pixels(one, 256, Quality.MEDIUM, 0), pixels(other, 256, Quality.MEDIUM, 0)) > 0.5);
    }

    @Test
    void picturesOfOneRequestDifferVisibly() {
        assertTrue(visiblyDifferent(pixels("a cat", 256, Quality.LOW, 0), pixels("a cat", 256, Quality.LOW, 1)) > 0.5);
    }

    @Test
    void betterQualityShowsTheSameSceneInMoreDetail() {
        int[] low = pixels("a harbour", 256, Quality.LOW, 0);
        int[] high = pixels("a harbour", 256, Quality.HIGH, 0);

        assertFalse(Arrays.equals(low, high));
        assertTrue(visiblyDifferent(low, high) < 0.5);
    }

    @ParameterizedTest
    @CsvSource({"16, 16", "16, 3840", "3840, 16", "17, 211", "160, 160"})
    void everySizeIsPaintedAtEveryHour(int width, int height) {
        for (int index = 0; index < 60; index++) {
            BufferedImage picture = painter.paint(new Recipe("a harbour", width, height, Quality.HIGH, index));

            assertEquals(width, picture.getWidth());
            assertEquals(height, picture.getHeight());
        }
    }

    private int[] pixels(String prompt, int side, Quality quality, int index) {
        return painter.paint(new Recipe(prompt, side, side, quality, index)).getRGB(0, 0, side, side, null, 0, side);
    }

    /** The share of pixels anyone can tell apart. */
    private static double visiblyDifferent(int[] one, int[] other) {
        int different = 0;
        for (int pixel = 0; pixel < one.length; pixel++) {
            Color left = new Color(one[pixel]);
            Color right = new Color(other[pixel]);
            int distance = Math.abs(left.getRed() - right.getRed()) + Math.abs(left.getGreen() - right.getGreen())
                    + Math.abs(left.getBlue() - right.getBlue());
            different += distance > 24 ? 1 : 0;
        }
        return (double) different / one.length;
    }
}
