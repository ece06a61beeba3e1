package dev.imagerelay.adapters.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * Gives up a silent connection only while it waits for the client, be it to send or to take something. Jetty by itself
 * would also fail a write that happens to begin at the moment when a long silence of our own ends. And gives up one
 * whose request line and headers, from their first byte to their last, take longer than a silence may: Jetty would wait
 * for as long as a byte comes now and then.
 */
final class PatientConnector extends ServerConnector {

    private final InstantSource time;

    PatientConnector(Server server, HttpConfiguration http, InstantSource time) {
        super(server, new HttpConnectionFactory(http));
        this.time = time;
        http.addCustomizer(PatientConnector::headIsComplete);
    }

    private static Request headIsComplete(Request request, HttpFields.Mutable answerHeaders) {
        EndPoint endPoint = (EndPoint) request.getConnectionMetaData().getConnection().getEndPoint();
        endPoint.head = Head.COMPLETE;
        Request.addCompletionListener(request, failure -> endPoint.head = Head.NONE);
        return request;
    }

    @Override
    protected SocketChannelEndPoint newEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key) {
        EndPoint endPoint = new EndPoint(channel, selector, key);
        endPoint.setIdleTimeout(getIdleTimeout());
        return endPoint;
    }

    private enum Head {
        NONE,
        BEGUN,
        COMPLETE
    }

    private final class EndPoint extends SocketChannelEndPoint {

        private volatile Head head = Head.NONE;
        private Instant begun;

        EndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key) {
            super(channel, selector, key, PatientConnector.this.getScheduler());
        }

        @Override
        public int fill(ByteBuffer buffer) throws IOException {
            if (head == Head.BEGUN && begun.plusMillis(getIdleTimeout()).isBefore(time.instant())) {
                throw new IOException("the head of a request came too slowly");
            }
            int filled = super.fill(buffer);
            if (filled > 0 && head == Head.NONE) {
                head = Head.BEGUN;
                begun = time.instant();
            }
            return filled;
        }

        @Override
        protected void onIdleExpired(TimeoutException timeout) {
            if (getFillInterest().isInterested() || getWriteFlusher().isPending()) {
                super.onIdleExpired(timeout);
            }
        }
    }
}
