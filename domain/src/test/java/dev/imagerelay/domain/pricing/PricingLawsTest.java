package dev.imagerelay.domain.pricing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.domain.image.Delivery;
import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.image.ImageQuality;
import dev.imagerelay.domain.image.ImageSize;
import dev.imagerelay.domain.image.ModelId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Shown = held >= charged, for every order and every delivery that random price tables allow. The prices are drawn
 * first and written down as rows afterwards, so the table is judged by what its rows were made from.
 */
class PricingLawsTest {

    private static final ModelId MODEL = new ModelId("m");
    private static final ImageSize UNLISTED_SIZE = new ImageSize("unlisted");
    private static final ImageQuality UNLISTED_QUALITY = new ImageQuality("unlisted");

    @Test
    void whatIsShownIsWhatIsHeldAndNoLessThanWhatIsCharged() {
        for (long seed = 1; seed <= 150; seed++) {
            Market market = new Market(new Random(seed));
            try {
                market.check();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }

    /** A model's sizes and qualities, each pair with the price that is meant. */
    private static final class Market {

        private final List<ImageSize> sizes;
        private final List<ImageQuality> qualities;
        private final Map<ImageSize, Map<Optional<ImageQuality>, Credits>> meant = new LinkedHashMap<>();
        private final PriceTable table;
        private final RateCard card;

        Market(Random random) {
            sizes = IntStream.rangeClosed(1, 1 + random.nextInt(4)).mapToObj(i -> new ImageSize(i + "K")).toList();
            qualities = IntStream.rangeClosed(1, random.nextInt(4)).mapToObj(i -> new ImageQuality("q" + i)).toList();
            table = PriceTable.of(sizes, qualities, rows(random));
            card = new RateCard(Map.of(MODEL, table));
        }

        private List<PriceRow> rows(Random random) {
            List<PriceRow> rows = new ArrayList<>();
            for (ImageSize size : sizes) {
                Map<Optional<ImageQuality>, Credits> prices = new LinkedHashMap<>();
                meant.put(size, prices);
                Credits usual = price(random);
                boolean hasUsual = qualities.isEmpty() || random.nextBoolean();
                if (hasUsual) {
                    rows.add(new PriceRow(size, Optional.empty(), usual, Optional.empty()));
                }
                if (qualities.isEmpty()) {
                    prices.put(Optional.empty(), usual);
                }
                for (ImageQuality quality : qualities) {
                    boolean ownRow = !hasUsual || random.nextBoolean();
                    Credits price = ownRow ? price(random) : usual;
                    prices.put(Optional.of(quality), price);
                    if (ownRow) {
                        rows.add(new PriceRow(size, Optional.of(quality), price, Optional.empty()));
                    }
                }
            }
            Collections.shuffle(rows, random);
            return rows;
        }

        private static Credits price(Random random) {
            return new Credits(random.nextInt(random.nextBoolean() ? 4 : 100_000_000));
        }

        void check() {
            assertEquals(meant, shown());
            for (Optional<ImageSize> size : optional(sizes)) {
                for (Optional<ImageQuality> quality : optional(qualities)) {
                    for (int images : List.of(1, 2, ImageOrder.MAX_IMAGES)) {
                        checkOrder(new ImageOrder(MODEL, "a fox", images, size, quality, Optional.empty(),
                                Optional.empty()));
                    }
                }
            }
        }

        private Map<ImageSize, Map<Optional<ImageQuality>, Credits>> shown() {
            Map<ImageSize, Map<Optional<ImageQuality>, Credits>> shown = new LinkedHashMap<>();
            for (UnitPrice unit : table.unitPrices()) {
                shown.computeIfAbsent(unit.size(), size -> new LinkedHashMap<>()).put(unit.quality(), unit.credits());
            }
            return shown;
        }

        private void checkOrder(ImageOrder order) {
            Quote quote = card.quote(order);
            Credits dearest = meantFor(order.size(), order.quality()).max(Credits::compareTo).orElseThrow();
            assertEquals(dearest.times(order.images()), quote.total());
            if (order.size().isPresent() && (order.quality().isPresent() || qualities.isEmpty())) {
                assertEquals(meant.get(order.size().get()).get(order.quality()), quote.unit().credits());
                assertTrue(quote.isExact());
            }
            for (Optional<ImageSize> size : and(optional(sizes), UNLISTED_SIZE)) {
                for (Optional<ImageQuality> quality : and(optional(qualities), UNLISTED_QUALITY)) {
                    for (int images = 0; images <= order.images() + 1; images++) {
                        checkDelivery(quote, new Delivery(images, size, quality));
                    }
                }
            }
        }

        private void checkDelivery(Quote quote, Delivery delivery) {
            Charge charge = quote.charge(delivery);
            assertTrue(quote.total().covers(charge.total()), () -> charge + " is above " + quote.total());
            assertEquals(Math.min(delivery.images(), quote.images()), charge.images());
            Optional<ImageSize> size = quote.size().or(() -> delivery.size().filter(sizes::contains));
            Optional<ImageQuality> quality = quote.quality().or(() -> delivery.quality().filter(qualities::contains));
            assertEquals(meantFor(size, quality).max(Credits::compareTo).orElseThrow(), charge.unitPrice());
            if (quote.isExact() && delivery.images() == quote.images()) {
                assertEquals(quote.total(), charge.total());
            }
        }

        private Stream<Credits> meantFor(Optional<ImageSize> size, Optional<ImageQuality> quality) {
            return meant.entrySet().stream()
                    .filter(ofSize -> size.isEmpty() || size.get().equals(ofSize.getKey()))
                    .flatMap(ofSize -> ofSize.getValue().entrySet().stream())
                    .filter(price -> quality.isEmpty() || quality.equals(price.getKey()))
                    .map(Map.Entry::getValue);
        }

        private static <T> List<Optional<T>> optional(List<T> values) {
            return Stream.concat(Stream.of(Optional.<T>empty()), values.stream().map(Optional::of)).toList();
        }

        private static <T> List<Optional<T>> and(List<Optional<T>> values, T unlisted) {
            return Stream.concat(values.stream(), Stream.of(Optional.of(unlisted))).toList();
        }
    }
}
