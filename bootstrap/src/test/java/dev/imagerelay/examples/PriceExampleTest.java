package dev.imagerelay.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.imagerelay.bootstrap.CatalogueFile;
import dev.imagerelay.domain.catalogue.Catalogue;
import dev.imagerelay.domain.image.Delivery;
import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.pricing.Quote;
import org.junit.jupiter.api.Test;

/** A pricing owner's test of a catalogue, offline, as the README shows it. */
class PriceExampleTest {

    // README: prices
    private final Catalogue catalogue = CatalogueFile.builtIn(); // or CatalogueFile.read(Path.of("catalogue.yaml"))

    @Test
    void fourLargePicturesCostEightCreditsAndOnlyWhatArrivesIsCharged() {
        ImageOrder order = ImageOrder.of("gpt-image-2", "anything").at("2560x1440").times(4);

        Quote quote = catalogue.quote(order).orThrow();

        assertEquals(Credits.of("8"), quote.total());
        assertEquals(Credits.of("6"), quote.charge(Delivery.of(3)).total());
    }
    // README: end
}
