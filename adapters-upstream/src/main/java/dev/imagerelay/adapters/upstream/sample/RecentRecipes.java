package dev.imagerelay.adapters.upstream.sample;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the links handed out lead to. Keeps this many recipes and forgets the one not asked for the longest. Safe for
 * use by several threads.
 */
final class RecentRecipes {
    private final int capacity;
    private final Map<String, Recipe> byPath = new LinkedHashMap<>(16, 0.75f, true);

    RecentRecipes(int capacity) {
        this.capacity = capacity;
    }

    /** Keeps the recipe and tells the path it will be found under, the same for equal recipes. */
    synchronized String keep(Recipe recipe) {
        String path = "/images/" + recipe.id() + ".png";
        byPath.put(path, recipe);
        if (byPath.size() > capacity) {
            byPath.remove(byPath.keySet().iterator().next());
        }
        return path;
    }

    synchronized Optional<Recipe> find(String path) {
        return Optional.ofNullable(byPath.get(path));
    }
}
