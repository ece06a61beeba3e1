package dev.imagerelay.bootstrap;

import dev.imagerelay.adapters.http.Contract;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The server as operators run it: a process of its own that can be killed. Its directory outlives it. */
final class ServerProcess implements AutoCloseable {

    private static final Pattern ADDRESS = Pattern.compile("ready on http://localhost:(\\d+)");
    private static final Pattern KEY = Pattern.compile("^ *(sk-relay-[0-9A-Za-z]{8}-[0-9A-Za-z]{43})$");

    private final Process process;
    private final int port;
    private final String key;
    private final HttpClient client = HttpClient.newHttpClient();

    private ServerProcess(Process process, int port, String key) {
        this.process = process;
        this.port = port;
        this.key = key;
    }

    /**
     * Starts the server in a directory: what was started there before, with the key in its file {@code key}, or a new
     * installation, whose key is put into that file.
     */
    static ServerProcess start(Path directory, URI upstream, String... jvmOptions) throws IOException {
        List<String> program = new ArrayList<>(List.of(jvmOptions));
        program.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        return start(program, directory, databaseUrl(directory), upstream);
    }

    /** The same with another database, and any JVM options, class path and main class, which prints the same. */
    static ServerProcess start(List<String> program, Path directory, String databaseUrl, URI upstream)
            throws IOException {
        Process process = launch(program, directory, databaseUrl, upstream);
        BufferedReader out = process.inputReader();
        int port = Integer.parseInt(await(out, ADDRESS, directory));
        Path key = directory.resolve("key");
        if (!Files.exists(key)) {
            Files.writeString(key, await(out, KEY, directory));
        }
        return new ServerProcess(process, port, Files.readString(key));
    }

    static String databaseUrl(Path directory) {
        return "jdbc:h2:file:" + directory.resolve("ledger") + ";WRITE_DELAY=0;RETENTION_TIME=5000";
    }

    private static Process launch(List<String> program, Path directory, String databaseUrl, URI upstream)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")); // it does not live long
        command.addAll(program);
        command.add("serve");
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("IMAGE_RELAY_HTTP_PORT", "0");
        builder.environment().put("IMAGE_RELAY_DATABASE_URL", databaseUrl);
        builder.environment().put("IMAGE_RELAY_SPOOL", directory.resolve("spool").toString());
        builder.environment().put("IMAGE_RELAY_UNSETTLED", directory.resolve("unsettled").toString());
        builder.environment().put("IMAGE_RELAY_RESULTS_DIRECTORY", directory.resolve("results").toString());
        builder.environment().put("OPENAI_API_KEY", "upstream-secret");
        builder.environment().put("IMAGE_RELAY_UPSTREAMS_OPENAI_BASE_URL", upstream.toString());
        builder.redirectError(directory.resolve("log").toFile());
        builder.environment().put("IMAGE_RELAY_UPSTREAMS_OPENAI_BREAKER_FAILURES", "0");
        return builder.start();
    }

    private static String await(BufferedReader out, Pattern wanted, Path directory) throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            Matcher found = wanted.matcher(line);
            if (found.find()) {
                return found.group(1);
            }
        }
        throw new IOException("the server ended before it printed " + wanted + ", and its log says: "
                + Files.readString(directory.resolve("log")));
    }

    CompletableFuture<HttpResponse<byte[]>> generate(String json) {
        return client.sendAsync(request(json).build(), BodyHandlers.ofByteArray())
                .thenApply(Contract.CUSTOMERS::checked);
    }

    /** Asks for pictures with the demo account's key. */
    HttpRequest.Builder request(String json) {
        return HttpRequest.newBuilder(uri("/v1/images/generations"))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json));
    }

    boolean isRunning() {
        return process.isAlive();
    }

    int port() {
        return port;
    }

    String key() {
        return key;
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    /** SIGKILL. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** SIGTERM. */
    void askToStop() {
        process.destroy();
    }

    /** Waits for the end. */
    int exitCode() throws InterruptedException {
        return process.waitFor();
    }

    /** Waits for the end, for a while. */
    boolean endsWithin(int seconds) throws InterruptedException {
        return process.waitFor(seconds, TimeUnit.SECONDS);
    }

    /** Waits until nobody is let in any more. */
    void awaitRefusal() throws InterruptedException {
        try {
            boolean ready = true;
            while (ready) {
                ready = isReady();
            }
        } catch (IOException e) {
            // nor is anybody listening, or not to the end
        }
    }

    /** Whether it says on a new connection that it can take orders. */
    boolean isReady() throws IOException, InterruptedException {
        return isReady(HttpClient.newHttpClient());
    }

    /** Whether it says so on a connection of that client. */
    boolean isReady(HttpClient client) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri("/health/ready"))
                .timeout(Duration.ofSeconds(10))
                .build();
        return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
    }

    @Override
    public void close() {
        kill();
    }
}
