package dev.imagerelay.bootstrap;

import dev.imagerelay.domain.relay.ReplyBody;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** A body in the middle and at the end of which a process dies, when so much has been sent. */
record CrashingBody(ReplyBody body, Crash crash) implements ReplyBody {

    @Override
    public String contentType() {
        return body.contentType();
    }

    @Override
    public long length() {
        return body.length();
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        body.writeTo(whole);
        int half = whole.size() / 2;
        out.write(whole.toByteArray(), 0, half);
        out.flush();
        crash.at(CrashPoint.IN_ANSWER);
        out.write(whole.toByteArray(), half, whole.size() - half);
        out.flush();
        crash.at(CrashPoint.AFTER_ANSWER);
    }

    @Override
    public void close() {
        body.close();
    }
}
