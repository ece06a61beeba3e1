package dev.imagerelay.adapters.upstream;

import java.io.ByteArrayOutputStream;

/**
 * Copies JSON, piece by piece, without the inside of long strings: of each string it keeps the first
 * {@value #KEPT} bytes, up to the end of a character, and drops the rest. What is left is small even if the JSON is
 * full of base64, and is valid if the JSON is; what is not valid outside of dropped text stays so, and so do control
 * characters, which no string may contain.
 */
final class StringAbbreviator {

    static final int KEPT = 1024;

    /** Bytes that mean something inside a string: quote, backslash, control characters. */
    private static final boolean[] SPECIAL = new boolean[256];

    static {
        for (int b = 0; b < ' '; b++) {
            SPECIAL[b] = true;
        }
        SPECIAL['"'] = true;
        SPECIAL['\\'] = true;
    }

    /** The byte before this one was a backslash. */
    private static final int ESCAPE_BEGUN = -1;

    private final ByteArrayOutputStream kept = new ByteArrayOutputStream(1024);
    private boolean inString;
    private int stringLength;
    private boolean dropping;
    /** How many bytes of an escape are still to come, or {@link #ESCAPE_BEGUN}. */
    private int escape;

    /** Takes the next piece. */
    void append(byte[] bytes, int offset, int length) {
        int end = offset + length;
        for (int at = offset; at < end; ) {
            at = dropping ? drop(bytes, at, end) : keep(bytes, at, end);
        }
    }

    /** Begins anew outside of any string, as at the end of a line no string of JSON goes on. */
    void endLine() {
        inString = false;
        dropping = false;
        escape = 0;
    }

    /** How many bytes were kept so far. */
    int length() {
        return kept.size();
    }

    /** What was kept so far, a copy. */
    byte[] toByteArray() {
        return kept.toByteArray();
    }

    private int keep(byte[] bytes, int from, int end) {
        int at = from;
        while (at < end) {
            byte b = bytes[at];
            if (!inString) {
                inString = b == '"';
                stringLength = 0;
            } else if (escape == 0 && b == '"') {
                inString = false;
            } else if (escape == 0 && stringLength >= KEPT && beginsCharacter(b)) {
                dropping = true;
                break;
            } else {
                escape = escapeAfter(b);
                stringLength++;
            }
            at++;
        }
        kept.write(bytes, from, at - from);
        return at;
    }

    private int escapeAfter(byte b) {
        if (escape == ESCAPE_BEGUN) {
            return b == 'u' ? 4 : 0;
        }
        if (escape > 0) {
            return escape - 1;
        }
        return b == '\\' ? ESCAPE_BEGUN : 0;
    }

    private int drop(byte[] bytes, int from, int end) {
        int at = from;
        while (at < end) {
            byte b = bytes[at];
            if (!SPECIAL[b & 0xff]) {
                escape = 0;
                at = PlainText.skip(bytes, at + 1, end);
                continue;
            }
            if (escape == 0 && b == '"') {
                dropping = false;
                return at;
            }
            if (b >= 0 && b < ' ') {
                kept.write(b);
            }
            escape = escape == 0 && b == '\\' ? ESCAPE_BEGUN : 0;
            at++;
        }
        return at;
    }

    private static boolean beginsCharacter(byte b) {
        return (b & 0xc0) != 0x80;
    }
}
