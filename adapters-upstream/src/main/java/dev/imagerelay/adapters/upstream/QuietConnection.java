package dev.imagerelay.adapters.upstream;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.impl.io.DefaultManagedHttpClientConnection;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParser;
import org.apache.hc.core5.http.io.HttpMessageParser;
import org.apache.hc.core5.http.io.HttpMessageParserFactory;
import org.apache.hc.core5.http.io.SessionInputBuffer;

/**
 * A connection that is not used again once its other side has said more than it was asked, as that would be taken for
 * the answer to somebody else's request, or has gone. To see that it has gone takes a millisecond, which is saved where
 * it was in use a moment ago.
 */
final class QuietConnection extends DefaultManagedHttpClientConnection {

    /** Small buffers, as there are two for each request in flight. */
    private static final Http1Config HTTP = Http1Config.custom().setBufferSize(4 * 1024).build();

    private static final Duration A_MOMENT = Duration.ofSeconds(1);

    private final InstantSource time;
    private final Parser parser;
    private Socket plain;
    private Instant lastUsed;

    /** A connection to nobody yet. */
    static QuietConnection make(InstantSource time) {
        return new QuietConnection(time, new Parser());
    }

    private QuietConnection(InstantSource time, Parser parser) {
        super("upstream", null, null, HTTP, null, null, null, parser);
        this.time = time;
        this.parser = parser;
    }

    @Override
    public void bind(Socket socket) throws IOException {
        plain = socket;
        super.bind(socket);
    }

    @Override
    public void bind(SSLSocket secure, Socket socket) throws IOException {
        plain = socket;
        super.bind(secure, socket);
    }

    /** Called when the connection goes back to the pool. */
    @Override
    public void passivate() {
        super.passivate();
        lastUsed = time.instant();
    }

    @Override
    public boolean isStale() throws IOException {
        return hasUnaskedBytes() || (!lastUsed.plus(A_MOMENT).isAfter(time.instant()) && super.isStale());
    }

    private boolean hasUnaskedBytes() {
        try {
            return parser.hasLeft() || plain.getInputStream().available() > 0;
        } catch (IOException e) {
            return true; // it has gone altogether
        }
    }

    /** Reads answers as usual, and knows what was received behind the last of them. */
    private static final class Parser extends DefaultHttpResponseParser
            implements HttpMessageParserFactory<ClassicHttpResponse> {

        private SessionInputBuffer received;

        Parser() {
            super(HTTP);
        }

        @Override
        @Deprecated // not asked for since 5.4, but still abstract
        public HttpMessageParser<ClassicHttpResponse> create(Http1Config config) {
            return this;
        }

        @Override
        public HttpMessageParser<ClassicHttpResponse> create() {
            return this;
        }

        @Override
        public ClassicHttpResponse parse(SessionInputBuffer buffer, InputStream in) throws IOException, HttpException {
            received = buffer;
            return super.parse(buffer, in);
        }

        boolean hasLeft() {
            return received != null && received.length() > 0;
        }
    }
}
