package dev.imagerelay.domain.catalogue;

import static dev.imagerelay.domain.Samples.order;
import static dev.imagerelay.domain.Samples.painter;
import static dev.imagerelay.domain.Samples.painterPrices;
import static dev.imagerelay.domain.Samples.qualities;
import static dev.imagerelay.domain.Samples.rows;
import static dev.imagerelay.domain.Samples.sizes;
import static dev.imagerelay.domain.Samples.sketcher;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.imagerelay.domain.image.ImageQuality;
import dev.imagerelay.domain.image.ImageSize;
import dev.imagerelay.domain.image.ModelId;
import dev.imagerelay.domain.pricing.PriceTable;
import dev.imagerelay.domain.relay.Decision;
import dev.imagerelay.domain.relay.Declined;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A model says what it can make, and of what it cannot make the first thing that is wrong. */
class ImageModelTest {

    private static final List<UpstreamRoute> ROUTES = List.of(new UpstreamRoute("north", Optional.empty()));

    @ParameterizedTest
    @CsvSource({
        "painter, 1, 1K, low, vivid",
        "painter, 4, 4K, high, natural",
        "painter, 4, 4K, high,",
        "painter, 4, 4K, ,",
        "painter, 1, , high,",
        "painter, 1, , ,",
        "sketcher, 1, small, ,",
        "sketcher, 1, , ,"
    })
    void makesWhatItOffersAndWhatIsLeftToIt(String name, int images, String size, String quality, String style) {
        ImageModel model = name.equals("painter") ? painter() : sketcher();

        assertEquals(Decision.accepted(model), model.check(order(name, images, size, quality, style)));
    }

    @Test
    void declinesTheFirstThingThatIsWrong() {
        ModelId name = painter().name();

        assertDeclined(
                new Declined.TooManyImages(name, 5, 4), painter().check(order("painter", 5, "8K", "ultra", "noir")));
        assertDeclined(
                new Declined.QualityNotOffered(name, new ImageQuality("ultra"), qualities("low", "high")),
                painter().check(order("painter", 4, "8K", "ultra", "noir")));
        assertDeclined(
                new Declined.StyleNotOffered(name, "noir", List.of("vivid", "natural")),
                painter().check(order("painter", 4, "8K", "high", "noir")));
        assertDeclined(
                new Declined.SizeNotOffered(name, new ImageSize("8K"), sizes("1K", "2K", "4K")),
                painter().check(order("painter", 4, "8K", "high", "vivid")));
    }

    @Test
    void saysThatItHasNoQualitiesOrStylesAtAll() {
        ModelId name = sketcher().name();

        assertDeclined(
                new Declined.QualityNotOffered(name, new ImageQuality("high"), List.of()),
                sketcher().check(order("sketcher", 1, "small", "high", null)));
        assertDeclined(
                new Declined.StyleNotOffered(name, "vivid", List.of()),
                sketcher().check(order("sketcher", 1, "small", null, "vivid")));
    }

    private static void assertDeclined(Declined why, Decision<ImageModel> decision) {
        assertEquals(Decision.refused(why), decision);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 11})
    void makesNoOtherNumberOfPicturesAtATime(int maxImages) {
        assertRefused(() -> model("Label", List.of("vivid"), maxImages, ROUTES));
    }

    @Test
    void makesUpToTenPicturesAtATime() {
        assertEquals(10, model("Label", List.of("vivid"), 10, ROUTES).maxImages());
        assertEquals(1, model("Label", List.of("vivid"), 1, ROUTES).maxImages());
    }

    @Test
    void isTheSameModelWhoeverMakesIt() {
        assertEquals(ROUTES, sketcher().routedTo(ROUTES).routes());
        assertEquals(sketcher().label(), sketcher().routedTo(ROUTES).label());
        assertEquals(painter().styles(), painter().routedTo(ROUTES).styles());
    }

    @Test
    void hasALabelAndARoute() {
        assertRefused(() -> model(" ", List.of("vivid"), 1, ROUTES));
        assertRefused(() -> model("Label", List.of("vivid"), 1, List.of()));
        assertEquals("Label", model("Label", List.of("vivid"), 1, ROUTES).label());
    }

    @Test
    void offersNothingTwice() {
        assertRefused(() -> model("Label", List.of("vivid", "vivid"), 1, ROUTES));
        PriceTable prices = PriceTable.of(sizes("1K"), qualities("low"), rows("1K=1"));
        assertRefused(() -> model(sizes("1K", "1K"), qualities("low"), prices));
        assertRefused(() -> model(sizes("1K"), qualities("low", "low"), prices));
    }

    @Test
    void hasThePricesOfWhatItOffersAndNoOthers() {
        assertRefused(() -> model(sizes("1K", "2K", "4K", "8K"), qualities("low", "high"), painterPrices()));
        assertRefused(() -> model(sizes("1K", "2K", "4K"), qualities("low", "high", "ultra"), painterPrices()));
        assertRefused(() -> model(sizes("1K", "2K"), qualities("low", "high"), painterPrices()));
        assertRefused(() -> model(sizes("1K", "2K", "4K"), List.of(), painterPrices()));
    }

    @Test
    void aRouteNamesItsUpstream() {
        assertRefused(() -> new UpstreamRoute(" ", Optional.empty()));
        assertRefused(() -> new UpstreamRoute("north", Optional.of("")));
        assertRefused(() -> new UpstreamRoute("north", Optional.empty(), -1));
        assertRefused(() -> new UpstreamRoute("north", Optional.empty(), UpstreamRoute.MAX_WEIGHT + 1));
        assertEquals("x", new UpstreamRoute("north", Optional.of("x")).model().orElseThrow());
    }

    @Test
    void routesWithoutAWeightAreTriedAsTheyAreListed() {
        List<UpstreamRoute> routes = List.of(route("a", 0), route("b", 0), route("c", 0));

        assertEquals(routes, model("Label", List.of(), 1, routes).routesInTurn(new Random(1)));
    }

    @Test
    void theFirstIsDrawnByWeightAndTheRestFollowAsTheyAreListed() {
        ImageModel model = model("Label", List.of(), 1, List.of(
                route("a", 1), route("spare", 0), route("b", 3)));
        RandomGenerator random = new Random(1);
        Map<String, Integer> drawn = new TreeMap<>();
        for (int i = 0; i < 4_000; i++) {
            drawn.merge(names(model.routesInTurn(random)), 1, Integer::sum);
        }

        assertEquals(Set.of("a spare b", "b a spare"), drawn.keySet());
        assertEquals(1_000, drawn.get("a spare b"), 100, "a quarter of them");
    }

    private static String names(List<UpstreamRoute> routes) {
        return routes.stream().map(UpstreamRoute::upstream).collect(Collectors.joining(" "));
    }

    private static UpstreamRoute route(String upstream, int weight) {
        return new UpstreamRoute(upstream, Optional.empty(), weight);
    }

    private static void assertRefused(Executable making) {
        assertThrows(IllegalArgumentException.class, making);
    }

    private static ImageModel model(String label, List<String> styles, int maxImages, List<UpstreamRoute> routes) {
        return new ImageModel(
                new ModelId("m"), label, "", List.of(), sizes("1K"), List.of(), styles, maxImages,
                PriceTable.of(sizes("1K"), List.of(), rows("1K=1")), routes);
    }

    private static ImageModel model(List<ImageSize> sizes, List<ImageQuality> qualities, PriceTable prices) {
        return new ImageModel(
                new ModelId("m"), "Label", "", List.of(), sizes, qualities, List.of(), 1, prices, ROUTES);
    }
}
