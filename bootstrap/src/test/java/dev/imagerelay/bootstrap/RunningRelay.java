package dev.imagerelay.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.imagerelay.adapters.http.AdminHttpServer;
import dev.imagerelay.adapters.http.Contract;
import dev.imagerelay.adapters.http.RelayHttpServer;
import dev.imagerelay.adapters.upstream.MisbehavingUpstream;
import dev.imagerelay.adapters.upstream.UpstreamSettings;
import dev.imagerelay.adapters.upstream.UpstreamSettings.Breaker;
import dev.imagerelay.adapters.upstream.UpstreamSettings.KeyHeader;
import dev.imagerelay.application.port.in.AdministerAccounts.GrantOrder;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.ledger.Balance;
import dev.imagerelay.domain.ledger.GrantSource;
import dev.imagerelay.domain.ledger.LedgerEntry;
import dev.imagerelay.domain.ledger.Statement;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.relay.Relay;
import dev.imagerelay.domain.relay.RelayId;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * The whole server in this process, on a port and in a directory of its own, with one account and its key. When it is
 * closed nothing may be held, its books must balance and every price in them must be right.
 */
final class RunningRelay implements AutoCloseable {

    /** What an administrator has to send. */
    static final String ADMIN_TOKEN = "administrator";

    /** What will do for the metrics. */
    static final String METRICS_TOKEN = "prometheus";

    static final int MAX_BODY_BYTES = 1 << 20;

    private final Path directory;
    private final Wiring wiring;
    private AccountId account;
    private String key;
    private final HttpClient client = HttpClient.newHttpClient();

    /** A server whose every picture is drawn by the sample upstream. */
    static RunningRelay onSample(String credits) throws IOException {
        return new RunningRelay(List.of(), Optional.empty(), credits);
    }

    /** A server whose gpt-image-2 is made by that upstream. */
    static RunningRelay on(MisbehavingUpstream upstream, String credits) throws IOException {
        return new RunningRelay(List.of(settings("openai", upstream.baseUrl())), Optional.empty(), credits);
    }

    /** The same, with limits so long that no upstream which waits for something reaches them. */
    static RunningRelay patientlyOn(MisbehavingUpstream upstream, String credits) throws IOException {
        UpstreamSettings settings = UpstreamSettings.of("openai", upstream.baseUrl(), Optional.of("upstream-secret"));
        return new RunningRelay(List.of(settings), Optional.empty(), credits);
    }

    /** The same, with its books in this database. */
    static RunningRelay patientlyOn(MisbehavingUpstream upstream, String credits, String databaseUrl)
            throws IOException {
        UpstreamSettings settings = UpstreamSettings.of("openai", upstream.baseUrl(), Optional.of("upstream-secret"));
        return new RunningRelay(
                listener(Optional.empty(), List.of()), List.of(settings), Optional.empty(), credits,
                Optional.of(databaseUrl));
    }

    /** An upstream with limits short enough to wait for. */
    static UpstreamSettings settings(String name, URI baseUrl) {
        return new UpstreamSettings(
                name, baseUrl, Optional.of("upstream-secret"), KeyHeader.BEARER, 256, Duration.ofSeconds(2),
                Duration.ofSeconds(1), Duration.ofSeconds(60), 512L << 20, Breaker.NEVER);
    }

    /** A listener as most tests want it, but for these two. */
    static RelayHttpServer.Settings listener(Optional<Duration> keepAlive, List<String> corsOrigins) {
        return new RelayHttpServer.Settings(
                "127.0.0.1", 0, MAX_BODY_BYTES, 2_500, Duration.ofSeconds(10), keepAlive, corsOrigins);
    }

    RunningRelay(List<UpstreamSettings> upstreams, Optional<Path> catalogue, String credits) throws IOException {
        this(listener(Optional.empty(), List.of()), upstreams, catalogue, credits);
    }

    RunningRelay(
            RelayHttpServer.Settings listener,
            List<UpstreamSettings> upstreams,
            Optional<Path> catalogue,
            String credits)
            throws IOException {
        this(listener, upstreams, catalogue, credits, Optional.empty());
    }

    private RunningRelay(
            RelayHttpServer.Settings listener,
            List<UpstreamSettings> upstreams,
            Optional<Path> catalogue,
            String credits,
            Optional<String> databaseUrl)
            throws IOException {
        directory = Files.createTempDirectory("image-relay");
        Settings settings = new Settings(
                listener,
                Optional.of(new AdminHttpServer.Settings("127.0.0.1", 0, ADMIN_TOKEN, Optional.of(METRICS_TOKEN))),
                databaseUrl.orElseGet(() -> ServerProcess.databaseUrl(directory)),
                directory.resolve("spool"),
                directory.resolve("unsettled"),
                new Settings.ResultSettings(directory.resolve("results"), Duration.ofMinutes(15), 1L << 30),
                catalogue,
                Duration.ZERO,
                upstreams);
        wiring = new Wiring(settings, Clock.systemUTC(), new SecureRandom(), Duration.ofSeconds(1));
        nextCustomer(credits);
    }

    /** A request of an administrator; the token has still to be added. */
    HttpRequest.Builder admin(String path) {
        return HttpRequest.newBuilder(adminUri("/admin" + path));
    }

    /** Where administrators are listened to. */
    URI adminUri(String path) {
        return URI.create("http://127.0.0.1:" + wiring.adminPort().orElseThrow() + path);
    }

    /** From now on everything is ordered by another account, which is new and has these credits. */
    void nextCustomer(String credits) {
        account = wiring.administration().open("Ann").id();
        if (!Credits.of(credits).isZero()) {
            wiring.administration().grant(account, GrantOrder.of(Credits.of(credits), GrantSource.PURCHASED));
        }
        key = wiring.administration().issueKey(account).orElseThrow().secret().reveal();
    }

    int port() {
        return wiring.port();
    }

    AccountId account() {
        return account;
    }

    String key() {
        return key;
    }

    Wiring wiring() {
        return wiring;
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    /** Asks for pictures with the account's key. */
    HttpResponse<byte[]> generate(String json) throws IOException, InterruptedException {
        return send(request("/v1/images/generations", json));
    }

    /** Sends that, and fails if the exchange does not keep to what we promise. */
    HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return checked(client.send(request.build(), BodyHandlers.ofByteArray()));
    }

    private <T> HttpResponse<T> checked(HttpResponse<T> response) {
        boolean isAdministration = response.uri().getPort() == wiring.adminPort().orElseThrow();
        return (isAdministration ? Contract.ADMINISTRATORS : Contract.CUSTOMERS).checked(response);
    }

    /** Asks for pictures with the account's key, and returns when the answer has begun. */
    StreamedAnswer stream(String json) throws IOException, InterruptedException {
        return new StreamedAnswer(checked(
                client.send(request("/v1/images/generations", json).build(), BodyHandlers.ofInputStream())));
    }

    CompletableFuture<HttpResponse<byte[]>> sendLater(HttpRequest.Builder request) {
        return client.sendAsync(request.build(), BodyHandlers.ofByteArray()).thenApply(this::checked);
    }

    /** Asks for pictures on a connection of its own, and does not wait for the answer. */
    Socket order(String json) throws IOException {
        Socket socket = new Socket("127.0.0.1", port());
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write(("POST /v1/images/generations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                        + key + "\r\nContent-Type: application/json\r\nContent-Length: " + json.length()
                        + "\r\n\r\n" + json)
                .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    /** Sends exactly that, reads until the server closes the connection, and returns what came, a character a byte. */
    String raw(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    HttpRequest.Builder request(String path, String json) {
        return from(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json));
    }

    /** A request with the account's key. */
    HttpRequest.Builder from(String path) {
        return HttpRequest.newBuilder(uri(path)).header("Authorization", "Bearer " + key);
    }

    /** What was charged, what is left, and for how many pictures, as an answer's headers say. */
    static List<String> receipt(HttpResponse<?> response) {
        return Stream.of("x-credits-charged", "x-credits-remaining", "x-images-delivered")
                .map(name -> response.headers().firstValue(name).orElse("missing"))
                .toList();
    }

    Balance balance() {
        return wiring.database().ledger().balance(account);
    }

    List<LedgerEntry> entries() {
        return wiring.database().ledger().entries(account, OptionalLong.empty(), 10_000).lines().stream()
                .map(Statement.Line::entry)
                .toList();
    }

    /** The same in words, the oldest first, such as {@code held 4}. */
    List<String> moves() {
        List<String> moves = new ArrayList<>();
        for (LedgerEntry entry : entries()) {
            moves.add(0, entry.kind().name().toLowerCase(Locale.ROOT) + " " + entry.amount());
        }
        return moves;
    }

    /** What the books say of the request that was answered with this. */
    Relay booked(HttpResponse<?> response) {
        RelayId id = new RelayId(response.headers().firstValue("x-request-id").orElseThrow());
        return wiring.database().ledger().relay(id).orElseThrow();
    }

    /** Waits for the end of orders that nobody waits for any more. */
    void awaitNothingHeld() throws InterruptedException {
        while (!balance().held().isZero()) {
            Thread.sleep(5);
        }
    }

    /** Whether it says of itself that it can serve. */
    boolean isReady() throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri("/health/ready"))).statusCode() == 200;
    }

    /** Waits until it says so, or says no more. */
    void awaitReady(boolean ready) throws IOException, InterruptedException {
        while (isReady() != ready) {
            Thread.sleep(5);
        }
    }

    /** Whether it is written down that a relay has ended which the books do not know of yet. */
    boolean hasUnsettled() throws IOException {
        return Files.size(directory.resolve("unsettled").resolve("unsettled.txt")) > 0;
    }

    private long spooled() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("spool"))) {
            return files.filter(file -> !file.endsWith("lock")).count();
        }
    }

    static Balance credits(String available) {
        return new Balance(Credits.of(available), Credits.ZERO);
    }

    @Override
    public void close() throws IOException {
        try {
            assertEquals(List.of(), wiring.database().ledger().held(10), "nothing is held");
            assertEquals(List.of(), wiring.database().books().offenders(), "the books balance");
            assertEquals(List.of(), wiring.database().books().mispriced(), "everything cost what it should");
        } finally {
            wiring.close();
            long left = spooled();
            try (Stream<Path> files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
            }
            assertEquals(0, left, "no answer was left behind");
        }
    }
}
