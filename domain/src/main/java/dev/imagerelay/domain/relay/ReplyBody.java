package dev.imagerelay.domain.relay;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The complete body of an upstream's answer, kept until it has been sent on. It may be large and may live in a file, so
 * it must be closed. Not for use by several threads at once.
 */
public interface ReplyBody extends AutoCloseable {

    /** Its media type as the upstream named it, such as {@code application/json}. */
    String contentType();

    /** How many bytes it has. */
    long length();

    /** The file in which all of it lies and stays as it is until this is closed; empty if it lies in none. */
    default Optional<Path> file() {
        return Optional.empty();
    }

    /**
     * Writes every byte, just as it came. May be called again.
     *
     * @throws IOException if the bytes cannot be read back or the receiver does not take them
     */
    void writeTo(OutputStream out) throws IOException;

    /** Gives up the bytes. A second call does nothing. */
    @Override
    void close();
}
