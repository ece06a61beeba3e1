package dev.imagerelay.adapters.http;

import dev.imagerelay.domain.relay.ReplyBody;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** An upstream's answer of which only the beginning can be read back. */
record BrokenReply(String contentType, String begin, long length) implements ReplyBody {

    @Override
    public void writeTo(OutputStream out) throws IOException {
        out.write(begin.getBytes(StandardCharsets.US_ASCII));
        throw new IOException("the disk is gone");
    }

    @Override
    public void close() {}
}
