package dev.imagerelay.adapters.upstream;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads server-sent events one by one, each as soon as the blank line behind it is there and however large it is: its
 * bytes go to a spool. Lines end with CR, LF or both, wherever the reads may split them.
 */
final class EventReader {

    private static final int CHUNK = 16 * 1024;

    private static final byte[] LINE_END = {'\n'};

    private final InputStream in;
    private final Path spoolDirectory;
    private final String contentType;
    private final long maxBytes;
    private final byte[] chunk = new byte[CHUNK];
    private int at;
    private int end;
    private long total;
    /** The line before ended with a CR, to which a LF may still come. */
    private boolean afterReturn;

    /** Reads at most so many bytes. */
    EventReader(InputStream in, Path spoolDirectory, String contentType, long maxBytes) {
        this.in = in;
        this.spoolDirectory = spoolDirectory;
        this.contentType = contentType;
        this.maxBytes = maxBytes;
    }

    /**
     * Waits for the next event; the receiver closes its bytes. One at the very end without its blank line gets one.
     *
     * @return empty behind the last
     * @throws UnusableAnswer if it is larger than the limit, or not what it pretends to be
     * @throws IOException    if the connection fails before its end
     */
    Optional<Event> next() throws IOException {
        Spool bytes = new Spool(spoolDirectory, contentType);
        Optional<Event> event = Optional.empty();
        try {
            event = read(bytes);
            return event;
        } finally {
            if (event.isEmpty()) {
                bytes.close();
            }
        }
    }

    private Optional<Event> read(Spool bytes) throws IOException {
        StringAbbreviator text = new StringAbbreviator();
        boolean lineBegun = false;
        boolean eventBegun = false;
        while (at < end || fill()) {
            if (skipLineFeed(bytes)) {
                continue;
            }
            int from = at;
            boolean lineEnded = toLineEnd();
            bytes.append(chunk, from, at - from);
            text.append(chunk, from, at - from);
            if (text.length() > Outline.MAX_BYTES) {
                throw new UnusableAnswer("an event too long to be one with a picture");
            }
            lineBegun |= at - from > (lineEnded ? 1 : 0);
            if (lineEnded) {
                text.endLine();
                if (!lineBegun) {
                    skipLineFeed(bytes);
                    return Optional.of(Event.of(bytes, text.toByteArray()));
                }
                eventBegun = true;
                lineBegun = false;
            }
        }
        if (lineBegun || eventBegun) {
            if (lineBegun || afterReturn) { // behind a CR the first LF ends no other line
                bytes.append(LINE_END, 0, 1);
            }
            bytes.append(LINE_END, 0, 1);
        }
        return bytes.length() == 0 ? Optional.empty() : Optional.of(Event.of(bytes, text.toByteArray()));
    }

    private boolean fill() throws IOException {
        at = 0;
        end = Math.max(0, in.read(chunk));
        total += end;
        if (total > maxBytes) {
            throw new UnusableAnswer("more than " + maxBytes + " bytes");
        }
        return end > 0;
    }

    /** Takes the LF that belongs to a CR before it, if that is what comes next. */
    private boolean skipLineFeed(Spool bytes) {
        if (!afterReturn || at == end) {
            return false;
        }
        afterReturn = false;
        if (chunk[at] != '\n') {
            return false;
        }
        bytes.append(chunk, at, 1);
        at++;
        return true;
    }

    /** Goes on behind the next CR or LF, or to the end of the chunk if there is none. */
    private boolean toLineEnd() {
        byte[] bytes = chunk;
        for (int i = at; i < end; i = PlainText.skip(bytes, i + 1, end)) {
            if (bytes[i] == '\n' || bytes[i] == '\r') {
                afterReturn = bytes[i] == '\r';
                at = i + 1;
                return true;
            }
        }
        at = end;
        return false;
    }
}
