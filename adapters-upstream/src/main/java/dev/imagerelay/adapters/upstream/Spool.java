package dev.imagerelay.adapters.upstream;

import dev.imagerelay.domain.relay.ReplyBody;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A body being kept: in memory up to {@value #MEMORY} bytes, from there on in a file that only its owner may read and
 * that closing deletes. Nothing here is cut short by an interrupt, as a channel would be.
 */
final class Spool implements ReplyBody {

    static final int MEMORY = 32 * 1024;

    private static final int CHUNK = 16 * 1024;

    /** More than a server gathers before it sends, or else each piece would go out in two. */
    private static final int SENT_AT_ONCE = 64 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(Spool.class);
    static final String PREFIX = "image-relay-";
    static final String SUFFIX = ".spool";

    private final Path directory;
    private final String contentType;
    private ByteArrayOutputStream memory = new ByteArrayOutputStream();
    private OutputStream target = memory;
    private Optional<Path> file = Optional.empty();
    private long length;

    Spool(Path directory, String contentType) {
        this.directory = directory;
        this.contentType = contentType;
    }

    /**
     * Adds bytes to the end.
     *
     * @throws UncheckedIOException if they cannot be kept: that is our trouble, not the upstream's
     */
    void append(byte[] bytes, int offset, int count) {
        try {
            if (file.isEmpty() && length + count > MEMORY) {
                moveToFile();
            }
            target.write(bytes, offset, count);
            length += count;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep an answer in " + directory, e);
        }
    }

    /** Adds text to the end. */
    void append(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        append(bytes, 0, bytes.length);
    }

    /** Adds another body to the end. */
    void append(Spool other) {
        try (InputStream bytes = other.open()) {
            byte[] chunk = new byte[CHUNK];
            for (int count = bytes.read(chunk); count >= 0; count = bytes.read(chunk)) {
                append(chunk, 0, count);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read an answer back in " + directory, e);
        }
    }

    private void moveToFile() throws IOException {
        file = Optional.of(Files.createTempFile(directory, PREFIX, SUFFIX));
        target = Files.newOutputStream(file.get());
        memory.writeTo(target);
        memory = null;
    }

    @Override
    public Optional<Path> file() {
        return file;
    }

    @Override
    public String contentType() {
        return contentType;
    }

    @Override
    public long length() {
        return length;
    }

    /** Its bytes so far, from the beginning. */
    InputStream open() throws IOException {
        return file.isPresent()
                ? Files.newInputStream(file.get())
                : new ByteArrayInputStream(memory.toByteArray());
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        try (InputStream bytes = open()) {
            byte[] chunk = new byte[(int) Math.min(length, SENT_AT_ONCE)];
            for (int count = bytes.read(chunk); count > 0; count = bytes.read(chunk)) {
                out.write(chunk, 0, count);
            }
        }
    }

    @Override
    public void close() {
        try {
            target.close();
            if (file.isPresent()) {
                Files.deleteIfExists(file.get());
            }
        } catch (IOException e) {
            LOG.warn("cannot delete the spool file {}", file.map(Path::toString).orElse(""), e);
        }
    }
}
