package dev.imagerelay.adapters.upstream.sample;

import java.awt.Color;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The colours of one hour of the day.
 *
 * @param hour    what the hour is called, fit to follow "at"
 * @param sky     which lights are in the sky
 * @param top     the sky overhead
 * @param middle  the sky halfway down
 * @param horizon the sky at the horizon, and the mist in the valleys
 * @param light   the sun or the moon
 * @param far     the farthest ridge
 * @param near    the nearest ground, dark enough to write on in white
 */
record Palette(String hour, Lights sky, Color top, Color middle, Color horizon, Color light, Color far, Color near) {
    enum Lights { SUN, MOON, MOON_AND_AURORA }

    private static final List<Palette> ALL = List.of(
            of("first light", Lights.SUN, 0x39497c, 0xd58fa4, 0xffe0bd, 0xfff6e2, 0xcf94a0, 0x251f3b),
            of("the golden hour", Lights.SUN, 0x3f74a6, 0xf0c48c, 0xffe9b8, 0xfffbea, 0xd39a6c, 0x2b2130),
            of("dusk", Lights.SUN, 0x1d1b47, 0xa43d6d, 0xff9c58, 0xffe6b0, 0x9a4a70, 0x160e2a),
            of("the blue hour", Lights.MOON, 0x0e1d49, 0x3f5c9d, 0xe8bcb2, 0xfdf3e6, 0x667bb0, 0x0b132c),
            of("midnight", Lights.MOON, 0x040820, 0x122a5c, 0x3f6c98, 0xf6f3e2, 0x27477a, 0x03081a),
            of("midnight under the northern lights", Lights.MOON_AND_AURORA,
                    0x030d1f, 0x0a2e48, 0x2b7f86, 0xeaf7ee, 0x1b4d68, 0x020b14),
            of("a misty morning", Lights.SUN, 0x5b9fa3, 0xb5d8c8, 0xf7f2d8, 0xfffef2, 0x86b8ab, 0x0f2c2d),
            of("noon", Lights.SUN, 0x2668b8, 0x82bbe8, 0xeef6f4, 0xffffff, 0x86abcf, 0x14303a),
            of("a lavender evening", Lights.SUN, 0x372d69, 0x9a7bc2, 0xfacad3, 0xfff1ee, 0x9480bb, 0x1c173a),
            of("a desert sunrise", Lights.SUN, 0x2a6078, 0xe9b486, 0xffdfac, 0xfff5d6, 0xd48a5c, 0x371717),
            of("a crimson sunset", Lights.SUN, 0x280f33, 0xbf3745, 0xffb45c, 0xffedc0, 0x9c3550, 0x1a0a1e));

    /** One of the palettes, its hues turned a little. */
    static Palette pick(SplittableRandom random) {
        Palette palette = ALL.get(random.nextInt(ALL.size()));
        float turn = (float) random.nextDouble(-0.018, 0.018);
        return new Palette(palette.hour, palette.sky, turned(palette.top, turn), turned(palette.middle, turn),
                turned(palette.horizon, turn), palette.light, turned(palette.far, turn), turned(palette.near, turn));
    }

    /** The colour this share of the way from one to the other. */
    static Color mix(Color from, Color to, double share) {
        return new Color(
                (int) Math.round(from.getRed() + (to.getRed() - from.getRed()) * share),
                (int) Math.round(from.getGreen() + (to.getGreen() - from.getGreen()) * share),
                (int) Math.round(from.getBlue() + (to.getBlue() - from.getBlue()) * share));
    }

    /** The colour at this opacity, 0 to 1. */
    static Color veil(Color color, double opacity) {
        return new Color(color.getRed(), color.getGreen(), color.getBlue(), (int) Math.round(255 * opacity));
    }

    private static Palette of(
            String hour, Lights sky, int top, int middle, int horizon, int light, int far, int near) {
        return new Palette(hour, sky, new Color(top), new Color(middle), new Color(horizon), new Color(light),
                new Color(far), new Color(near));
    }

    private static Color turned(Color color, float turn) {
        float[] parts = Color.RGBtoHSB(color.getRed(), color.getGreen(), color.getBlue(), null);
        return Color.getHSBColor(parts[0] + turn, parts[1], parts[2]);
    }
}
