package dev.imagerelay.domain;

import dev.imagerelay.domain.catalogue.ImageModel;
import dev.imagerelay.domain.catalogue.UpstreamRoute;
import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.image.ImageQuality;
import dev.imagerelay.domain.image.ImageSize;
import dev.imagerelay.domain.image.ModelId;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.pricing.PriceRow;
import dev.imagerelay.domain.pricing.PriceTable;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Sizes, prices and models in the fewest words, for every test of this module. */
public final class Samples {

    private Samples() {}

    public static List<ImageSize> sizes(String... names) {
        return Stream.of(names).map(ImageSize::new).toList();
    }

    public static List<ImageQuality> qualities(String... names) {
        return Stream.of(names).map(ImageQuality::new).toList();
    }

    /** Rows such as {@code 2K=2} or {@code 2K,high=5}. */
    public static List<PriceRow> rows(String... texts) {
        return Stream.of(texts).map(Samples::row).toList();
    }

    private static PriceRow row(String text) {
        String[] keyAndPrice = text.split("=");
        String[] sizeAndQuality = keyAndPrice[0].split(",");
        Optional<ImageQuality> quality =
                sizeAndQuality.length == 2 ? Optional.of(new ImageQuality(sizeAndQuality[1])) : Optional.empty();
        return new PriceRow(
                new ImageSize(sizeAndQuality[0]), quality, Credits.of(keyAndPrice[1]), Optional.empty());
    }

    /** 1K costs 1 in every quality; 2K costs 2 but 5 in high; 4K costs 3 in low and 4 in high. */
    public static PriceTable painterPrices() {
        return PriceTable.of(
                sizes("1K", "2K", "4K"),
                qualities("low", "high"),
                rows("1K=1", "2K=2", "2K,high=5", "4K,low=3", "4K,high=4"));
    }

    /** Two styles, up to 4 pictures, and {@link #painterPrices()}. */
    public static ImageModel painter() {
        return new ImageModel(
                new ModelId("painter"),
                "Painter",
                "",
                List.of(),
                sizes("1K", "2K", "4K"),
                qualities("low", "high"),
                List.of("vivid", "natural"),
                4,
                painterPrices(),
                List.of(new UpstreamRoute("north", Optional.empty())));
    }

    /** No qualities, no styles, one picture at a time: 0.5 in small, 0.75 in large. */
    public static ImageModel sketcher() {
        List<ImageSize> sizes = sizes("small", "large");
        return new ImageModel(
                new ModelId("sketcher"),
                "Sketcher",
                "",
                List.of(),
                sizes,
                List.of(),
                List.of(),
                1,
                PriceTable.of(sizes, List.of(), rows("small=0.5", "large=0.75")),
                List.of(new UpstreamRoute("south", Optional.of("sketch-1"))));
    }

    /** An order; null leaves the choice to the model. */
    public static ImageOrder order(String model, int images, String size, String quality, String style) {
        return new ImageOrder(
                new ModelId(model),
                "a fox",
                images,
                Optional.ofNullable(size).map(ImageSize::new),
                Optional.ofNullable(quality).map(ImageQuality::new),
                Optional.ofNullable(style),
                Optional.empty());
    }
}
