package dev.imagerelay.adapters.upstream.sample;

import static dev.imagerelay.adapters.upstream.sample.Palette.mix;
import static dev.imagerelay.adapters.upstream.sample.Palette.veil;

import java.awt.Color;
import java.awt.LinearGradientPaint;
import java.awt.geom.Ellipse2D;
import java.awt.image.BufferedImage;
import java.util.SplittableRandom;

/** A lake from the shore to the bottom, which mirrors what has been drawn above it. */
record Lake(Scene scene, Canvas canvas) {

    void paint() {
        int shore = (int) (scene.shore() * canvas.height());
        mirror(shore);
        tint(shore);
        glitter(shore);
    }

    private void mirror(int shore) {
        BufferedImage image = canvas.image();
        Noise waves = new Noise(scene.random(50).nextLong());
        int depth = canvas.height() - shore;
        int[] row = new int[canvas.width()];
        for (int y = shore; y < canvas.height(); y++) {
            double nearness = (double) (y - shore) / depth;
            double swell = waves.rolling((y - shore) / canvas.unit() * 90 / (1 + 3 * nearness), 0.5, 2) - 0.5;
            double lift = swell * canvas.unit() * 0.05 * nearness;
            int source = (int) Math.max(0, Math.min(shore - 1, shore - 1 - (y - shore) * 1.15 + lift));
            image.getRGB(0, source, row.length, 1, row, 0, row.length);
            image.setRGB(0, y, row.length, 1, row, 0, row.length);
        }
    }

    private void tint(int shore) {
        Palette palette = scene.palette();
        Color[] depths = {
            veil(mix(palette.horizon(), palette.near(), 0.2), 0.3),
            veil(mix(palette.middle(), palette.near(), 0.5), 0.22),
            veil(mix(palette.near(), palette.middle(), 0.12), 0.86)};
        canvas.pen().setPaint(new LinearGradientPaint(0, shore, 0, canvas.height(), new float[] {0, 0.12f, 1}, depths));
        canvas.pen().fillRect(0, shore, canvas.width(), canvas.height() - shore);
    }

    /** The path of light on the water. */
    private void glitter(int shore) {
        SplittableRandom random = scene.random(51);
        int flecks = 60 + 90 * canvas.detail();
        int depth = canvas.height() - shore;
        for (int fleck = 0; fleck < flecks; fleck++) {
            double nearness = Math.pow(random.nextDouble(), 1.4);
            double spread = (random.nextDouble() + random.nextDouble() - 1) * canvas.unit() * (0.05 + 0.12 * nearness);
            double length = canvas.unit() * random.nextDouble(0.01, 0.05) * (0.5 + nearness);
            double thickness = Math.max(0.8, canvas.unit() * 0.0022 * (0.4 + nearness));
            double x = scene.lightX() * canvas.width() + spread - length / 2;
            canvas.pen().setPaint(veil(scene.palette().light(), 0.4 * (1 - nearness) * random.nextDouble(0.3, 1)));
            canvas.pen().fill(new Ellipse2D.Double(x, shore + nearness * depth, length, thickness));
        }
    }
}
