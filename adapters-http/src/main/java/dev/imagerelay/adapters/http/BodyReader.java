package dev.imagerelay.adapters.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.regex.Pattern;

/** Takes in the JSON body of a request, whole and within a limit. */
final class BodyReader {

    /**
     * So much of a body that is too large is still read, and dropped. A client that is cut off while it writes does not
     * read the answer: it sees a broken connection and sends everything again. Nothing is read of a body that is
     * announced to be larger still, or whose client asks first whether to send it.
     */
    private static final int MOST_DROPPED = 64 << 20;

    private static final Pattern JSON = Pattern.compile(
            "\\s*application/json\\s*(;\\s*charset\\s*=\\s*(utf-?8|\"utf-?8\")\\s*)?;?\\s*", Pattern.CASE_INSENSITIVE);

    private final int maxBytes;
    private final InstantSource time;
    private final Duration patience;

    /** Takes so many bytes, and is so patient with a few of them; see {@link PacedInput}. */
    BodyReader(int maxBytes, InstantSource time, Duration patience) {
        this.maxBytes = maxBytes;
        this.time = time;
        this.patience = patience;
    }

    /** The same, where nothing at all is as good as an empty object. */
    Reading<byte[]> readAny(HttpServletRequest request) {
        boolean none = request.getContentLengthLong() <= 0 && request.getHeader("Transfer-Encoding") == null;
        return none ? Reading.read(new byte[0]) : read(request).otherwise(Problem::of);
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
            long announced = request.getContentLengthLong();
            boolean asksFirst = "100-continue".equalsIgnoreCase(request.getHeader("Expect"));
            return announced > maxBytes && (asksFirst || announced > (long) maxBytes + MOST_DROPPED)
                    ? Reading.refused(tooLarge().header("Connection", "close"))
                    : read(new PacedInput(request.getInputStream(), time, patience), announced);
        } catch (PacedInput.TooSlow e) {
            return Reading.refused(ApiError.invalidRequest(408, "The body came too slowly.")
                    .header("Connection", "close"));
        } catch (IOException e) {
            return refused(400, "The body did not arrive whole.");
        }
    }

    private Reading<byte[]> read(InputStream in, long announced) throws IOException {
        if (announced > maxBytes) {
            return dropped(in);
        }
        if (announced >= 0) {
            byte[] body = new byte[(int) announced];
            if (in.readNBytes(body, 0, body.length) < body.length) {
                throw new EOFException();
            }
            return Reading.read(body);
        }
        byte[] body = in.readNBytes(maxBytes + 1);
        return body.length > maxBytes ? dropped(in) : Reading.read(body);
    }

    private Reading<byte[]> dropped(InputStream in) throws IOException {
        in.skip(MOST_DROPPED);
        return Reading.refused(tooLarge());
    }

    private ApiError tooLarge() {
        return ApiError.invalidRequest(413, "The body is larger than the " + maxBytes + " bytes that are taken.");
    }

    private static Reading<byte[]> refused(int status, String message) {
        return Reading.refused(ApiError.invalidRequest(status, message));
    }
}
