package dev.imagerelay.adapters.upstream.sample;

/** Smooth noise: near points have near values, everything between 0 and 1, and the same seed gives the same values. */
record Noise(long seed) {

    /** Rolling noise of this many octaves, each twice as fine and half as strong as the one before. */
    double rolling(double x, double y, int octaves) {
        double sum = 0;
        double strength = 0.5;
        for (int octave = 0; octave < octaves; octave++) {
            sum += strength * single(Math.scalb(x, octave) + 17 * octave, Math.scalb(y, octave));
            strength /= 2;
        }
        return sum / (1 - 2 * strength);
    }

    /** Noise with sharp crests where {@link #rolling} would only pass through its middle. */
    double jagged(double x, int octaves) {
        double sum = 0;
        double strength = 0.5;
        for (int octave = 0; octave < octaves; octave++) {
            sum += strength * (1 - Math.abs(2 * single(Math.scalb(x, octave) + 17 * octave, 0.5) - 1));
            strength /= 2;
        }
        return sum / (1 - 2 * strength);
    }

    private double single(double x, double y) {
        int column = (int) Math.floor(x);
        int row = (int) Math.floor(y);
        double across = eased(x - column);
        double down = eased(y - row);
        double above = lerp(corner(column, row), corner(column + 1, row), across);
        double below = lerp(corner(column, row + 1), corner(column + 1, row + 1), across);
        return lerp(above, below, down);
    }

    private double corner(int column, int row) {
        long bits = seed ^ column * 0x9E3779B97F4A7C15L ^ row * 0xC2B2AE3D27D4EB4FL;
        bits = (bits ^ bits >>> 32) * 0xD6E8FEB86659FD93L;
        bits = (bits ^ bits >>> 32) * 0xD6E8FEB86659FD93L;
        return (bits >>> 40) * 0x1p-24;
    }

    private static double eased(double share) {
        return share * share * (3 - 2 * share);
    }

    private static double lerp(double from, double to, double share) {
        return from + (to - from) * share;
    }
}
