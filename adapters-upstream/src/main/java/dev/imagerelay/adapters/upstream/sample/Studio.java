package dev.imagerelay.adapters.upstream.sample;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Where pictures are made. Any number of threads may ask, but no more pictures than the machine has processors are
 * drawn at a time; the others wait.
 */
final class Studio {
    private static final float COMPRESSION = 0.5f;

    private final Painter painter = new Painter();
    private final Semaphore easels = new Semaphore(Runtime.getRuntime().availableProcessors(), true);

    /** The picture of this recipe as a PNG: the same bytes for equal recipes on one machine. */
    byte[] png(Recipe recipe) throws IOException, InterruptedException {
        return drawn(() -> painter.paint(recipe));
    }

    /** The picture of this recipe as it looks when so many previews are left to show, this one counted; as a PNG. */
    byte[] preview(Recipe recipe, int left) throws IOException, InterruptedException {
        return drawn(() -> Preview.soften(painter.paint(recipe), left));
    }

    private byte[] drawn(Supplier<BufferedImage> picture) throws IOException, InterruptedException {
        easels.acquire();
        try {
            return encode(picture.get());
        } finally {
            easels.release();
        }
    }

    private static byte[] encode(BufferedImage picture) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        try (ImageOutputStream output = new MemoryCacheImageOutputStream(png)) {
            ImageWriteParam settings = writer.getDefaultWriteParam();
            settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            settings.setCompressionQuality(COMPRESSION);
            writer.setOutput(output);
            writer.write(null, new IIOImage(picture, null, null), settings);
        } finally {
            writer.dispose();
        }
        return png.toByteArray();
    }
}
