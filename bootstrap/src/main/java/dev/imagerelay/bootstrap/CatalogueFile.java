package dev.imagerelay.bootstrap;

import dev.imagerelay.domain.catalogue.Catalogue;
import dev.imagerelay.domain.catalogue.ImageModel;
import dev.imagerelay.domain.catalogue.UpstreamRoute;
import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.image.ImageQuality;
import dev.imagerelay.domain.image.ImageSize;
import dev.imagerelay.domain.image.ModelId;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.pricing.PriceRow;
import dev.imagerelay.domain.pricing.PriceTable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** The catalogue file: what is on offer and what it costs, checked whole before any of it is used. */
public final class CatalogueFile {

    private static final String BUILT_IN = "catalogue.yaml";

    private CatalogueFile() {}

    /**
     * Reads a catalogue. Needs no server, no database and no network, so a price rule can be unit-tested with it.
     *
     * @throws RuntimeException naming the file, the model and the row of the first fault
     */
    public static Catalogue read(Path file) {
        return catalogue(YamlFile.read(file, Map.of()));
    }

    /** The catalogue that comes with the program. */
    public static Catalogue builtIn() {
        try (InputStream in = CatalogueFile.class.getResourceAsStream(BUILT_IN)) {
            return catalogue(YamlFile.read("built-in " + BUILT_IN, in, Map.of()));
        } catch (IOException e) {
            throw new IllegalStateException("the built-in catalogue is not readable", e);
        }
    }

    private static Catalogue catalogue(Section file) {
        List<ImageModel> models =
                file.sections("models").stream().map(CatalogueFile::model).toList();
        file.end();
        return checked(file, () -> new Catalogue(models));
    }

    private static ImageModel model(Section section) {
        List<ImageSize> sizes = values(section, "sizes", ImageSize::new);
        List<ImageQuality> qualities = values(section, "qualities", ImageQuality::new);
        List<PriceRow> rows =
                section.sections("pricing").stream().map(CatalogueFile::row).toList();
        List<UpstreamRoute> routes =
                section.sections("routes").stream().map(CatalogueFile::route).toList();
        ImageModel model = checked(section, () -> new ImageModel(
                new ModelId(section.required("name")),
                section.required("label"),
                section.text("description").orElse(""),
                section.texts("tags"),
                sizes,
                qualities,
                section.texts("styles"),
                (int) section.number("maxImages", 1, ImageOrder.MAX_IMAGES, ImageOrder.MAX_IMAGES),
                PriceTable.of(sizes, qualities, rows),
                routes));
        section.end();
        return model;
    }

    private static PriceRow row(Section section) {
        PriceRow row = checked(section, () -> new PriceRow(
                new ImageSize(section.required("size")),
                section.text("quality").map(ImageQuality::new),
                credits(section, "price").orElseThrow(() -> section.error("price", "is missing")),
                credits(section, "originPrice")));
        section.end();
        return row;
    }

    private static Optional<Credits> credits(Section section, String key) {
        return section.decimal(key).map(decimal -> {
            if (decimal.signum() < 0) {
                throw section.error(key, "is negative: " + decimal);
            }
            return Credits.of(decimal);
        });
    }

    private static UpstreamRoute route(Section section) {
        UpstreamRoute route = checked(section, () -> new UpstreamRoute(
                section.required("upstream"),
                section.text("model"),
                (int) section.number("weight", 0, UpstreamRoute.MAX_WEIGHT, 0)));
        section.end();
        return route;
    }

    /** The values of a list; {@code auto} may be listed but is no value: it always works. */
    private static <T> List<T> values(Section section, String key, Function<String, T> value) {
        return section.texts(key).stream()
                .filter(text -> !text.equals("auto"))
                .map(text -> checked(section, () -> value.apply(text)))
                .toList();
    }

    /** Puts the place in front of what the domain finds wrong. */
    private static <T> T checked(Section section, Supplier<T> making) {
        try {
            return making.get();
        } catch (IllegalArgumentException e) {
            throw section.error(e.getMessage());
        }
    }
}
