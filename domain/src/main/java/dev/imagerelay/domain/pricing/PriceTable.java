package dev.imagerelay.domain.pricing;

import dev.imagerelay.domain.image.ImageQuality;
import dev.imagerelay.domain.image.ImageSize;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What every picture of one model costs: exactly one price for each offered size in each offered quality.
 * A row for a size and a quality goes before a row for the size alone. Immutable.
 */
public final class PriceTable {

    private final List<ImageSize> sizes;
    private final List<ImageQuality> qualities;
    private final List<PriceRow> rows;
    private final List<UnitPrice> unitPrices;

    private PriceTable(
            List<ImageSize> sizes, List<ImageQuality> qualities, List<PriceRow> rows, List<UnitPrice> unitPrices) {
        this.sizes = List.copyOf(sizes);
        this.qualities = List.copyOf(qualities);
        this.rows = List.copyOf(rows);
        this.unitPrices = List.copyOf(unitPrices);
    }

    /**
     * Makes the table of a model that offers these sizes in these qualities.
     *
     * @param qualities empty if the model has none
     * @throws IllegalArgumentException listing every size and quality without a price, every doubled size, quality and
     *     row, and every row for something that is not offered
     */
    public static PriceTable of(List<ImageSize> sizes, List<ImageQuality> qualities, List<PriceRow> rows) {
        List<String> faults = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            PriceRow row = rows.get(i);
            String name = "price row " + (i + 1) + " (" + row + ")";
            if (!sizes.contains(row.size())) {
                faults.add(name + " is for a size that is not offered");
            }
            if (row.quality().isPresent() && !qualities.contains(row.quality().get())) {
                faults.add(name + " is for a quality that is not offered");
            }
            if (rows.subList(0, i).stream().anyMatch(earlier -> sameKind(earlier, row))) {
                faults.add(name + " prices what an earlier row has priced");
            }
        }
        if (Set.copyOf(sizes).size() < sizes.size() || Set.copyOf(qualities).size() < qualities.size()) {
            faults.add("a size or a quality is offered twice");
        }
        List<UnitPrice> unitPrices = new ArrayList<>();
        for (ImageSize size : sizes) {
            for (Optional<ImageQuality> quality : orNone(qualities)) {
                mostSpecific(rows, size, quality)
                        .ifPresentOrElse(
                                row -> unitPrices.add(new UnitPrice(size, quality, row.price())),
                                () -> faults.add("no price for " + size + quality.map(q -> ", " + q).orElse("")));
            }
        }
        if (unitPrices.isEmpty() && faults.isEmpty()) {
            faults.add("no sizes are offered");
        }
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", faults));
        }
        return new PriceTable(sizes, qualities, rows, unitPrices);
    }

    /** Makes the table of a model that offers just what the rows price. */
    static PriceTable of(List<PriceRow> rows) {
        return of(
                rows.stream().map(PriceRow::size).distinct().toList(),
                rows.stream().flatMap(row -> row.quality().stream()).distinct().toList(),
                rows);
    }

    private static boolean sameKind(PriceRow one, PriceRow other) {
        return one.size().equals(other.size()) && one.quality().equals(other.quality());
    }

    private static List<Optional<ImageQuality>> orNone(List<ImageQuality> qualities) {
        return qualities.isEmpty()
                ? List.of(Optional.empty())
                : qualities.stream().map(Optional::of).toList();
    }

    private static Optional<PriceRow> mostSpecific(
            List<PriceRow> rows, ImageSize size, Optional<ImageQuality> quality) {
        Comparator<PriceRow> namesTheQuality = Comparator.comparing(row -> row.quality().isPresent());
        return rows.stream()
                .filter(row -> row.size().equals(size))
                .filter(row -> row.quality().isEmpty() || row.quality().equals(quality))
                .max(namesTheQuality);
    }

    /**
     * The dearest picture that a choice can become: the exact price where both are chosen, the highest of what is
     * possible where something is left to the model.
     *
     * @param size    empty: any offered size
     * @param quality empty: any offered quality
     * @throws IllegalArgumentException if the size or the quality is not offered
     */
    public UnitPrice dearest(Optional<ImageSize> size, Optional<ImageQuality> quality) {
        return matching(size, quality)
                .max(Comparator.comparing(UnitPrice::credits))
                .orElseThrow(() -> new IllegalArgumentException("no price for size " + size + ", quality " + quality));
    }

    /** Whether a choice can become pictures of one price only. */
    boolean isOnePrice(Optional<ImageSize> size, Optional<ImageQuality> quality) {
        return matching(size, quality).map(UnitPrice::credits).distinct().count() == 1;
    }

    /** Whether so many pictures that a choice can become cost that, all of them of one price. */
    boolean canCost(Optional<ImageSize> size, Optional<ImageQuality> quality, int images, Credits total) {
        return matching(size, quality).anyMatch(unit -> unit.credits().times(images).equals(total));
    }

    /** Whether this is the table of a model that offers exactly that. */
    public boolean isFor(List<ImageSize> sizes, List<ImageQuality> qualities) {
        return this.sizes.equals(sizes) && this.qualities.equals(qualities);
    }

    private Stream<UnitPrice> matching(Optional<ImageSize> size, Optional<ImageQuality> quality) {
        return unitPrices.stream()
                .filter(unit -> size.isEmpty() || unit.size().equals(size.get()))
                .filter(unit -> quality.isEmpty() || unit.quality().equals(quality));
    }

    /** Whether pictures of that size are offered. */
    public boolean offers(ImageSize size) {
        return sizes.contains(size);
    }

    /** Whether pictures of that quality are offered. */
    public boolean offers(ImageQuality quality) {
        return qualities.contains(quality);
    }

    /** The price list as its owner wrote it, in that order. */
    public List<PriceRow> rows() {
        return rows;
    }

    /** One price for each offered size in each offered quality. */
    public List<UnitPrice> unitPrices() {
        return unitPrices;
    }
}
