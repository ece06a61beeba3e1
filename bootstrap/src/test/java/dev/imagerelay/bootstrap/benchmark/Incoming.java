package dev.imagerelay.bootstrap.benchmark;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Follows the HTTP/1.1 messages that come in on one connection, one after the other, each of a length it tells. */
final class Incoming {

    private static final int MOST_KEPT = 8 * 1024;
    private static final Pattern LENGTH = Pattern.compile("content-length: *(\\d+)", Pattern.CASE_INSENSITIVE);

    private final byte[] kept = new byte[MOST_KEPT];
    private int count;
    private long left;
    private boolean headEnded;

    /** Takes what has been received; true if that ends a message. */
    boolean take(ByteBuffer bytes) throws IOException {
        if (!headEnded) {
            int before = count;
            int more = Math.min(bytes.remaining(), kept.length - count);
            bytes.get(bytes.position(), kept, count, more);
            count += more;
            int end = endOfHead(Math.max(0, before - 3));
            if (end < 0) {
                bytes.position(bytes.limit());
                if (count == kept.length) {
                    throw new IOException("a head too long to follow");
                }
                return false;
            }
            headEnded = true;
            Matcher length = LENGTH.matcher(new String(kept, 0, end, ISO_8859_1));
            left = length.find() ? Long.parseLong(length.group(1)) : 0;
            bytes.position(bytes.position() + end - before);
        }
        int body = (int) Math.min(left, bytes.remaining());
        bytes.position(bytes.position() + body);
        left -= body;
        return left == 0;
    }

    private int endOfHead(int from) {
        for (int i = from; i + 3 < count; i++) {
            if (kept[i] == '\r' && kept[i + 1] == '\n' && kept[i + 2] == '\r' && kept[i + 3] == '\n') {
                return i + 4;
            }
        }
        return -1;
    }

    /** The beginning of the message: its head, and of its body what came in the same packet. */
    String beginning() {
        return new String(kept, 0, count, ISO_8859_1);
    }

    /** The status of an answer. */
    int status() {
        return (kept[9] - '0') * 100 + (kept[10] - '0') * 10 + kept[11] - '0';
    }

    /** Gets ready for the next message. */
    void next() {
        count = 0;
        headEnded = false;
    }
}
