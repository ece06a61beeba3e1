package dev.imagerelay.adapters.upstream.sample;

import static dev.imagerelay.adapters.upstream.sample.Palette.mix;

import java.awt.Color;
import java.awt.LinearGradientPaint;
import java.awt.geom.Path2D;
import java.util.SplittableRandom;

/** The ridges behind each other, the farther the hazier, with woods on the nearer ones. */
record Land(Scene scene, Canvas canvas) {

    void paint() {
        for (int ridge = 0; ridge < scene.ridges(); ridge++) {
            paintRidge(ridge);
        }
    }

    private void paintRidge(int ridge) {
        double nearness = (double) ridge / (scene.ridges() - 1);
        double end = scene.hasLake() ? scene.shore() : 0.9;
        double foot = scene.horizon() + (end - scene.horizon()) * (0.25 + 0.75 * nearness);
        double highest = 0.24 + 0.2 * scene.ruggedness();
        double rise = highest + ((scene.hasLake() ? 0.06 : 0.14) - highest) * Math.sqrt(nearness);
        double[] crest = crest(ridge, foot, rise, nearness);
        Color color = mix(scene.palette().far(), scene.palette().near(), Math.pow(nearness, 1.15) * 0.92);
        fill(crest, color, foot, nearness);
        if (canvas.detail() > 0 && nearness > 0.5) {
            plant(ridge, crest, mix(color, scene.palette().near(), 0.35), nearness);
        }
    }

    /** The height of the crest in pixels from the top, column by column. */
    private double[] crest(int ridge, double foot, double rise, double nearness) {
        Noise noise = new Noise(scene.random(10 + ridge).nextLong());
        double ruggedness = scene.ruggedness() * (1 - 0.8 * nearness);
        double stretch = 2.1 + 1.2 * nearness;
        double[] crest = new double[canvas.width() + 1];
        for (int x = 0; x < crest.length; x++) {
            double across = x / canvas.unit() * stretch;
            double soft = noise.rolling(across, 0.5, 3 + canvas.detail());
            double sharp = noise.jagged(across * 0.9, 5 + canvas.detail());
            double height = soft + (sharp * 1.5 - 0.55 - soft) * ruggedness;
            crest[x] = (foot - rise * height) * canvas.height();
        }
        return crest;
    }

    private void fill(double[] crest, Color color, double foot, double nearness) {
        Path2D outline = new Path2D.Double();
        outline.moveTo(0, canvas.height());
        double top = canvas.height();
        for (int x = 0; x < crest.length; x++) {
            outline.lineTo(x, crest[x]);
            top = Math.min(top, crest[x]);
        }
        outline.lineTo(canvas.width(), canvas.height());
        outline.closePath();
        Color valley = mix(color, scene.palette().horizon(), 0.75 * (1 - nearness));
        float bottom = (float) Math.max(top + 1, (foot + 0.03) * canvas.height());
        canvas.pen().setPaint(new LinearGradientPaint(0, (float) top, 0, bottom, new float[] {0, 1},
                new Color[] {color, valley}));
        canvas.pen().fill(outline);
    }

    private void plant(int ridge, double[] crest, Color color, double nearness) {
        SplittableRandom random = scene.random(30 + ridge);
        Noise woods = new Noise(random.nextLong());
        double tallest = canvas.unit() * (0.012 + 0.035 * (nearness - 0.5) * 2);
        double step = tallest * 0.3;
        Path2D trees = new Path2D.Double(Path2D.WIND_NON_ZERO);
        for (double x = 0; x < canvas.width(); x += step * random.nextDouble(0.5, 1.5)) {
            double wood = woods.rolling(x / canvas.unit() * 3.5, 0.5, 2);
            double height = tallest * random.nextDouble(0.55, 1) * Math.min(1, (wood - 0.4) * 6);
            if (height > tallest * 0.15) {
                Pine.grow(trees, x, crest[(int) x] + height * 0.15, height, canvas.detail());
            }
        }
        canvas.pen().setPaint(color);
        canvas.pen().fill(trees);
    }
}
