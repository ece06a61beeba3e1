package dev.imagerelay.adapters.http;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Answers what the server refuses before or outside of our routes, such as a request that is not HTTP. */
final class ServerErrors implements Request.Handler {

    private final Entrance entrance;

    ServerErrors(Entrance entrance) {
        this.entrance = entrance;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        entrance.identify(request, response);
        Object cause = request.getAttribute(ErrorHandler.ERROR_EXCEPTION);
        answer(response, callback, error(response.getStatus(), cause));
        return true;
    }

    /** Sends an error before any of our routes is asked. */
    static void answer(Response response, Callback callback, ApiError error) {
        byte[] body = error.json().bytes();
        response.setStatus(error.status());
        error.headers().forEach(response.getHeaders()::put);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        response.write(true, ByteBuffer.wrap(body), callback);
    }

    private static ApiError error(int status, Object cause) {
        if (cause instanceof HttpException || HttpStatus.isClientError(status)) {
            String reason = cause instanceof HttpException refusal && refusal.getReason() != null
                    ? refusal.getReason()
                    : HttpStatus.getMessage(status);
            return ApiError.invalidRequest(status, "This request cannot be answered: " + reason + ".");
        }
        return status == HttpStatus.SERVICE_UNAVAILABLE_503
                ? ApiError.serverError(status, "The gateway is shutting down. Nothing was charged. Try again.")
                        .code("shutting_down")
                        .header("Connection", "close")
                : ApiError.serverError(status, "The gateway could not answer this request.");
    }
}
