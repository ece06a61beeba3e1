package dev.imagerelay.adapters.upstream;

import java.io.IOException;
import java.io.OutputStream;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;

/** The body of one request, which knows whether any of it may have left. */
final class OutgoingJson extends HttpEntityWrapper {

    // "application/json" has no charset parameter (RFC 8259, 11), and ContentType.APPLICATION_JSON would add one.
    private static final ContentType JSON = ContentType.create("application/json");

    private boolean begun;

    OutgoingJson(byte[] json) {
        super(new ByteArrayEntity(json, JSON));
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        begun = true;
        super.writeTo(out);
    }

    /** Whether writing it has begun; if not, the upstream has seen nothing of it. */
    boolean begun() {
        return begun;
    }
}
