package dev.imagerelay.adapters.http;

import dev.imagerelay.domain.relay.ReplyBody;
import jakarta.servlet.http.HttpServletResponse;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The answer to one request as a stream of server-sent events: how it begins, what may follow, and what an error looks
 * like in it. What is added goes out at the latest when it is flushed, or the answer ends.
 */
record EventStream(HttpServletResponse response) {

    private static final String TYPE = "text/event-stream";
    private static final byte[] COMMENT = ascii(":\n");
    private static final byte[] ERROR = ascii("event: error\ndata: ");
    private static final byte[] END = ascii("\n\n");

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static boolean isEvents(String contentType) {
        return contentType.regionMatches(true, 0, TYPE, 0, TYPE.length());
    }

    /** Whether it has begun, so that more events are all that can follow. */
    boolean isOpen() {
        return response.isCommitted() && response.getContentType() != null && isEvents(response.getContentType());
    }

    /** Begins it, if it has not begun, before there is anything to send. */
    void begin() throws IOException {
        begin(TYPE);
    }

    /** Begins it, if it has not begun; nobody on the way may keep what follows back, or for later. */
    void begin(String contentType) throws IOException {
        if (!response.isCommitted()) {
            response.setStatus(200);
            response.setContentType(contentType);
            response.setHeader("Cache-Control", "no-cache");
            response.setHeader("X-Accel-Buffering", "no");
            response.flushBuffer();
        }
    }

    /** Adds events, just as they are; or the JSON of a refusal as the error that ends the stream. */
    void add(ReplyBody body) throws IOException {
        write(isEvents(body.contentType()) ? body::writeTo : error(body::writeTo));
    }

    /** Adds the error that ends the stream. */
    void add(ApiError last) throws IOException {
        write(error(out -> out.write(last.event())));
    }

    /** Adds what no reader sees, and what belongs to no event: a comment without a blank line of its own. */
    void addComment() throws IOException {
        write(out -> out.write(COMMENT));
    }

    /** SDKs know an error by the member of that name in the data, and data is one line. */
    private static Content error(Content json) {
        return out -> {
            out.write(ERROR);
            json.writeTo(new OneLine(out));
            out.write(END);
        };
    }

    private void write(Content content) throws IOException {
        OutputStream out = response.getOutputStream();
        try {
            content.writeTo(out);
        } catch (IOException | RuntimeException | Error e) {
            // What follows must not be taken for the rest of an event that broke off. If it was the client who broke
            // off, this throws as well.
            try {
                out.write(END);
            } catch (IOException gone) {
                gone.addSuppressed(e);
                throw gone;
            }
            throw e;
        }
    }

    /** Sends all that has been added. */
    void flush() throws IOException {
        response.flushBuffer();
    }

    private interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** Leaves out line breaks, which mean nothing in JSON. */
    private static final class OneLine extends FilterOutputStream {

        OneLine(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int b) throws IOException {
            if (b != '\r' && b != '\n') {
                super.write(b);
            }
        }
    }
}
