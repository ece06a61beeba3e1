package dev.imagerelay.domain.catalogue;

import static dev.imagerelay.domain.Samples.order;
import static dev.imagerelay.domain.Samples.painter;
import static dev.imagerelay.domain.Samples.sketcher;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.image.ImageSize;
import dev.imagerelay.domain.image.ModelId;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.pricing.RateCard;
import dev.imagerelay.domain.relay.Decision;
import dev.imagerelay.domain.relay.Declined;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A catalogue finds the model for an order and its price, or says why there is none. */
class CatalogueTest {

    private static final ImageModel PAINTER = painter();
    private static final ImageModel SKETCHER = sketcher();
    private static final Catalogue CATALOGUE = new Catalogue(List.of(SKETCHER, PAINTER));

    @Test
    void publishesItsModelsInTheirOrder() {
        assertEquals(List.of(SKETCHER, PAINTER), CATALOGUE.models());
        assertEquals(List.of(PAINTER, SKETCHER), new Catalogue(List.of(PAINTER, SKETCHER)).models());
    }

    @Test
    void findsAModelByItsNameAndNoOther() {
        assertEquals(Optional.of(PAINTER), CATALOGUE.find(new ModelId("painter")));
        assertEquals(Optional.empty(), CATALOGUE.find(new ModelId("Painter")));
        assertEquals(Optional.empty(), CATALOGUE.find(new ModelId("sketch-1")));
    }

    @Test
    void anUnknownModelIsDeclinedWithWhatIsOffered() {
        Declined why = new Declined.UnknownModel("dall-e-3", List.of(SKETCHER.name(), PAINTER.name()));

        assertEquals(Decision.refused(why), CATALOGUE.modelFor(ImageOrder.of("dall-e-3", "a fox")));
        assertEquals(Decision.refused(why), CATALOGUE.quote(ImageOrder.of("dall-e-3", "a fox")));
    }

    @Test
    void anOrderIsForTheModelThatCanMakeIt() {
        assertEquals(Decision.accepted(PAINTER), CATALOGUE.modelFor(order("painter", 4, "4K", "high", "vivid")));
    }

    @Test
    void whatTheModelDeclinesHasNoPrice() {
        Declined why = new Declined.SizeNotOffered(PAINTER.name(), new ImageSize("8K"), PAINTER.sizes());

        assertEquals(Decision.refused(why), CATALOGUE.quote(order("painter", 4, "8K", "high", "vivid")));
    }

    @Test
    void whatItOffersHasThePriceOfItsRateCard() {
        ImageOrder order = order("painter", 4, "4K", "high", "vivid");

        assertEquals(Credits.of("16"), CATALOGUE.quote(order).orThrow().total());
        assertEquals(CATALOGUE.rateCard().version(), CATALOGUE.quote(order).orThrow().version());
    }

    @Test
    void itsRateCardHasThePricesOfAllItsModels() {
        RateCard prices = new RateCard(Map.of(PAINTER.name(), PAINTER.prices(), SKETCHER.name(), SKETCHER.prices()));

        assertEquals(prices.text(), CATALOGUE.rateCard().text());
    }

    @Test
    void offersAtLeastOneModelAndNoneTwice() {
        assertThrows(IllegalArgumentException.class, () -> new Catalogue(List.of()));
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class, () -> new Catalogue(List.of(PAINTER, SKETCHER, painter())));
        assertEquals("two models are named painter", refused.getMessage());
    }
}
