package dev.imagerelay.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.domain.catalogue.Catalogue;
import dev.imagerelay.domain.catalogue.ImageModel;
import dev.imagerelay.domain.catalogue.UpstreamRoute;
import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.image.ImageSize;
import dev.imagerelay.domain.image.ModelId;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.pricing.PriceRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A catalogue file is read whole, and its first fault is named by file, model and row. */
class CatalogueFileTest {

    private static final String GOOD = """
            models:
              - name: poster
                label: Poster
                description: Large and loud.
                tags: [New]
                sizes: [auto, 1024x1024, 2048x2048]
                qualities: [auto, high, low]
                styles: [vivid]
                maxImages: 4
                routes:
                  - {upstream: press, model: press/poster, weight: 3}
                  - {upstream: spare}
                pricing:
                  - {size: 1024x1024, price: 1, originPrice: 21.1}
                  - {size: 2048x2048, price: 2.5}
                  - {size: 2048x2048, quality: high, price: '3.000001'}
            """;

    @TempDir
    Path directory;

    @Test
    void everythingIsReadAsItIsWritten() throws IOException {
        Catalogue catalogue = CatalogueFile.read(file(GOOD));

        ImageModel poster = catalogue.find(new ModelId("poster")).orElseThrow();
        assertEquals(List.of(new ImageSize("1024x1024"), new ImageSize("2048x2048")), poster.sizes());
        assertEquals(Optional.of("press/poster"), poster.routes().get(0).model());
        assertEquals(Optional.empty(), poster.routes().get(1).model());
        assertEquals(List.of(3, 0), poster.routes().stream().map(UpstreamRoute::weight).toList());
        assertEquals(4, poster.maxImages());
        ImageOrder large = ImageOrder.of("poster", "x").at("2048x2048");
        assertEquals(Credits.of("2.5"), catalogue.quote(large.in("low")).orThrow().total());
        assertEquals(Credits.of("3.000001"), catalogue.quote(large.in("high")).orThrow().total());
        assertEquals(Credits.of("3.000001"), catalogue.quote(large).orThrow().total());
    }

    @Test
    void aPriceIsTheNumberThatIsWritten() throws IOException {
        Catalogue catalogue = CatalogueFile.read(file(GOOD.replace("price: 1, orig", "price: 010.10, orig")));

        ImageOrder order = ImageOrder.of("poster", "x").at("1024x1024");
        assertEquals(Credits.of("10.1"), catalogue.quote(order).orThrow().total());
        Catalogue whole = CatalogueFile.read(file(GOOD.replace("price: 1, orig", "price: 010, orig")));
        assertEquals(Credits.of("10"), whole.quote(order).orThrow().total());
    }

    @Test
    void theBuiltInCatalogueIsThatOfTheLiveService() {
        Catalogue catalogue = CatalogueFile.builtIn();

        ImageModel model = catalogue.find(new ModelId("gpt-image-2")).orElseThrow();
        assertEquals(27, model.sizes().size());
        for (PriceRow row : model.prices().rows()) {
            int[] sides = Arrays.stream(row.size().value().split("x")).mapToInt(Integer::parseInt).toArray();
            double megapixels = sides[0] * sides[1] / 1e6;
            String expected = megapixels < 2 ? "1 / 21.1" : megapixels < 4 ? "2 / 39.3" : "4 / 71.2";
            assertEquals(expected, row.price() + " / " + row.originPrice().orElseThrow(), row.toString());
            assertEquals(0, sides[0] % 16 + sides[1] % 16, "both sides of " + row + " are multiples of 16");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            price: 1, orig                  | price: -1, orig             | pricing 1: price is negative: -1
            price: 1, orig                  | price: 1e-7, orig           | pricing 1: an amount of credits has at most 6 decimals
            price: 1, orig                  | price: one, orig            | pricing 1: price must be a decimal number, not 'one'
            price: 1, orig                  | price: 0x10, orig           | pricing 1: price must be a decimal number, not '0x10'
            price: 1, orig                  | price: 1_000, orig          | pricing 1: price must be a decimal number, not '1_000'
            price: 1, orig                  | orig                        | pricing 1: price is missing
            price: 1, orig                  | prize: 1, price: 1, orig    | pricing 1: prize is not a known key; did you mean price?
            size: 1024x1024, price          | size: 512x512, price        | no price for 1024x1024, high; no price for 1024x1024, low
            size: 1024x1024, price          | size: 2048x2048, price      | price row 2 (2048x2048) prices what an earlier row has priced
            quality: high, price            | quality: ultra, price       | price row 3 (2048x2048, ultra) is for a quality that is not offered
            maxImages: 4                    | maxImages: 11               | maxImages must be a whole number from 1 to 10, not '11'
            label: Poster                   | lable: Poster               | label is missing
            'sizes: [auto, '                | 'sizes: [1024x1024, '       | a size or a quality is offered twice
            weight: 3                       | weight: -1                  | routes 1: weight must be a whole number from 0 to 1000000
            'upstream: spare'               | 'upstream: spare, x: 1'     | routes 2: x is not a known key
            """)
    void aFaultIsNamedByFileModelAndRow(String right, String wrong, String named) throws IOException {
        assertTrue(GOOD.contains(right), right);
        Path file = file(GOOD.replaceFirst(Pattern.quote(right), wrong));

        ConfigurationError error = assertThrows(ConfigurationError.class, () -> CatalogueFile.read(file));

        assertTrue(error.getMessage().startsWith(file + ": models 1 (poster): "), error.getMessage());
        assertTrue(error.getMessage().contains(named), error.getMessage());
    }

    @Test
    void aCatalogueOffersSomethingAndNoNameTwice() throws IOException {
        Path none = file("models: []");
        ConfigurationError empty = assertThrows(ConfigurationError.class, () -> CatalogueFile.read(none));
        assertEquals(none + ": a catalogue offers at least one model", empty.getMessage());

        Path twice = file(GOOD + GOOD.substring(GOOD.indexOf('\n') + 1));
        ConfigurationError doubled = assertThrows(ConfigurationError.class, () -> CatalogueFile.read(twice));
        assertEquals(twice + ": two models are named poster", doubled.getMessage());
    }

    private Path file(String yaml) throws IOException {
        return Files.writeString(directory.resolve("catalogue.yaml"), yaml);
    }
}
