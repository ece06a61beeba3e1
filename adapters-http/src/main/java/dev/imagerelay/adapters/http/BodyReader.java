package dev.imagerelay.adapters.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.regex.Pattern;

/** Takes in the JSON body of a request, whole and within a limit. */
final class BodyReader {

    /**
     * So much of a body that is too large is still read, and dropped. A client that is cut off while it writes does not
     * read the answer: it sees a broken connection and sends everything again.
     */
    private static final int MOST_DROPPED = 64 << 20;

    private static final Pattern JSON = Pattern.compile(
            "\\s*application/json\\s*(;\\s*charset\\s*=\\s*(utf-?8|\"utf-?8\")\\s*)?;?\\s*", Pattern.CASE_INSENSITIVE);

    private final int maxBytes;

    BodyReader(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    Reading<byte[]> read(HttpServletRequest request) {
        String type = request.getHeader("Content-Type");
        if (type == null || !JSON.matcher(type).matches()) {
            return refused(400, "The body must be JSON in UTF-8: send it with 'Content-Type: application/json'.");
        }
        String encoding = request.getHeader("Content-Encoding");
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            return refused(415, "Compressed request bodies are not taken: send it without Content-Encoding.");
        }
        try {
            return read(request.getInputStream(), request.getContentLengthLong());
        } catch (IOException e) {
            return refused(400, "The body did not arrive whole.");
        }
    }

    private Reading<byte[]> read(InputStream in, long announced) throws IOException {
        if (announced > maxBytes) {
            return tooLarge(in);
        }
        if (announced >= 0) {
            byte[] body = new byte[(int) announced];
            if (in.readNBytes(body, 0, body.length) < body.length) {
                throw new EOFException();
            }
            return Reading.read(body);
        }
        byte[] body = in.readNBytes(maxBytes + 1);
        return body.length > maxBytes ? tooLarge(in) : Reading.read(body);
    }

    private Reading<byte[]> tooLarge(InputStream in) throws IOException {
        in.skip(MOST_DROPPED);
        return refused(413, "The body is larger than the " + maxBytes + " bytes that are taken.");
    }

    private static Reading<byte[]> refused(int status, String message) {
        return Reading.refused(ApiError.invalidRequest(status, message));
    }
}
