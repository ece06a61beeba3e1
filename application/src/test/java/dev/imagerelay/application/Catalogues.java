package dev.imagerelay.application;

import dev.imagerelay.domain.catalogue.Catalogue;
import dev.imagerelay.domain.catalogue.ImageModel;
import dev.imagerelay.domain.catalogue.UpstreamRoute;
import dev.imagerelay.domain.image.ImageQuality;
import dev.imagerelay.domain.image.ImageSize;
import dev.imagerelay.domain.image.ModelId;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.pricing.PriceRow;
import dev.imagerelay.domain.pricing.PriceTable;
import java.util.List;
import java.util.Optional;

/** Catalogues to order from. */
public final class Catalogues {

    /** The first upstream that is asked for a painter's picture. */
    public static final UpstreamRoute NORTH = new UpstreamRoute("north", Optional.empty());

    /** The second. */
    public static final UpstreamRoute SOUTH = new UpstreamRoute("south", Optional.of("paint-1"));

    private Catalogues() {}

    /**
     * One model, {@code painter}, of up to 4 pictures, by {@link #NORTH} or else {@link #SOUTH}: in 1K for 1, in 2K
     * for 2 in low quality and for 5 in high.
     */
    public static Catalogue painter() {
        return painterFor("1", "2", "5");
    }

    /** The same model at other prices: in 1K, in 2K and low, in 2K and high. */
    public static Catalogue painterFor(String small, String low, String high) {
        List<ImageSize> sizes = List.of(new ImageSize("1K"), new ImageSize("2K"));
        List<ImageQuality> qualities = List.of(new ImageQuality("low"), new ImageQuality("high"));
        List<PriceRow> rows = List.of(
                row("1K", Optional.empty(), small),
                row("2K", Optional.of("low"), low),
                row("2K", Optional.of("high"), high));
        return new Catalogue(List.of(new ImageModel(
                new ModelId("painter"), "Painter", "", List.of(), sizes, qualities, List.of("vivid"), 4,
                PriceTable.of(sizes, qualities, rows), List.of(NORTH, SOUTH))));
    }

    private static PriceRow row(String size, Optional<String> quality, String price) {
        return new PriceRow(new ImageSize(size), quality.map(ImageQuality::new), Credits.of(price), Optional.empty());
    }
}
