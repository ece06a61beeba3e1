package dev.imagerelay.adapters.upstream;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Gets over the megabytes in which nothing happens, eight bytes at a time, as a picture in base64 is. */
final class PlainText {

    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    /** One in each of the eight bytes. */
    private static final long ONES = 0x0101010101010101L;

    private static final long HIGHEST_BITS = ONES << 7;

    private PlainText() {}

    /**
     * Skips bytes from this one on, as many as are easily seen to be plain: ASCII, but no control character, quote or
     * backslash. What comes then may still be plain, or may be the end.
     */
    static int skip(byte[] bytes, int from, int end) {
        int at = from;
        while (at <= end - Long.BYTES && isPlain((long) EIGHT.get(bytes, at))) {
            at += Long.BYTES;
        }
        return at;
    }

    /** In a byte of ASCII, taking one away sets the highest bit only if it was zero; taking a space, if it was less. */
    private static boolean isPlain(long eight) {
        long quotes = (eight ^ ONES * '"') - ONES;
        long backslashes = (eight ^ ONES * '\\') - ONES;
        long controls = eight - ONES * ' ';
        return ((eight | quotes | backslashes | controls) & HIGHEST_BITS) == 0;
    }
}
