package dev.imagerelay.adapters.upstream.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecentRecipesTest {
    private static final Recipe RECIPE = new Recipe("a harbour", 64, 32, Quality.LOW, 0);

    private final RecentRecipes recent = new RecentRecipes(2);

    @Test
    void recipeIsFoundUnderItsPath() {
        assertEquals(Optional.of(RECIPE), recent.find(recent.keep(RECIPE)));
    }

    @Test
    void pathTellsEveryPartOfARecipeApart() {
        String path = recent.keep(RECIPE);

        assertEquals(path, recent.keep(new Recipe("a harbour", 64, 32, Quality.LOW, 0)));
        assertNotEquals(path, recent.keep(new Recipe("a harbor", 64, 32, Quality.LOW, 0)));
        assertNotEquals(path, recent.keep(new Recipe("a harbour", 65, 32, Quality.LOW, 0)));
        assertNotEquals(path, recent.keep(new Recipe("a harbour", 64, 33, Quality.LOW, 0)));
        assertNotEquals(path, recent.keep(new Recipe("a harbour", 64, 32, Quality.HIGH, 0)));
        assertNotEquals(path, recent.keep(new Recipe("a harbour", 64, 32, Quality.LOW, 1)));
    }

    @Test
    void recipeNotAskedForTheLongestIsForgotten() {
        String first = recent.keep(RECIPE);
        String second = recent.keep(new Recipe("a library", 64, 32, Quality.LOW, 0));
        recent.find(first);
        recent.keep(new Recipe("a garden", 64, 32, Quality.LOW, 0));

        assertEquals(Optional.of(RECIPE), recent.find(first));
        assertEquals(Optional.empty(), recent.find(second));
    }
}
