package dev.imagerelay.domain.relay;

import dev.imagerelay.domain.image.ImageOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The JSON of a request, as it came, with the place of the one value that may change on the way: that of
 * {@code model}. Everything else reaches the upstream byte for byte. Immutable as long as nobody writes to the array.
 */
public final class RequestBody {

    private final byte[] json;
    private final int modelStart;
    private final int modelEnd;

    /**
     * Takes a request's bytes; they are not copied.
     *
     * @param modelStart where the value of {@code model} begins, at its opening quote
     * @param modelEnd   the first byte behind its closing quote
     */
    public RequestBody(byte[] json, int modelStart, int modelEnd) {
        if (modelStart < 0
                || modelEnd > json.length
                || modelEnd - modelStart < 2
                || json[modelStart] != '"'
                || json[modelEnd - 1] != '"') {
            throw new IllegalArgumentException("no JSON string from " + modelStart + " to " + modelEnd);
        }
        this.json = json;
        this.modelStart = modelStart;
        this.modelEnd = modelEnd;
    }

    /** Writes an order in OpenAI's form, for callers that have an order and no request. */
    public static RequestBody of(ImageOrder order) {
        StringBuilder text = new StringBuilder("{\"model\":");
        int modelStart = text.length();
        text.append(quoted(order.model().value()));
        int modelEnd = text.length();
        text.append(",\"prompt\":").append(quoted(order.prompt()));
        text.append(",\"n\":").append(order.images());
        member(text, "size", order.size());
        member(text, "quality", order.quality());
        member(text, "style", order.style());
        order.partialImages().ifPresent(many -> text.append(",\"stream\":true,\"partial_images\":").append(many));
        return new RequestBody(text.append('}').toString().getBytes(StandardCharsets.UTF_8), modelStart, modelEnd);
    }

    private static void member(StringBuilder text, String name, Optional<?> value) {
        value.ifPresent(v -> text.append(",\"").append(name).append("\":").append(quoted(v.toString())));
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c)) {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    /** The bytes to send to an upstream that knows the model by that name. */
    public byte[] forModel(String name) {
        byte[] value = quoted(name).getBytes(StandardCharsets.UTF_8);
        byte[] body = new byte[json.length - (modelEnd - modelStart) + value.length];
        System.arraycopy(json, 0, body, 0, modelStart);
        System.arraycopy(value, 0, body, modelStart, value.length);
        System.arraycopy(json, modelEnd, body, modelStart + value.length, json.length - modelEnd);
        return body;
    }

    /** The bytes to send to an upstream that knows the model by its public name: just as they came. */
    public byte[] unchanged() {
        return json;
    }
}
