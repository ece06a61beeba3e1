package dev.imagerelay.adapters.upstream.sample;

import static dev.imagerelay.adapters.upstream.sample.Palette.mix;
import static dev.imagerelay.adapters.upstream.sample.Palette.veil;

import java.awt.Color;
import java.awt.Font;
import java.awt.LinearGradientPaint;
import java.awt.font.FontRenderContext;
import java.awt.font.LineBreakMeasurer;
import java.awt.font.TextAttribute;
import java.awt.font.TextLayout;
import java.text.AttributedString;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The prompt at the foot of the picture, and beneath it who drew the picture. Too small a picture stays without.
 *
 * @param prompt what to write
 * @param ground what colour to write it on in white
 * @param canvas where
 */
record Caption(String prompt, Color ground, Canvas canvas) {
    private static final String MARK = "Image Relay sample";
    private static final int SHORTEST_SIDE = 160;
    private static final int MOST_LINES = 3;
    private static final int MOST_CHARACTERS = 400;

    void paint() {
        int shorterSide = Math.min(canvas.width(), canvas.height());
        if (shorterSide < SHORTEST_SIDE || !hasFonts()) {
            return;
        }
        float size = (float) Math.max(12, Math.min(canvas.unit() * 0.03, shorterSide * 0.06));
        float markSize = Math.max(9, size * 0.56f);
        List<TextLayout> lines = lines(new Font(Font.SERIF, Font.ITALIC, 1).deriveFont(size));
        float margin = size * 1.4f;
        float lineHeight = size * 1.32f;
        float markBaseline = canvas.height() - margin;
        float baseline = markBaseline - markSize * 1.4f - size * 0.4f - lineHeight * (lines.size() - 1);
        shade(baseline - size * 5);
        for (TextLayout line : lines) {
            write(line, margin, baseline, size, 0.97);
            baseline += lineHeight;
        }
        write(mark(markSize), margin, markBaseline, markSize, 0.8);
    }

    /** Whether this machine can draw letters: a bare server may be without any font. */
    boolean hasFonts() {
        try {
            return mark(SHORTEST_SIDE).getAdvance() > 0;
        } catch (RuntimeException | Error fontless) {
            // Java says it in as many ways as there are to lack fonts, down to a plain Error.
            return false;
        }
    }

    /** The foot of the picture darkened, so that white letters stand out on any of them. */
    private void shade(float top) {
        Color dark = mix(ground, Color.BLACK, 0.4);
        canvas.pen().setPaint(new LinearGradientPaint(0, top, 0, canvas.height(), new float[] {0, 0.6f, 1},
                new Color[] {veil(dark, 0), veil(dark, 0.5), veil(dark, 0.7)}));
        canvas.pen().fillRect(0, (int) top, canvas.width(), canvas.height() - (int) top);
    }

    private void write(TextLayout line, float x, float baseline, float size, double opacity) {
        float offset = size * 0.045f;
        canvas.pen().setPaint(veil(Color.BLACK, 0.4 * opacity));
        line.draw(canvas.pen(), x + offset, baseline + offset);
        canvas.pen().setPaint(veil(Color.WHITE, opacity));
        line.draw(canvas.pen(), x, baseline);
    }

    private TextLayout mark(float size) {
        Font font = new Font(Map.of(
                TextAttribute.FAMILY, Font.SANS_SERIF, TextAttribute.SIZE, size, TextAttribute.TRACKING, 0.06f));
        return new TextLayout(MARK, font, letters());
    }

    /** The prompt in as few lines as it takes, and these as even as they get. */
    private List<TextLayout> lines(Font font) {
        String text = legible(font);
        double widest = Math.min(canvas.width() - 3 * font.getSize2D(), canvas.unit() * 0.85);
        List<String> lines = wrapped(text, font, widest);
        for (double share = 0.95; share > 0.5; share -= 0.05) {
            List<String> narrower = wrapped(text, font, widest * share);
            if (narrower.size() > lines.size() || lines.size() > MOST_LINES) {
                break;
            }
            lines = narrower;
        }
        if (lines.size() > MOST_LINES) {
            String last = lines.get(MOST_LINES - 1).strip();
            lines.set(MOST_LINES - 1, shortened(last, font, widest));
        }
        return lines.stream().limit(MOST_LINES).map(line -> new TextLayout(line, font, letters())).toList();
    }

    private List<String> wrapped(String text, Font font, double width) {
        List<String> lines = new ArrayList<>();
        for (int start = 0; start < text.length() && lines.size() <= MOST_LINES; ) {
            int end = lineEnd(text, start, font, width);
            lines.add(text.substring(start, end));
            start = end;
        }
        return lines;
    }

    private String shortened(String line, Font font, double width) {
        int end = lineEnd(line, 0, font, width - font.getSize2D());
        return line.substring(0, end).strip() + "…";
    }

    private int lineEnd(String text, int start, Font font, double width) {
        AttributedString letters = new AttributedString(text, Map.of(TextAttribute.FONT, font));
        LineBreakMeasurer measurer = new LineBreakMeasurer(letters.getIterator(), letters());
        measurer.setPosition(start);
        return measurer.nextOffset((float) width);
    }

    /** The prompt on one line, an ellipsis where the font has no letters for it; empty if it has none at all. */
    private String legible(Font font) {
        StringBuilder text = new StringBuilder();
        prompt.codePoints().limit(MOST_CHARACTERS).forEach(letter -> {
            boolean blank = Character.isWhitespace(letter) || Character.isISOControl(letter);
            text.appendCodePoint(blank ? ' ' : font.canDisplay(letter) ? letter : '…');
        });
        String legible = text.toString().strip().replaceAll(" +", " ").replaceAll("…( ?…)+", "…");
        return legible.chars().anyMatch(Character::isLetterOrDigit) ? legible : "";
    }

    private FontRenderContext letters() {
        return canvas.pen().getFontRenderContext();
    }
}
