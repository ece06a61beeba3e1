package dev.imagerelay.adapters.http;

import dev.imagerelay.application.port.in.Authenticate;
import dev.imagerelay.application.port.in.GenerateImages;
import dev.imagerelay.application.port.in.ListModels;
import dev.imagerelay.application.port.in.QuoteImages;
import dev.imagerelay.application.port.in.ReadCredits;
import dev.imagerelay.application.port.in.ReadResult;
import dev.imagerelay.domain.relay.RelayId;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.servlet.JavalinServlet;
import io.javalin.http.servlet.ServletEntry;
import io.javalin.util.ConcurrencyUtil;
import io.javalin.util.JavalinException;
import java.net.BindException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.ObjIntConsumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import kotlin.LazyKt;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Image Relay over HTTP/1.1: OpenAI's image and model routes below {@code /v1} and {@code /api/ai}, the public
 * catalogue, the caller's results and credits, and {@code /health/live} and {@code /health/ready}. It serves from
 * {@link #start} to {@link #close}; both may be called from any thread.
 */
public final class RelayHttpServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RelayHttpServer.class);

    /**
     * A connection is given up when so long nothing comes that we wait for, or nothing is taken that we send. A request
     * that waits for its pictures is not silent: the server leaves alone whoever is neither reading nor writing.
     */
    static final Duration LONGEST_SILENCE = Duration.ofSeconds(30);

    /** Java's own backlog of 50 makes the connections of a burst wait for seconds. */
    private static final int ACCEPT_QUEUE = 4096;

    /**
     * Linux lets us write on only when a third of this is free, and would let it grow to megabytes: then who reads
     * slowly but steadily would look silent.
     */
    private static final int SEND_BUFFER = 128 * 1024;

    private static final int HEADER_BYTES = 16 * 1024;

    /** What the server itself needs for accepting, selecting and refusing, on a machine of the usual size. */
    private static final int SERVER_THREADS = 16;

    final Javalin javalin;
    private final ServerConnector connector;
    private final int port;
    private final Entrance entrance;
    private final ExecutorService previewThreads;
    private final Duration drain;

    private RelayHttpServer(Javalin javalin, Entrance entrance, ExecutorService previewThreads, Duration drain) {
        this.javalin = javalin;
        this.connector = (ServerConnector) javalin.jettyServer().server().getConnectors()[0];
        this.port = connector.getLocalPort();
        this.entrance = entrance;
        this.previewThreads = previewThreads;
        this.drain = drain;
    }

    /**
     * How to serve.
     *
     * @param host         the address to listen on, such as {@code 127.0.0.1}, or {@code 0.0.0.0} for all
     * @param port         0 to 65535; 0: any that is free
     * @param maxBodyBytes the largest request body that is taken, at least 1
     * @param maxInFlight  how many requests are worked on at a time, at least 1; any more are refused at once, with
     *     503. Where the JVM has no virtual threads (before Java 21) that may take as many real ones, and a second for
     *     each request that is streamed
     * @param drain        how long {@link #close} waits for requests in flight, not negative
     * @param keepAlive    after how much silence in the answer to a streamed order a comment is sent, more than zero;
     *     empty: never. The first one begins the answer, so that an error that comes later is an event in it
     * @param corsOrigins  the origins whose pages may ask from within a browser, just as a browser sends them: scheme,
     *     host, and port if it is not the usual one, in lower case, such as {@code https://app.example.com}; none: no
     *     answer has a CORS header
     */
    public record Settings(
            String host,
            int port,
            int maxBodyBytes,
            int maxInFlight,
            Duration drain,
            Optional<Duration> keepAlive,
            List<String> corsOrigins) {

        /** The usual limit of a request body, 1 MiB. */
        public static final int DEFAULT_MAX_BODY_BYTES = 1 << 20;

        private static final Pattern ORIGIN = Pattern.compile("(?!http://.*:80$|https://.*:443$)"
                + "[a-z][a-z0-9+.-]*://([a-z0-9._-]+|\\[[0-9a-f:.]+])(:[1-9][0-9]{0,4})?");

        public Settings {
            if (host.isBlank()) {
                throw new IllegalArgumentException("a server listens on a host");
            }
            if (port < 0 || port > 65_535) {
                throw new IllegalArgumentException("a port is 0 to 65535, not " + port);
            }
            if (maxBodyBytes < 1 || maxBodyBytes == Integer.MAX_VALUE) {
                throw new IllegalArgumentException("a body has at least 1 byte and less than 2 GiB");
            }
            if (maxInFlight < 1) {
                throw new IllegalArgumentException("at least 1 request is in flight, not " + maxInFlight);
            }
            if (drain.isNegative()) {
                throw new IllegalArgumentException("a drain cannot take " + drain);
            }
            if (keepAlive.filter(interval -> interval.isNegative() || interval.isZero()).isPresent()) {
                throw new IllegalArgumentException("no silence is as short as " + keepAlive.get());
            }
            corsOrigins = List.copyOf(corsOrigins);
            for (String origin : corsOrigins) {
                if (!ORIGIN.matcher(origin).matches()) {
                    throw new IllegalArgumentException("'" + origin + "' in corsOrigins is no origin: write it as a"
                            + " browser sends it, in lower case and without a path, the usual port or *, such as"
                            + " https://app.example.com or http://localhost:3000");
                }
            }
        }
    }

    /** What is served. Each is called by many threads at once. */
    public record UseCases(
            Authenticate authenticate,
            GenerateImages generateImages,
            QuoteImages quoteImages,
            ListModels listModels,
            ReadCredits readCredits,
            ReadResult readResult) {}

    /** Is told of every request that can be read as HTTP, by many threads at once. It must not throw. */
    @FunctionalInterface
    public interface Onlooker {

        /** Looks away. */
        Onlooker NOBODY = (id, method, path, header) -> (route, status) -> {};

        /**
         * A request has come in; told by the thread that will work on it.
         *
         * @param id     its name
         * @param method of HTTP, as it came
         * @param path   without the query
         * @param header finds a header, until this returns; of several of that name the first
         * @return to be told once the answer is complete or broken off, by any thread: the route that was taken, such
         *     as {@code /v1/models/<id>}, or {@code none}, and the status
         */
        ObjIntConsumer<String> sees(
                RelayId id, String method, String path, Function<String, Optional<String>> header);
    }

    /**
     * Starts to serve. When this returns, requests are answered.
     *
     * @param ids   makes a new name for every request; called by many threads at once
     * @param ready whether {@code /health/ready} says so
     * @param time  tells who is too slow, and when too many wrong keys come
     * @throws BindException naming host and port if that address cannot be listened on
     */
    public static RelayHttpServer start(
            Settings settings,
            UseCases useCases,
            Supplier<RelayId> ids,
            BooleanSupplier ready,
            InstantSource time)
            throws BindException {
        return start(settings, useCases, ids, ready, time, Onlooker.NOBODY);
    }

    /** The same, with somebody who looks on. */
    public static RelayHttpServer start(
            Settings settings,
            UseCases useCases,
            Supplier<RelayId> ids,
            BooleanSupplier ready,
            InstantSource time,
            Onlooker onlooker)
            throws BindException {
        return start(settings, useCases, ids, ready, time, onlooker, LONGEST_SILENCE);
    }

    /** Starts to serve, and gives up connections that are silent for that long. */
    static RelayHttpServer start(
            Settings settings,
            UseCases useCases,
            Supplier<RelayId> ids,
            BooleanSupplier ready,
            InstantSource time,
            Onlooker onlooker,
            Duration longestSilence)
            throws BindException {
        Entrance entrance = new Entrance(ids, new Cors(settings.corsOrigins()), settings.maxInFlight(), onlooker);
        ExecutorService previewThreads = ConcurrencyUtil.executorService("previews", true);
        Javalin javalin = Javalin.create(config -> {
            quietly(config);
            threads(config, settings);
            server(config, settings.host(), settings.port(), entrance, longestSilence, time);
            routes(settings, useCases, ready, previewThreads, time, longestSilence).addTo(config.routes);
        });
        try {
            listen(javalin, settings.host(), settings.port());
        } catch (BindException e) {
            previewThreads.shutdown();
            throw e;
        }
        return new RelayHttpServer(javalin, entrance, previewThreads, settings.drain());
    }

    /** Starts to listen, or says where it cannot. */
    static void listen(Javalin javalin, String host, int port) throws BindException {
        try {
            javalin.start();
        } catch (JavalinException e) {
            BindException taken =
                    new BindException("cannot listen on " + host + ":" + port + "; is something else listening there?");
            taken.initCause(e);
            throw taken;
        }
    }

    static void quietly(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
    }

    private static void threads(JavalinConfig config, Settings settings) {
        config.concurrency.useVirtualThreads = true;
        if (!ConcurrencyUtil.isLoomAvailable()) {
            config.jetty.threadPool = new QueuedThreadPool(settings.maxInFlight() + SERVER_THREADS);
        }
    }

    /** What every listener of ours does alike; its handlers are what passes the entrance. */
    static void server(
            JavalinConfig config,
            String host,
            int port,
            Entrance entrance,
            Duration longestSilence,
            InstantSource time) {
        ServerErrors errors = new ServerErrors(entrance);
        config.jetty.modifyServer(server -> {
            server.setHandler(entrance);
            server.setErrorHandler(errors);
        });
        config.jetty.modifyServletContextHandler(context -> context.setErrorHandler(errors));
        config.jetty.modifyHttpConfiguration(http -> {
            http.setHeaderCacheSize(0); // costs 80 KB a connection
            http.setRequestHeaderSize(HEADER_BYTES);
            http.setHttpCompliance(HttpCompliance.RFC9110.without(
                    "lines without CR",
                    HttpCompliance.Violation.LF_HEADER_TERMINATION,
                    HttpCompliance.Violation.LF_CHUNK_TERMINATION));
            http.setUriCompliance(UriCompliance.RFC3986.with(
                    "slashes in model names", UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR));
        });
        // Without this, any request with a WebSocket header goes past our routes and gets a session cookie.
        config.unsafe.servlet = LazyKt.lazyOf(new ServletEntry(null, new JavalinServlet(config.unsafe)));
        config.jetty.addConnector((server, http) -> connector(server, http, host, port, longestSilence, time));
        config.http.compressionStrategy = CompressionStrategy.NONE; // an upstream's bytes stay what they are
        config.http.prefer405over404 = true;
        config.router.javaLangErrorHandler(Routes::onError);
    }

    private static Connector connector(
            Server server,
            HttpConfiguration http,
            String host,
            int port,
            Duration longestSilence,
            InstantSource time) {
        ServerConnector connector = new PatientConnector(server, http, time);
        connector.setHost(host);
        connector.setPort(port);
        connector.setAcceptQueueSize(ACCEPT_QUEUE);
        connector.setAcceptedSendBufferSize(SEND_BUFFER);
        connector.setIdleTimeout(longestSilence.toMillis());
        connector.setShutdownIdleTimeout(longestSilence.toMillis()); // cuts off nobody who would not be otherwise
        return connector;
    }

    private static Routes routes(
            Settings settings,
            UseCases useCases,
            BooleanSupplier ready,
            Executor previewThreads,
            InstantSource time,
            Duration patience) {
        Callers callers = new Callers(useCases.authenticate(), new WrongKeys("keys", time));
        ImagesHandler images = new ImagesHandler(
                callers,
                new BodyReader(settings.maxBodyBytes(), time, patience),
                new OrderReader(useCases.listModels()),
                useCases.generateImages(),
                useCases.quoteImages(),
                stream -> new LivePreviews(stream, settings.keepAlive(), previewThreads));
        return new Routes(
                images,
                new ResultsHandler(callers, useCases.readResult()),
                new ModelsHandler(callers, useCases.listModels()),
                new CreditsHandler(callers, useCases.readCredits()),
                ready);
    }

    /** The port that is listened on. */
    public int port() {
        return port;
    }

    /** How many requests have come in and are not answered yet. */
    long inFlight() {
        return entrance.getCurrentRequestCount();
    }

    /**
     * Stops serving. New connections are refused from now on, and new requests on open ones are answered with 503;
     * requests in flight are finished, but for those that take longer than the drain limit: they are cut off.
     */
    @Override
    public void close() {
        CompletableFuture<Void> drained = entrance.shutdown();
        connector.shutdown();
        try {
            drained.get(drain.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.warn("cutting off {} requests still in flight after {}", inFlight(), drain);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("waiting for requests cannot fail", e);
        }
        javalin.stop();
        previewThreads.shutdown();
    }
}
