package dev.imagerelay.adapters.upstream.sample;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An image service to try the gateway on without buying anything: a real HTTP server on this machine that speaks
 * OpenAI's Images protocol and draws a landscape for each prompt. The same prompt, size, quality and place in the
 * answer give the same picture. Safe for use by several threads.
 */
public final class SampleUpstream implements AutoCloseable {
    static final String HOST = "127.0.0.1";
    private static final int LINKS_KEPT = 500;
    /** How many connections may wait to be taken: with the platform's 50 a burst of requests loses some. */
    private static final int BACKLOG = 1_000;

    private final HttpServer server;
    private final ExecutorService threads;

    private SampleUpstream(HttpServer server, ExecutorService threads) {
        this.server = server;
        this.threads = threads;
    }

    /**
     * Starts a service that only this machine can reach.
     *
     * @param port  where to listen, 0 for any free port
     * @param delay how long to think about each generation before answering it, not negative; when it is streamed
     *              spread evenly over its events, a part before each; links are answered and mistakes refused at once
     * @param time  what the answers' {@code created} is read from
     * @throws IOException if the port is taken
     */
    public static SampleUpstream start(int port, Duration delay, InstantSource time) throws IOException {
        return start(port, delay, pause -> Thread.sleep(pause.toMillis()), time);
    }

    static SampleUpstream start(int port, Duration delay, Pace pace, InstantSource time) throws IOException {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("A delay cannot be negative: " + delay);
        }
        Objects.requireNonNull(time, "time");
        // Or else macOS shows a windowed program at the first picture.
        System.getProperties().putIfAbsent("java.awt.headless", "true");
        // Or else an answer's body waits some 40 ms for the client to acknowledge the head.
        System.getProperties().putIfAbsent("sun.net.httpserver.nodelay", "true");
        Studio studio = new Studio();
        RecentRecipes recent = new RecentRecipes(LINKS_KEPT);
        HttpServer server = HttpServer.create(new InetSocketAddress(HOST, port), BACKLOG);
        server.createContext("/",
                new Routes(new Generations(delay, pace, time, studio, recent), new Pictures(studio, recent)));
        ExecutorService threads = Executors.newCachedThreadPool(SampleUpstream::thread);
        server.setExecutor(threads);
        server.start();
        return new SampleUpstream(server, threads);
    }

    /** What an OpenAI client takes as its base URL. */
    public URI baseUrl() {
        return URI.create("http://" + HOST + ":" + server.getAddress().getPort() + "/v1");
    }

    /** Stops listening and breaks off what is not answered yet. Closing twice does nothing more. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "sample-upstream");
        thread.setDaemon(true);
        return thread;
    }
}
