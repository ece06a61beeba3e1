package dev.imagerelay.adapters.upstream.sample;

import java.awt.image.BufferedImage;

/** Draws the picture of a recipe. Any number of threads may do so at a time. */
final class Painter {
    BufferedImage paint(Recipe recipe) {
        Scene scene = Scene.of(recipe);
        Canvas canvas = Canvas.of(recipe.width(), recipe.height(), recipe.quality());
        try {
            new Sky(scene, canvas).paint();
            new Land(scene, canvas).paint();
            if (scene.hasLake()) {
                new Lake(scene, canvas).paint();
            }
            new Foreground(scene, canvas).paint();
            new Caption(recipe.prompt(), scene.palette().near(), canvas).paint();
            return canvas.image();
        } finally {
            canvas.pen().dispose();
        }
    }
}
