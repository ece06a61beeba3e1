package dev.imagerelay.domain.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a model, a size and a quality can be called. */
class NamesTest {

    @ParameterizedTest
    @ValueSource(strings = {
        "1024x1024", "2K", "16:9", "high", "hd", "v1.5_x-y", "automatic", "a", "01234567890123456789012345678901"
    })
    void namesOfSizesAndQualities(String name) {
        assertEquals(Optional.of(new ImageSize(name)), ImageSize.read(name));
        assertEquals(Optional.of(new ImageQuality(name)), ImageQuality.read(name));
        assertEquals(name, new ImageSize(name).toString());
        assertEquals(name, new ImageQuality(name).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "auto", " ", "1024 x 1024", "1024×1024", "a/b", "high\n", "auto\n", "\"",
        "012345678901234567890123456789012"
    })
    void whatCannotBeASizeOrAQuality(String name) {
        assertEquals(Optional.empty(), ImageSize.read(name));
        assertEquals(Optional.empty(), ImageQuality.read(name));
        assertThrows(IllegalArgumentException.class, () -> new ImageSize(name));
        assertThrows(IllegalArgumentException.class, () -> new ImageQuality(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt-image-2", "dall-e-3", "black-forest-labs/flux.1:free", "a@b", "2", "A_b"})
    void namesOfModels(String name) {
        assertEquals(Optional.of(new ModelId(name)), ModelId.read(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "-a", "/a", "@a", "a b", "a\"b", "a\n", "模型"})
    void whatCannotBeAModel(String name) {
        assertEquals(Optional.empty(), ModelId.read(name));
        assertThrows(IllegalArgumentException.class, () -> new ModelId(name));
    }

    @Test
    void aModelsNameHasUpTo128Characters() {
        assertEquals("m".repeat(128), new ModelId("m".repeat(128)).toString());
        assertThrows(IllegalArgumentException.class, () -> new ModelId("m".repeat(129)));
    }
}
