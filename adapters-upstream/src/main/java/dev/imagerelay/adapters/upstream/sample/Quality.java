package dev.imagerelay.adapters.upstream.sample;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How much detail a picture gets, and how many output tokens a megapixel (2^20 pixels) of it counts for. */
enum Quality {
    LOW(0, 272),
    MEDIUM(1, 1056),
    HIGH(2, 4160);

    private final int detail;
    private final long tokensPerMegapixel;

    Quality(int detail, long tokensPerMegapixel) {
        this.detail = detail;
        this.tokensPerMegapixel = tokensPerMegapixel;
    }

    /** The quality of this name on the wire, or nothing if there is none. */
    static Optional<Quality> named(String name) {
        return Arrays.stream(values()).filter(quality -> quality.wireName().equals(name)).findFirst();
    }

    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** 0 for the plainest picture, one more for each step up. */
    int detail() {
        return detail;
    }

    /** What a picture of this size counts for: at least one token. */
    long tokens(int width, int height) {
        return Math.max(1, tokensPerMegapixel * width * height >> 20);
    }
}
