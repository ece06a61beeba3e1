package dev.imagerelay.adapters.http;

import dev.imagerelay.application.port.in.AdministerAccounts;
import dev.imagerelay.application.port.in.ListUpstreams;
import dev.imagerelay.application.port.in.OverseeBusiness;
import dev.imagerelay.application.port.in.ReloadCatalogue;
import dev.imagerelay.domain.relay.RelayId;
import io.javalin.Javalin;
import java.net.BindException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.jetty.server.ServerConnector;

/**
 * The administration over HTTP/1.1, on a listener and with a token of its own: {@code /admin/...}, {@code /metrics}, and,
 * to everybody, {@code /health/live}, {@code /health/ready}, and at {@code /} the pages from which operators ask for it;
 * errors as {@code application/problem+json}. It serves from {@link #start} to {@link #close}; both may be called from
 * any thread.
 */
public final class AdminHttpServer implements AutoCloseable {

    private static final int MAX_BODY_BYTES = 1 << 16;
    private static final int MAX_IN_FLIGHT = 100;

    final Javalin javalin;

    private AdminHttpServer(Javalin javalin) {
        this.javalin = javalin;
    }

    /**
     * Where to serve, and for whom.
     *
     * @param host  the address to listen on
     * @param port  0 to 65535; 0: any that is free
     * @param token what administrators have to send, at least {@value #SHORTEST} characters, and at least
     *     {@value #SHORTEST_IN_PUBLIC} where others than this machine can connect
     * @param metricsToken what will do for {@code /metrics} instead, and is good for nothing else: as long as that, and
     *     another; empty: there is none
     */
    public record Settings(String host, int port, String token, Optional<String> metricsToken) {

        private static final int SHORTEST = 8;
        private static final int SHORTEST_IN_PUBLIC = 32;

        public Settings {
            check("the administrator's token", token, host);
            metricsToken.ifPresent(scraper -> check("the token for metrics", scraper, host));
            if (metricsToken.filter(token::equals).isPresent()) {
                throw new IllegalArgumentException("the token for metrics is another than the administrator's");
            }
        }

        /** Where only administrators see the metrics. */
        public Settings(String host, int port, String token) {
            this(host, port, token, Optional.empty());
        }

        private static void check(String what, String token, String host) {
            int shortest = isLoopback(host) ? SHORTEST : SHORTEST_IN_PUBLIC;
            if (token.length() < shortest || !token.matches("[!-~]+")) {
                throw new IllegalArgumentException(what + " has at least " + shortest
                        + " visible ASCII characters on " + host + "; 'openssl rand -hex 32' makes one");
            }
        }

        private static boolean isLoopback(String host) {
            try {
                return InetAddress.getByName(host).isLoopbackAddress();
            } catch (UnknownHostException e) {
                return false;
            }
        }

        /** Without the tokens. */
        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    /**
     * What is served. Each is called by many threads at once.
     *
     * @param office    changes things
     * @param business  tells things
     * @param catalogue what is on offer
     * @param upstreams who makes the pictures
     * @param settings  how the gateway is set up, secrets masked, by the names of the settings
     */
    public record UseCases(
            AdministerAccounts office,
            OverseeBusiness business,
            ReloadCatalogue catalogue,
            ListUpstreams upstreams,
            Map<String, String> settings) {}

    /**
     * How the gateway is. Each is called by many threads at once.
     *
     * @param metrics  all of them, in Prometheus' text format 0.0.4
     * @param notReady why the gateway cannot serve, in words without secrets; empty if it can
     */
    public record Monitoring(Supplier<String> metrics, Supplier<List<String>> notReady) {}

    /**
     * Starts to serve. When this returns, requests are answered.
     *
     * @param ids  makes a new name for every request
     * @param time tells which days are the last thirty, who is too slow, and when too many wrong tokens come
     * @throws BindException naming host and port if that address cannot be listened on
     */
    public static AdminHttpServer start(
            Settings settings, UseCases useCases, Monitoring monitoring, Supplier<RelayId> ids, InstantSource time)
            throws BindException {
        Admins admins = new Admins(settings.token(), new WrongKeys("administrator's tokens", time));
        BodyReader bodies = new BodyReader(MAX_BODY_BYTES, time, RelayHttpServer.LONGEST_SILENCE);
        AdminRoutes routes = new AdminRoutes(
                admins,
                new AdminOverview(useCases.business(), time),
                new AdminAccounts(bodies, useCases.office(), useCases.business()),
                new AdminRelays(bodies, useCases.office(), useCases.business(), time),
                new AdminBooks(useCases.business(), useCases.catalogue(), useCases.settings(), time),
                new AdminUpstreams(useCases.upstreams()),
                new AdminMonitor(
                        admins,
                        settings.metricsToken().map(token -> new Admins(token, new WrongKeys("tokens for metrics", time))),
                        monitoring));
        Entrance entrance = new Entrance(
                ids, new Cors(List.of()), MAX_IN_FLIGHT, RelayHttpServer.Onlooker.NOBODY);
        Javalin javalin = Javalin.create(config -> {
            RelayHttpServer.quietly(config);
            config.concurrency.useVirtualThreads = true;
            RelayHttpServer.server(
                    config, settings.host(), settings.port(), entrance, RelayHttpServer.LONGEST_SILENCE, time);
            routes.addTo(config.routes);
            pages().addTo(config.routes);
        });
        RelayHttpServer.listen(javalin, settings.host(), settings.port());
        return new AdminHttpServer(javalin);
    }

    /** They ask for what is below {@code /admin} and hold nothing themselves, so everybody gets them. */
    private static Pages pages() {
        return new Pages()
                .page("/", "operator.html")
                .files(
                        "console.css", "console.js", "chart.js", "table.js", "icon.svg", "operator.css",
                        "operator/main.js", "operator/api.js", "operator/parts.js", "operator/periods.js",
                        "operator/overview.js", "operator/accounts.js",
                        "operator/account.js", "operator/relays.js", "operator/relay.js", "operator/usage.js",
                        "operator/prices.js", "operator/lists.js");
    }

    /** The port that is listened on. */
    public int port() {
        return ((ServerConnector) javalin.jettyServer().server().getConnectors()[0]).getLocalPort();
    }

    @Override
    public void close() {
        javalin.stop();
    }
}
