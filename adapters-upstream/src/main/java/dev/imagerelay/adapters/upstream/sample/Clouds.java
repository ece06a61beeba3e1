package dev.imagerelay.adapters.upstream.sample;

import static dev.imagerelay.adapters.upstream.sample.Palette.mix;
import static dev.imagerelay.adapters.upstream.sample.Palette.veil;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.SplittableRandom;

/** Wisps of cloud, thin and long, in the colours of the sky they are lit by. */
record Clouds(Scene scene, Canvas canvas) {

    void paint() {
        Palette palette = scene.palette();
        SplittableRandom random = scene.random(4);
        double cover = random.nextDouble(0.5, 0.62);
        double thickness = palette.sky() == Palette.Lights.SUN ? 0.75 : 0.3;
        Noise noise = new Noise(random.nextLong());
        BufferedImage soft = canvas.soft();
        double bottom = scene.horizon() * soft.getHeight();
        for (int y = 0; y < bottom; y++) {
            double down = y / bottom;
            Color color = mix(mix(palette.middle(), palette.horizon(), down), palette.light(), 0.5 + 0.1 * down);
            double fade = Math.sin(Math.PI * Math.min(1, down * 0.9 + 0.1));
            for (int x = 0; x < soft.getWidth(); x++) {
                double across = x * Canvas.SOFTNESS / canvas.unit();
                double wool = noise.rolling(across * 2.1 + down, down * 6.5, 5);
                double opacity = thickness * fade * Math.max(0, Math.min(1, (wool - cover) * 4));
                soft.setRGB(x, y, veil(color, opacity).getRGB());
            }
        }
        canvas.stretch(soft);
    }
}
