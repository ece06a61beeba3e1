package dev.imagerelay.adapters.upstream.sample;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;

/**
 * Everything a picture follows from: equal recipes give equal pictures.
 *
 * @param prompt  what was asked for, not empty
 * @param width   in pixels, {@value #SHORTEST_SIDE} to {@value #LONGEST_SIDE}
 * @param height  in pixels, likewise
 * @param quality how much detail it gets
 * @param index   which picture of its request it is, from 0
 */
record Recipe(String prompt, int width, int height, Quality quality, int index) {
    static final int SHORTEST_SIDE = 16;
    static final int LONGEST_SIDE = 3840;

    Recipe {
        if (prompt.isEmpty()) {
            throw new IllegalArgumentException("A recipe needs a prompt");
        }
        if (!offers(width) || !offers(height)) {
            throw new IllegalArgumentException("No picture can be " + width + "x" + height);
        }
        Objects.requireNonNull(quality, "quality");
        if (index < 0) {
            throw new IllegalArgumentException("Pictures are counted from 0, not " + index);
        }
    }

    /** Whether a picture's side may have this many pixels. */
    static boolean offers(int side) {
        return side >= SHORTEST_SIDE && side <= LONGEST_SIDE;
    }

    /** The size as it is written on the wire. */
    String size() {
        return width + "x" + height;
    }

    /** A name for this recipe, fit for a path: the same for equal recipes, another one for others. */
    String id() {
        byte[] digest = sha256(index + "/" + size() + "/" + quality.wireName() + "/" + prompt);
        return HexFormat.of().formatHex(digest, 0, 16);
    }

    /** The seed of the scene. Size and quality are no part of it: they show the same scene, wider or finer. */
    long seed() {
        return ByteBuffer.wrap(sha256(index + "/" + prompt)).getLong();
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("Every Java platform has SHA-256", missing);
        }
    }
}
