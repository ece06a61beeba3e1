package dev.imagerelay.adapters.upstream.sample;

import static dev.imagerelay.adapters.upstream.sample.Palette.mix;
import static dev.imagerelay.adapters.upstream.sample.Palette.veil;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.geom.Path2D;
import java.util.SplittableRandom;

/** What stands close by and frames the view: a dark bank, tall pines at one side, a few birds. */
record Foreground(Scene scene, Canvas canvas) {

    void paint() {
        paintBirds();
        paintBank();
    }

    /** Birds keep to the side of the sky where the light is not. */
    private void paintBirds() {
        SplittableRandom random = scene.random(60);
        int birds = scene.palette().sky() == Palette.Lights.SUN ? random.nextInt(0, 9) : 0;
        double flockX = scene.lightX() < 0.5 ? random.nextDouble(0.55, 0.75) : random.nextDouble(0.2, 0.4);
        double flockY = random.nextDouble(0.2, 0.36);
        canvas.pen().setPaint(veil(scene.palette().near(), 0.75));
        for (int bird = 0; bird < birds; bird++) {
            double span = canvas.unit() * random.nextDouble(0.008, 0.016);
            double x = flockX * canvas.width() + canvas.unit() * random.nextDouble(-0.09, 0.09);
            double y = flockY * canvas.height() + canvas.unit() * random.nextDouble(-0.045, 0.045);
            double lift = span * random.nextDouble(0.3, 0.55);
            Path2D wings = new Path2D.Double();
            wings.moveTo(x - span, y - lift * 0.6);
            wings.quadTo(x - span * 0.4, y - lift, x, y);
            wings.quadTo(x + span * 0.4, y - lift, x + span, y - lift * 0.6);
            float feather = (float) (span * 0.13);
            canvas.pen().setStroke(new BasicStroke(feather, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
            canvas.pen().draw(wings);
        }
    }

    private void paintBank() {
        SplittableRandom random = scene.random(61);
        double reach = random.nextDouble(0.35, 0.5);
        double[] ground = ground(reach, new Noise(random.nextLong()));
        Path2D bank = new Path2D.Double(Path2D.WIND_NON_ZERO);
        bank.moveTo(0, canvas.height());
        for (int x = 0; x < ground.length; x++) {
            bank.lineTo(x, ground[x]);
        }
        bank.lineTo(canvas.width(), canvas.height());
        bank.closePath();
        if (canvas.detail() > 0) {
            plant(bank, ground, reach, random);
        }
        canvas.pen().setPaint(mix(scene.palette().near(), Color.BLACK, 0.35));
        canvas.pen().fill(bank);
    }

    /** The height of the bank in pixels from the top, column by column: it rises to the side away from the light. */
    private double[] ground(double reach, Noise noise) {
        double[] ground = new double[canvas.width() + 1];
        for (int x = 0; x < ground.length; x++) {
            double slope = Math.max(0, 1 - fromSide((double) x / canvas.width()) / reach);
            double bumps = noise.rolling(x / canvas.unit() * 4, 0.5, 4);
            ground[x] = (0.985 - 0.15 * Math.pow(slope, 1.4) - 0.03 * bumps) * canvas.height();
        }
        return ground;
    }

    private void plant(Path2D bank, double[] ground, double reach, SplittableRandom random) {
        int trees = random.nextInt(3, 12);
        for (int tree = 0; tree < trees; tree++) {
            double inwards = Math.pow(random.nextDouble(), 1.3) * reach * 0.6;
            double height = canvas.unit() * random.nextDouble(0.12, 0.34) * (1 - 0.9 * inwards / reach);
            double x = fromSide(inwards) * canvas.width();
            Pine.grow(bank, x, ground[(int) x] + height * 0.06, height, canvas.detail() + 2);
        }
    }

    /** How far a place is from the side of the bank, and the other way round; both as shares of the width. */
    private double fromSide(double across) {
        return scene.lightX() > 0.5 ? across : 1 - across;
    }
}
