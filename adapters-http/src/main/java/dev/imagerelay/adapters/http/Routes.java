package dev.imagerelay.adapters.http;

import dev.imagerelay.application.port.out.StoreUnavailable;
import dev.imagerelay.domain.relay.RelayId;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The whole table of what can be asked, and what is answered where nothing else fits. */
final class Routes {

    private static final Logger LOG = LoggerFactory.getLogger(RelayHttpServer.class);
    private static final List<String> BASES = List.of("/api/ai", "/v1");

    private final ImagesHandler images;
    private final ResultsHandler results;
    private final ModelsHandler models;
    private final CreditsHandler credits;
    private final BooleanSupplier ready;

    Routes(
            ImagesHandler images,
            ResultsHandler results,
            ModelsHandler models,
            CreditsHandler credits,
            BooleanSupplier ready) {
        this.images = images;
        this.results = results;
        this.models = models;
        this.credits = credits;
        this.ready = ready;
    }

    void addTo(RoutesConfig routes) {
        get(routes, "/api/ai/models/image/generation", models::catalogue); // goes before a model of that name
        for (String base : BASES) {
            routes.post(base + "/images/generations", answering(images::generate));
            routes.post(base + "/images/generations/quote", answering(images::quote));
            get(routes, base + "/images/results/{id}", results::one);
            get(routes, base + "/models", models::list);
            get(routes, base + "/models/<id>", models::one);
        }
        get(routes, "/api/ai/credits", credits::totals);
        get(routes, "/api/ai/credits/entries", credits::entries);
        get(routes, "/api/ai/credits/grants", credits::grants);
        get(routes, "/api/ai/credits/usage", credits::usage);
        console().addTo(routes);
        new ApiDocs("openapi.yaml").addTo(routes);
        get(routes, "/health/live", ctx -> health(true));
        get(routes, "/health/ready", ctx -> health(ready.getAsBoolean()));

        routes.exception(HttpResponseException.class, (e, ctx) -> send(ctx, notRouted(e, ctx.req())));
        routes.exception(StoreUnavailable.class, (e, ctx) -> {
            warn(LOG, Entrance.relayId(ctx.req()), e);
            send(ctx, ErrorMapping.of(e));
        });
        routes.exception(Exception.class, (e, ctx) -> {
            LOG.error("{}: {} {} failed", Entrance.relayId(ctx.req()), ctx.req().getMethod(), ctx.path(), e);
            send(ctx, ErrorMapping.unexpected());
        });
    }

    private static Pages console() {
        return new Pages()
                .page("/", "playground.html")
                .page("/credits", "credits.html")
                .files(
                        "console.css", "console.js", "chart.js", "table.js", "icon.svg", "playground.css",
                        "playground.js", "orders.js", "usual.js", "gallery.js", "snippets.js", "credits.css", "credits.js");
    }

    /** For an error that no program expects to survive, such as a full heap. */
    static void onError(HttpServletResponse response, Error error) {
        LOG.error("{}: failed", response.getHeader("x-request-id"), error);
        send(response, ErrorMapping.unexpected());
    }

    private static void get(RoutesConfig routes, String path, Function<Context, Answer> handler) {
        getOrHead(routes, path, answering(handler));
    }

    /** HEAD is GET without the body. Javalin would answer it by itself, with 200 whoever asks for whatever. */
    static void getOrHead(RoutesConfig routes, String path, Handler handler) {
        routes.get(path, handler);
        routes.head(path, handler); // the server leaves the body out
    }

    private static Handler answering(Function<Context, Answer> handler) {
        return ctx -> {
            Entrance.routed(ctx.req(), ctx.endpoint().path);
            handler.apply(ctx).send(ctx.res());
        };
    }

    private static Answer health(boolean good) {
        return new JsonAnswer(
                good ? 200 : 503, JsonAnswer.object().put("status", good ? "ok" : "not ready"));
    }

    /** In one line, as there may be many of them at a time. */
    static void warn(Logger log, RelayId id, StoreUnavailable e) {
        log.warn("{}: {}: {}", id, e.getMessage(), origin(e));
        log.debug("{}", id, e);
    }

    /** What it began with, in its own words. */
    private static String origin(Throwable e) {
        return e.getCause() == null ? e.toString() : origin(e.getCause());
    }

    static ApiError notRouted(HttpResponseException refusal, HttpServletRequest request) {
        String asked = request.getMethod() + " " + request.getRequestURI();
        if (refusal.getStatus() == HttpStatus.METHOD_NOT_ALLOWED.getCode()) {
            String allowed = String.join(", ", refusal.getDetails().values());
            return ApiError.invalidRequest(405, "Not allowed: " + asked + ". Allowed here: " + allowed + ".")
                    .code("method_not_supported")
                    .header("Allow", allowed);
        }
        return ApiError.invalidRequest(404, "Invalid URL (" + asked + ")");
    }

    private static void send(Context ctx, ApiError error) {
        send(ctx.res(), error);
    }

    private static void send(HttpServletResponse response, ApiError error) {
        if (!response.isCommitted()) {
            response.resetBuffer(); // of the answer that did not come about
        } else if (!new EventStream(response).isOpen()) {
            return; // too late to say anything: the server cuts off what is incomplete
        }
        try {
            error.send(response);
        } catch (IOException e) {
            LOG.debug("nobody took the error answer", e);
        }
    }
}
