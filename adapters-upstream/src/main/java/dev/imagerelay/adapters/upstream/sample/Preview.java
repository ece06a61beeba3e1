package dev.imagerelay.adapters.upstream.sample;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;

/** Turns a picture into what it looked like before it was finished: the same view, as if through mist. */
final class Preview {
    static final int MOST = 3;

    /** How many points along its longer side a preview shows at most, by the number of previews left to show. */
    private static final int[] POINTS = {192, 48, 24};

    private Preview() {}

    /** Softens the picture itself, the more the more previews are left to show: 1, the last one, to {@value #MOST}. */
    static BufferedImage soften(BufferedImage picture, int left) {
        softenTo(POINTS[left - 1], picture);
        return picture;
    }

    /** Halved again and again and stretched again as often: that looks smoother than one big stretch. */
    private static void softenTo(int points, BufferedImage picture) {
        if (Math.max(picture.getWidth(), picture.getHeight()) > points) {
            BufferedImage half = new BufferedImage(
                    (picture.getWidth() + 1) / 2, (picture.getHeight() + 1) / 2, BufferedImage.TYPE_INT_RGB);
            stretch(picture, half);
            softenTo(points, half);
            stretch(half, picture);
        }
    }

    private static void stretch(BufferedImage from, BufferedImage to) {
        Graphics2D pen = to.createGraphics();
        pen.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        pen.drawImage(from, 0, 0, to.getWidth(), to.getHeight(), null);
        pen.dispose();
    }
}
