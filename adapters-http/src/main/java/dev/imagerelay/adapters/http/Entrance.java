package dev.imagerelay.adapters.http;

import dev.imagerelay.adapters.http.RelayHttpServer.Onlooker;
import dev.imagerelay.domain.relay.RelayId;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ObjIntConsumer;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.Callback;

/**
 * What every request passes first: it gets its name, and its answer the headers that all answers have. Browsers that
 * ask beforehand are answered here. Nobody is let in beyond what can be worked on at a time, as whoever is refused at once
 * costs next to nothing; and nobody else once a shutdown has begun.
 */
final class Entrance extends GracefulHandler {

    private static final ApiError OVERLOADED = ApiError.serverError(
                    503, "The gateway has as much to do as it can take. Nothing was charged. Try again.")
            .code("overloaded")
            .headers(Map.of("Retry-After", "1", "x-should-retry", "true"));
    private static final ApiError STRANGELY_CODED = ApiError.invalidRequest(
                    400, "No Transfer-Encoding but 'chunked' is understood here.")
            .header("Connection", "close");
    private static final String RELAY_ID = RelayId.class.getName();
    private static final String ROUTE = Entrance.class.getName() + ".route";
    private static final String NO_ROUTE = "none";

    private final Supplier<RelayId> ids;
    private final Cors cors;
    private final int maxInFlight;
    private final Onlooker onlooker;

    Entrance(Supplier<RelayId> ids, Cors cors, int maxInFlight, Onlooker onlooker) {
        this.ids = ids;
        this.cors = cors;
        this.maxInFlight = maxInFlight;
        this.onlooker = onlooker;
    }

    /** The name of a request that came through here. */
    static RelayId relayId(HttpServletRequest request) {
        return (RelayId) request.getAttribute(RELAY_ID);
    }

    /** A request has found the route of that path. */
    static void routed(HttpServletRequest request, String path) {
        request.setAttribute(ROUTE, path);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        identify(request, response);
        show(request, response);
        if (isStrangelyCoded(request)) {
            ServerErrors.answer(response, callback, STRANGELY_CODED);
            return true;
        }
        if (cors.isPreflight(request)) {
            cors.permit(response.getHeaders(), request);
            response.setStatus(HttpStatus.NO_CONTENT_204);
            callback.succeeded();
            return true;
        }
        if (getCurrentRequestCount() >= maxInFlight && !isAboutHealth(request)) {
            ServerErrors.answer(response, callback, OVERLOADED);
            return true;
        }
        return super.handle(request, response, callback);
    }

    private void show(Request request, Response response) {
        ObjIntConsumer<String> answered = onlooker.sees(
                (RelayId) request.getAttribute(RELAY_ID), request.getMethod(), Request.getPathInContext(request),
                name -> Optional.ofNullable(request.getHeaders().get(name)));
        Request.addCompletionListener(request, failure -> {
            Object route = request.getAttribute(ROUTE);
            answered.accept(route == null ? NO_ROUTE : route.toString(), response.getStatus());
        });
    }

    /** Jetty ignores what comes before {@code chunked}; a proxy in front may not, and see another end of the body. */
    private static boolean isStrangelyCoded(Request request) {
        List<String> codings = request.getHeaders().getCSV(HttpHeader.TRANSFER_ENCODING, false);
        return !codings.isEmpty() && !(codings.size() == 1 && codings.get(0).equalsIgnoreCase("chunked"));
    }

    /** A gateway that is merely busy must not be taken for dead. */
    private static boolean isAboutHealth(Request request) {
        return Request.getPathInContext(request).startsWith("/health/");
    }

    /** Names the request, if it has no name yet, in the headers of its answer. */
    void identify(Request request, Response response) {
        if (request.getAttribute(RELAY_ID) == null) {
            request.setAttribute(RELAY_ID, ids.get());
        }
        response.getHeaders()
                .put("x-request-id", request.getAttribute(RELAY_ID).toString())
                .put("X-Content-Type-Options", "nosniff");
        cors.addTo(response.getHeaders(), request);
    }
}
