package dev.imagerelay.adapters.http;

import dev.imagerelay.application.port.out.StoreUnavailable;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything an administrator can ask for or do. */
final class AdminRoutes {

    private static final Logger LOG = LoggerFactory.getLogger(AdminHttpServer.class);

    private final Admins admins;
    private final AdminOverview overview;
    private final AdminAccounts accounts;
    private final AdminRelays relays;
    private final AdminBooks books;
    private final AdminUpstreams upstreams;
    private final AdminMonitor monitor;

    AdminRoutes(
            Admins admins,
            AdminOverview overview,
            AdminAccounts accounts,
            AdminRelays relays,
            AdminBooks books,
            AdminUpstreams upstreams,
            AdminMonitor monitor) {
        this.admins = admins;
        this.overview = overview;
        this.accounts = accounts;
        this.relays = relays;
        this.books = books;
        this.upstreams = upstreams;
        this.monitor = monitor;
    }

    void addTo(RoutesConfig routes) {
        Routes.getOrHead(routes, "/admin/overview", answering(overview::overview));
        Routes.getOrHead(routes, "/admin/grants", answering(overview::grants));
        Routes.getOrHead(routes, "/admin/accounts", answering(accounts::list));
        routes.post("/admin/accounts", answering(accounts::open));
        Routes.getOrHead(routes, "/admin/accounts/{account}", answering(accounts::one));
        routes.patch("/admin/accounts/{account}", answering(accounts::change));
        Routes.getOrHead(routes, "/admin/accounts/{account}/keys", answering(accounts::keys));
        routes.post("/admin/accounts/{account}/keys", answering(accounts::issueKey));
        Routes.getOrHead(routes, "/admin/accounts/{account}/entries", answering(accounts::entries));
        routes.post("/admin/accounts/{account}/grants", answering(accounts::grant));
        routes.post("/admin/accounts/{account}/adjustments", answering(accounts::adjust));
        Routes.getOrHead(routes, "/admin/keys/{prefix}", answering(accounts::key));
        routes.patch("/admin/keys/{prefix}", answering(accounts::changeKey));
        routes.post("/admin/keys/{prefix}/roll", answering(accounts::rollKey));
        routes.post("/admin/keys/{prefix}/revoke", answering(accounts::revokeKey));
        Routes.getOrHead(routes, "/admin/relays", answering(relays::list));
        Routes.getOrHead(routes, "/admin/relays/{relay}", answering(relays::one));
        routes.post("/admin/relays/{relay}/refunds", answering(relays::refund));
        Routes.getOrHead(routes, "/admin/usage", answering(relays::usage));
        Routes.getOrHead(routes, "/admin/losses", answering(books::losses));
        routes.post("/admin/verify", answering(books::verify));
        Routes.getOrHead(routes, "/admin/audit", answering(books::audit));
        Routes.getOrHead(routes, "/admin/catalogue", answering(books::catalogue));
        Routes.getOrHead(routes, "/admin/catalogue/versions/{version}", answering(books::prices));
        routes.post("/admin/catalogue/reload", answering(books::reload));
        Routes.getOrHead(routes, "/admin/settings", answering(books::settings));
        Routes.getOrHead(routes, "/admin/upstreams", answering(upstreams::list));
        new ApiDocs("openapi-admin.yaml").addTo(routes);
        Routes.getOrHead(routes, "/metrics", ctx -> monitor.metrics(ctx.req()).send(ctx.res()));
        Routes.getOrHead(routes, "/health/live", ctx -> monitor.live().send(ctx.res()));
        Routes.getOrHead(routes, "/health/ready", ctx -> monitor.ready().send(ctx.res()));

        routes.exception(HttpResponseException.class, (e, ctx) ->
                send(ctx, Problem.of(Routes.notRouted(e, ctx.req()))));
        routes.exception(StoreUnavailable.class, (e, ctx) -> {
            Routes.warn(LOG, Entrance.relayId(ctx.req()), e);
            send(ctx, new Problem(503, e.nothingChanged()
                    ? "The database cannot be reached at the moment; nothing was changed."
                    : "The database was lost meanwhile: look whether it was done before you do it again."));
        });
        routes.exception(Exception.class, (e, ctx) -> {
            LOG.error("{} {} failed", ctx.req().getMethod(), ctx.path(), e);
            send(ctx, new Problem(500, "Something went wrong in the gateway; its log says what."));
        });
    }

    private Handler answering(BiFunction<Context, String, Answer> handler) {
        return ctx -> admins.identify(ctx.req())
                .answer(who -> handler.apply(ctx, who))
                .send(ctx.res());
    }

    private static void send(Context ctx, Problem problem) {
        if (ctx.res().isCommitted()) {
            return;
        }
        try {
            problem.send(ctx.res());
        } catch (IOException e) {
            LOG.debug("nobody took the answer", e);
        }
    }
}
