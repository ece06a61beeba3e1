package dev.imagerelay.adapters.http;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.eclipse.jetty.http.HttpStatus;

/** An error of the administration, as RFC 9457 has it. */
record Problem(int status, String detail, Map<String, String> headers) implements Answer {

    Problem(int status, String detail) {
        this(status, detail, Map.of());
    }

    static Problem invalid(String detail) {
        return new Problem(400, detail);
    }

    static Problem notFound(String what) {
        return new Problem(404, "There is no " + what + ".");
    }

    /** An error of the customers' form in that of the administration. */
    static Answer of(Answer error) {
        return error instanceof ApiError api ? of(api) : error;
    }

    static Problem of(ApiError error) {
        return new Problem(error.status(), error.message(), error.headers());
    }

    byte[] bytes() {
        return new JsonAnswer(status, JsonAnswer.object()
                        .put("type", "about:blank")
                        .put("title", HttpStatus.getMessage(status))
                        .put("status", status)
                        .put("detail", detail))
                .bytes();
    }

    @Override
    public void send(HttpServletResponse response) throws IOException {
        byte[] bytes = bytes();
        response.setStatus(status);
        headers.forEach(response::setHeader);
        if (status == 401) {
            response.setHeader("WWW-Authenticate", "Bearer realm=\"Image Relay administration\"");
        }
        response.setContentType("application/problem+json");
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }
}
