package dev.imagerelay.adapters.upstream.sample;

import static dev.imagerelay.adapters.upstream.sample.Palette.veil;

import java.awt.Color;
import java.awt.LinearGradientPaint;
import java.awt.RadialGradientPaint;
import java.awt.geom.Area;
import java.awt.geom.Ellipse2D;
import java.util.SplittableRandom;

/** Everything behind the land: the sky's own colours, stars, northern lights, sun or moon, clouds. */
record Sky(Scene scene, Canvas canvas) {

    void paint() {
        paintAir();
        if (scene.palette().sky() != Palette.Lights.SUN) {
            paintStars();
        }
        if (scene.palette().sky() == Palette.Lights.MOON_AND_AURORA) {
            new Aurora(scene, canvas).paint();
        }
        paintLight();
        if (canvas.detail() > 0) {
            new Clouds(scene, canvas).paint();
        }
    }

    private void paintAir() {
        Palette palette = scene.palette();
        canvas.pen().setPaint(new LinearGradientPaint(0, 0, 0, (float) (canvas.height() * (scene.horizon() + 0.04)),
                new float[] {0, 0.5f, 1}, new Color[] {palette.top(), palette.middle(), palette.horizon()}));
        canvas.pen().fillRect(0, 0, canvas.width(), canvas.height());
    }

    private void paintStars() {
        SplittableRandom random = scene.random(1);
        int stars = 260 + 200 * canvas.detail();
        for (int star = 0; star < stars; star++) {
            double x = random.nextDouble() * canvas.width();
            double depth = random.nextDouble();
            double y = depth * scene.horizon() * canvas.height();
            double brightness = Math.pow(random.nextDouble(), 3);
            double size = canvas.unit() * (0.0009 + 0.0019 * brightness);
            // No star shines through the dark side of the moon.
            if (Math.hypot(x - lightX(), y - lightY()) > lightRadius() * 1.1) {
                canvas.pen().setPaint(veil(Color.WHITE, (0.25 + 0.75 * brightness) * (1 - 0.8 * depth)));
                canvas.pen().fill(new Ellipse2D.Double(x, y, size, size));
            }
        }
    }

    private void paintLight() {
        boolean sun = scene.palette().sky() == Palette.Lights.SUN;
        double radius = lightRadius();
        paintGlow(radius + canvas.unit() * (sun ? 0.55 : 0.3), sun ? 0.5 : 0.22);
        paintGlow(radius * 2.6, sun ? 0.5 : 0.3);
        Area light = new Area(disc(lightX(), lightY(), radius));
        boolean crescent = !sun && scene.random(3).nextInt(3) > 0;
        if (crescent) {
            light.subtract(new Area(disc(lightX() - radius * 0.52, lightY() - radius * 0.2, radius * 0.94)));
        }
        canvas.pen().setPaint(scene.palette().light());
        canvas.pen().fill(light);
    }

    private void paintGlow(double reach, double opacity) {
        Color light = scene.palette().light();
        canvas.pen().setPaint(new RadialGradientPaint((float) lightX(), (float) lightY(), (float) reach,
                new float[] {0, 0.35f, 0.7f, 1}, new Color[] {
                    veil(light, opacity), veil(light, opacity * 0.42), veil(light, opacity * 0.1), veil(light, 0)}));
        canvas.pen().fill(disc(lightX(), lightY(), reach));
    }

    private double lightX() {
        return scene.lightX() * canvas.width();
    }

    private double lightY() {
        return scene.lightY() * canvas.height();
    }

    private double lightRadius() {
        return scene.lightRadius() * canvas.unit();
    }

    private static Ellipse2D disc(double x, double y, double radius) {
        return new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius);
    }
}
