package dev.imagerelay.application.port.out;

import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.ReplyBody;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Results that are kept until they are forgotten all at once. */
public final class InMemoryResults implements Results {

    private final Map<RelayId, Kept> kept = new ConcurrentHashMap<>();

    private record Kept(String contentType, byte[] bytes) implements ReplyBody {
        @Override
        public long length() {
            return bytes.length;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            out.write(bytes);
        }

        @Override
        public void close() {}
    }

    @Override
    public void keep(RelayId relay, ReplyBody body) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            body.writeTo(bytes);
            kept.put(relay, new Kept(body.contentType(), bytes.toByteArray()));
        } catch (IOException e) {
            // what cannot be kept is not found
        }
    }

    @Override
    public Optional<ReplyBody> find(RelayId relay) {
        return Optional.ofNullable(kept.get(relay));
    }

    @Override
    public void forgetOld() {}

    /** Lets everything become too old. */
    public void forgetAll() {
        kept.clear();
    }
}
