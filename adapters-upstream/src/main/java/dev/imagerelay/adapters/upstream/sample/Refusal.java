package dev.imagerelay.adapters.upstream.sample;

/** A request that is not answered with pictures, and the error it is answered with, in OpenAI's form. */
final class Refusal extends Exception {
    private static final String REQUEST_ERROR = "invalid_request_error";

    private final int status;
    private final String type;
    private final String param;
    private final String code;

    private Refusal(int status, String type, String param, String code, String message) {
        super(message);
        this.status = status;
        this.type = type;
        this.param = param;
        this.code = code;
    }

    static Refusal malformedBody() {
        return new Refusal(400, REQUEST_ERROR, null, null,
                "We could not parse the JSON body of your request. It must be one JSON object.");
    }

    static Refusal missing(String param) {
        return new Refusal(400, REQUEST_ERROR, param, "missing_required_parameter",
                "Missing required parameter: '" + param + "'.");
    }

    static Refusal wrongType(String param, String expected) {
        return new Refusal(400, REQUEST_ERROR, param, "invalid_type",
                "Invalid type for '" + param + "': expected " + expected + ".");
    }

    static Refusal invalid(String param, String code, String message) {
        return new Refusal(400, REQUEST_ERROR, param, code, "Invalid '" + param + "': " + message);
    }

    static Refusal size(String message) {
        return new Refusal(400, "image_generation_user_error", "size", "invalid_value", message);
    }

    static Refusal unknownPath(String method, String path) {
        return new Refusal(404, REQUEST_ERROR, null, null, "Invalid URL (" + method + " " + path + ")");
    }

    static Refusal wrongMethod(String method, String path) {
        return new Refusal(405, REQUEST_ERROR, null, "method_not_supported",
                "Not allowed to " + method + " on " + path + ".");
    }

    static Refusal broken() {
        return new Refusal(500, "server_error", null, null, "The sample upstream failed to draw this picture.");
    }

    int status() {
        return status;
    }

    String type() {
        return type;
    }

    /** The request member to blame, or null if it is none of them. */
    String param() {
        return param;
    }

    /** What exactly is wrong, for programs; null if the type says it all. */
    String code() {
        return code;
    }
}
