package dev.imagerelay.adapters.upstream.sample;

import static dev.imagerelay.adapters.upstream.sample.Palette.mix;
import static dev.imagerelay.adapters.upstream.sample.Palette.veil;

import java.awt.Color;
import java.awt.image.BufferedImage;

/** Three curtains of northern light, one behind the other: green at the foot and violet above. */
record Aurora(Scene scene, Canvas canvas) {
    private static final Color FOOT = new Color(0x6df5b4);
    private static final Color CROWN = new Color(0x8a6cf0);

    void paint() {
        Noise noise = new Noise(scene.random(2).nextLong());
        for (int curtain = 0; curtain < 3; curtain++) {
            BufferedImage soft = canvas.soft();
            for (int x = 0; x < soft.getWidth(); x++) {
                double across = x * Canvas.SOFTNESS / canvas.unit();
                double bend = noise.rolling(across * 1.6, 9 * curtain, 3) - 0.5;
                double rays = 0.55 + 0.45 * noise.rolling(across * 26, 9 * curtain + 6, 2);
                double foot = (0.24 + 0.1 * curtain + 0.3 * bend) * soft.getHeight();
                paintRay(soft, x, foot, 0.8 * rays * noise.rolling(across * 2.2, 9 * curtain + 4, 2));
            }
            canvas.stretch(soft);
        }
    }

    private static void paintRay(BufferedImage soft, int x, double foot, double strength) {
        double reach = soft.getHeight() * 0.26;
        double fringe = soft.getHeight() * 0.035;
        int bottom = (int) Math.min(soft.getHeight(), foot + fringe);
        for (int y = (int) Math.max(0, foot - reach); y < bottom; y++) {
            double height = (foot - y) / reach;
            double glow = height < 0 ? 1 - (y - foot) / fringe : Math.pow(Math.max(0, 1 - height), 1.8);
            Color color = mix(FOOT, CROWN, Math.max(0, Math.min(1, height * 1.5)));
            soft.setRGB(x, y, veil(color, strength * glow).getRGB());
        }
    }
}
