package dev.imagerelay.adapters.upstream;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;

/**
 * What an answer says, decompressed where it is compressed although nobody asked for that. Closing gives up only what
 * decompressing needs: to close the connection's own stream would read the rest, however much and however slow.
 */
final class AnswerBytes extends FilterInputStream {

    private static final int CHUNK = 16 * 1024;

    private Optional<IOException> broken = Optional.empty();

    private AnswerBytes(InputStream in) {
        super(in);
    }

    /**
     * Opens the body of an answer.
     *
     * @return empty if it has none, or is encoded in a way that is not known here
     * @throws ZipException if it is not encoded as it says; reading may throw it as well
     */
    static Optional<InputStream> of(ClassicHttpResponse response) throws IOException {
        if (response.getEntity() == null) {
            return Optional.empty();
        }
        AnswerBytes sent = new AnswerBytes(response.getEntity().getContent());
        return switch (header(response, "Content-Encoding").orElse("identity").toLowerCase(Locale.ROOT)) {
            case "identity" -> Optional.of(sent);
            case "gzip", "x-gzip" -> Optional.of(new Gunzipped(sent));
            default -> Optional.empty();
        };
    }

    static Optional<String> header(ClassicHttpResponse response, String name) {
        return Optional.ofNullable(response.getFirstHeader(name)).map(Header::getValue);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /** A failure lasts, as GZIPInputStream ignores one that comes after the end of the compressed bytes. */
    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (broken.isPresent()) {
            throw broken.get();
        }
        try {
            return super.read(bytes, offset, length);
        } catch (IOException e) {
            broken = Optional.of(e);
            throw e;
        }
    }

    @Override
    public void close() {}

    /** Decompresses everything that was sent, not just the first part. */
    private static final class Gunzipped extends GZIPInputStream {

        private final AnswerBytes sent;

        Gunzipped(AnswerBytes sent) throws IOException {
            super(sent, CHUNK);
            this.sent = sent;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = super.read(bytes, offset, length);
            if (count < 0 && sent.read() >= 0) {
                throw new ZipException("something follows the compressed bytes");
            }
            return count;
        }
    }
}
