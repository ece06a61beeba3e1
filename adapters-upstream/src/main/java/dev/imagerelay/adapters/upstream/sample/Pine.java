package dev.imagerelay.adapters.upstream.sample;

import java.awt.geom.Path2D;

/** The outline of a pine. */
final class Pine {
    private Pine() {}

    /** Adds one to the path, its foot here and this high, in pixels; more detail gives it more branches. */
    static void grow(Path2D trees, double x, double foot, double height, int detail) {
        int tiers = 3 + 2 * detail;
        double halfWidth = height * 0.2;
        double top = foot - height;
        trees.moveTo(x, top);
        for (int tier = 1; tier <= tiers; tier++) {
            branch(trees, x, top, height, halfWidth, (double) tier / tiers, 1);
        }
        for (int tier = tiers; tier >= 1; tier--) {
            branch(trees, x, top, height, -halfWidth, (double) tier / tiers, -1);
        }
        trees.closePath();
    }

    private static void branch(
            Path2D trees, double x, double top, double height, double halfWidth, double share, int direction) {
        double tip = top + height * share;
        double fork = tip - height * 0.05;
        double reach = halfWidth * Math.pow(share, 0.85);
        if (direction > 0) {
            trees.lineTo(x + reach, tip);
            trees.lineTo(x + reach * 0.5, fork);
        } else {
            trees.lineTo(x + reach * 0.5, fork);
            trees.lineTo(x + reach, tip);
        }
    }
}
