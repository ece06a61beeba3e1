package dev.imagerelay.adapters.upstream.sample;

import java.util.SplittableRandom;

/**
 * What is to be seen, before anything is drawn: a plan without pixels. Heights and widths are shares of the picture's,
 * counted from the top left; sizes are shares of its {@link Canvas#unit}.
 *
 * @param palette     the hour of the day
 * @param lightX      where the sun or moon stands, across
 * @param lightY      and down
 * @param lightRadius its size
 * @param horizon     where the land begins, down
 * @param shore       where a lake begins, down; 1 if there is none
 * @param ruggedness  0 for rolling hills to 1 for sharp peaks
 * @param ridges      how many ridges lie behind each other
 * @param seed        what all further detail is drawn from
 */
record Scene(Palette palette, double lightX, double lightY, double lightRadius, double horizon, double shore,
             double ruggedness, int ridges, long seed) {

    static Scene of(Recipe recipe) {
        SplittableRandom random = new SplittableRandom(recipe.seed());
        Palette palette = Palette.pick(random);
        double horizon = random.nextDouble(0.48, 0.6);
        boolean highLight = palette.sky() != Palette.Lights.SUN || random.nextInt(4) == 0;
        double lightY = highLight ? random.nextDouble(0.14, 0.28) : horizon - random.nextDouble(0.06, 0.2);
        double lightRadius = highLight ? random.nextDouble(0.028, 0.05) : random.nextDouble(0.05, 0.13);
        double lightX = random.nextBoolean() ? random.nextDouble(0.2, 0.4) : random.nextDouble(0.6, 0.8);
        double shore = random.nextInt(5) < 3 ? random.nextDouble(0.66, 0.72) : 1;
        return new Scene(palette, lightX, lightY, lightRadius, horizon, shore, Math.sqrt(random.nextDouble()),
                random.nextInt(5, 8), random.nextLong());
    }

    boolean hasLake() {
        return shore < 1;
    }

    /** A line of words on what is to be seen. */
    String description() {
        String land = ruggedness > 0.6 ? "mountains" : ruggedness > 0.3 ? "highlands" : "hills";
        return (hasLake() ? land + " by a lake" : land) + " at " + palette.hour();
    }

    /** A source of detail for one part of the scene, independent of how much detail the other parts take. */
    SplittableRandom random(int part) {
        return new SplittableRandom(seed + part * 0x9E3779B97F4A7C15L);
    }
}
