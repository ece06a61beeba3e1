package dev.imagerelay.adapters.http;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Reads a body for as long as it comes at a pace: within a time that every body may take, and a second more for every
 * 4 KiB of it.
 */
final class PacedInput extends InputStream {

    static final int BYTES_PER_SECOND = 4 * 1024;

    private final InputStream in;
    private final InstantSource time;
    private final Duration forAny;
    private final Instant begun;
    private long taken;

    PacedInput(InputStream in, InstantSource time, Duration forAny) {
        this.in = in;
        this.time = time;
        this.forAny = forAny;
        this.begun = time.instant();
    }

    /** It came too slowly. */
    static final class TooSlow extends IOException {

        private TooSlow() {
            super("the body came too slowly");
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int count = in.read(bytes, offset, length);
        taken += Math.max(0, count);
        Duration most = forAny.plusMillis(taken * 1000 / BYTES_PER_SECOND);
        if (count > 0 && begun.plus(most).isBefore(time.instant())) {
            throw new TooSlow();
        }
        return count;
    }
}
