package dev.imagerelay.adapters.upstream.sample;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;

/** What is drawn on, the pen to do it with, and how much detail is worth drawing. */
record Canvas(BufferedImage image, Graphics2D pen, int detail) {
    /** How many times smaller than the canvas a {@link #soft} layer is: faster to fill, and smooth once stretched. */
    static final int SOFTNESS = 4;

    /** A black canvas of this size in pixels. Whoever asks for it disposes of the pen. */
    static Canvas of(int width, int height, Quality quality) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = image.createGraphics();
        pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        pen.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        pen.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        return new Canvas(image, pen, quality.detail());
    }

    int width() {
        return image.getWidth();
    }

    int height() {
        return image.getHeight();
    }

    /** The length in pixels that sizes are shares of: alike for tall and wide pictures of the same area. */
    double unit() {
        return Math.sqrt((double) width() * height());
    }

    /** An empty layer for soft things, to be {@linkplain #stretch stretched} over the canvas when it is filled. */
    BufferedImage soft() {
        return new BufferedImage(width() / SOFTNESS + 1, height() / SOFTNESS + 1, BufferedImage.TYPE_INT_ARGB);
    }

    void stretch(BufferedImage soft) {
        pen.drawImage(soft, 0, 0, soft.getWidth() * SOFTNESS, soft.getHeight() * SOFTNESS, null);
    }
}
