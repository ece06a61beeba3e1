package dev.imagerelay.adapters.persistence;

import dev.imagerelay.domain.relay.RelayId;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Puts what is written to it into a table, in parts of {@value #PART} bytes but for the last, which may be shorter. */
final class ResultParts extends OutputStream {

    static final int PART = 256 * 1024;

    private final Handle handle;
    private final RelayId relay;
    private final byte[] part = new byte[PART];
    private int number;
    private int filled;

    ResultParts(Handle handle, RelayId relay) {
        this.handle = handle;
        this.relay = relay;
    }

    /** A part of what was written; empty if there is none of that number. */
    static Optional<byte[]> find(Handle handle, RelayId relay, int number) {
        return handle.createQuery("SELECT bytes FROM result_part WHERE relay_id = ? AND part = ?")
                .bind(0, relay.value())
                .bind(1, number)
                .mapTo(byte[].class)
                .findOne();
    }

    @Override
    public void write(int value) {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) {
        for (int done = 0; done < count; ) {
            int fitting = Math.min(count - done, PART - filled);
            System.arraycopy(bytes, offset + done, part, filled, fitting);
            done += fitting;
            filled += fitting;
            if (filled == PART) {
                insert();
            }
        }
    }

    private void insert() {
        handle.execute(
                "INSERT INTO result_part (relay_id, part, bytes) VALUES (?, ?, ?)",
                relay.value(), number, Arrays.copyOf(part, filled));
        number++;
        filled = 0;
    }

    /** Inserts the last part. */
    @Override
    public void close() {
        if (filled > 0) {
            insert();
        }
    }
}
