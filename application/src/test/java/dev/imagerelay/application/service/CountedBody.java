package dev.imagerelay.application.service;

import dev.imagerelay.domain.relay.ReplyBody;
import java.io.OutputStream;

/** A body that counts how often it was closed. */
final class CountedBody implements ReplyBody {

    private int closed;

    int closed() {
        return closed;
    }

    @Override
    public String contentType() {
        return "application/json";
    }

    @Override
    public long length() {
        return 0;
    }

    @Override
    public void writeTo(OutputStream out) {}

    @Override
    public void close() {
        closed++;
    }
}
