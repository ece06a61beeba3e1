package dev.imagerelay.adapters.persistence;

import dev.imagerelay.domain.relay.ReplyBody;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A result that is being read. Its file stays open, as somebody else may delete it meanwhile. */
record OpenFile(RandomAccessFile bytes, String contentType, long length) implements ReplyBody {

    private static final Logger LOG = LoggerFactory.getLogger(OpenFile.class);
    private static final int CHUNK = 16 * 1024;

    @Override
    public void writeTo(OutputStream out) throws IOException {
        byte[] chunk = new byte[CHUNK];
        bytes.seek(0);
        for (int count = bytes.read(chunk); count >= 0; count = bytes.read(chunk)) {
            out.write(chunk, 0, count);
        }
    }

    @Override
    public void close() {
        try {
            bytes.close();
        } catch (IOException e) {
            LOG.warn("cannot close a result", e);
        }
    }
}
