package dev.imagerelay.adapters.http;

import static org.mockito.Mockito.mock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.imagerelay.adapters.http.RelayHttpServer.Settings;
import dev.imagerelay.adapters.http.RelayHttpServer.UseCases;
import dev.imagerelay.application.SettableTime;
import dev.imagerelay.application.port.in.AdministerAccounts;
import dev.imagerelay.application.port.in.AdministerAccounts.GrantOrder;
import dev.imagerelay.application.port.out.ImageUpstream;
import dev.imagerelay.application.port.out.InMemoryAccounts;
import dev.imagerelay.application.port.out.InMemoryApiKeys;
import dev.imagerelay.application.port.out.InMemoryAuditTrail;
import dev.imagerelay.application.port.out.InMemoryCreditLedger;
import dev.imagerelay.application.port.out.InMemoryUnsettled;
import dev.imagerelay.application.port.out.Reports;
import dev.imagerelay.application.port.out.Results;
import dev.imagerelay.application.service.ImageRelay;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.catalogue.Catalogue;
import dev.imagerelay.domain.catalogue.ImageModel;
import dev.imagerelay.domain.catalogue.UpstreamRoute;
import dev.imagerelay.domain.image.Delivery;
import dev.imagerelay.domain.image.ImageQuality;
import dev.imagerelay.domain.image.ImageSize;
import dev.imagerelay.domain.image.ModelId;
import dev.imagerelay.domain.ledger.GrantSource;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.pricing.PriceRow;
import dev.imagerelay.domain.pricing.PriceTable;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.UpstreamReply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * A gateway on a free port with everything real but the stores and the upstream. Its one account has 99.5 credits, its
 * upstream answers as the test says. What it delivers is kept only if the test says so.
 */
final class TestGateway implements AutoCloseable {

    static final String ORDER =
            "{\"model\":\"gpt-image-2\",\"prompt\":\"a cat\",\"size\":\"1024x1024\",\"quality\":\"low\"}";
    static final int MAX_BODY = 200_000;

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final ObjectMapper MAPPER = new ObjectMapper();

    final SettableTime time = new SettableTime();
    final InMemoryCreditLedger ledger;
    final Reports reports = mock(Reports.class);
    final AccountId account;
    final String key;
    final AdministerAccounts administration;
    final RelayHttpServer server;
    volatile ImageUpstream upstream = (id, route, order, body, previews) ->
            images("{\"created\":1,\"data\":[{\"b64_json\":\"AA==\"}]}");
    volatile boolean ready = true;

    private TestGateway(
            Settings settings, Duration longestSilence, Results results, UnaryOperator<UseCases> change) {
        InMemoryAuditTrail trail = new InMemoryAuditTrail();
        InMemoryAccounts accounts = new InMemoryAccounts(trail);
        InMemoryApiKeys keys = new InMemoryApiKeys(accounts, trail);
        ledger = new InMemoryCreditLedger(accounts, time, trail);
        administration = ImageRelay.administerAccounts(accounts, keys, ledger, time, new Random(7));
        account = administration.open("Ann").id();
        key = key(account);
        UseCases useCases = new UseCases(
                ImageRelay.authenticate(keys, time),
                ImageRelay.generateImages(
                        TestGateway::catalogue,
                        ledger,
                        (id, route, order, body, previews) -> upstream.relay(id, route, order, body, previews),
                        results,
                        new InMemoryUnsettled(),
                        time),
                ImageRelay.quoteImages(TestGateway::catalogue, ledger),
                ImageRelay.listModels(TestGateway::catalogue),
                ImageRelay.readCredits(ledger, reports, time),
                ImageRelay.readResult(ledger, results));
        AtomicInteger ids = new AtomicInteger();
        try {
            server = RelayHttpServer.start(
                    settings,
                    change.apply(useCases),
                    () -> new RelayId("req_%032x".formatted(ids.incrementAndGet())),
                    () -> ready,
                    longestSilence);
        } catch (BindException e) {
            throw new UncheckedIOException(e);
        }
    }

    static TestGateway start() {
        return start(UnaryOperator.identity());
    }

    static TestGateway start(Duration drain) {
        return new TestGateway(settings(drain, Optional.empty()), LONG, Results.NONE, UnaryOperator.identity());
    }

    static TestGateway start(UnaryOperator<UseCases> change) {
        return new TestGateway(settings(LONG, Optional.empty()), LONG, Results.NONE, change);
    }

    /** One that works on so many requests at a time. */
    static TestGateway takingAtMost(int requests) {
        return new TestGateway(
                new Settings("127.0.0.1", 0, MAX_BODY, requests, LONG, Optional.empty(), List.of()), LONG, Results.NONE,
                UnaryOperator.identity());
    }

    /** One that gives up connections which are silent for so long. */
    static TestGateway bearing(Duration longestSilence) {
        return new TestGateway(
                settings(LONG, Optional.empty()), longestSilence, Results.NONE, UnaryOperator.identity());
    }

    /** One that says something in a stream after so much silence. */
    static TestGateway keepingAlive(Duration interval) {
        return keepingAlive(interval, Results.NONE);
    }

    /** One that does so, and keeps here what it delivers. */
    static TestGateway keepingAlive(Duration interval, Results results) {
        return new TestGateway(settings(LONG, Optional.of(interval)), LONG, results, UnaryOperator.identity());
    }

    /** One that keeps here what it delivers. */
    static TestGateway keeping(Results results) {
        return new TestGateway(settings(LONG, Optional.empty()), LONG, results, UnaryOperator.identity());
    }

    /** One that pages of these origins may ask. */
    static TestGateway allowing(String... origins) {
        return new TestGateway(
                settings(LONG, Optional.empty(), origins), LONG, Results.NONE, UnaryOperator.identity());
    }

    private static Settings settings(Duration drain, Optional<Duration> keepAlive, String... corsOrigins) {
        return new Settings("127.0.0.1", 0, MAX_BODY, 50, drain, keepAlive, List.of(corsOrigins));
    }

    private String key(AccountId holder) {
        administration.grant(holder, new GrantOrder(
                Credits.of("99.5"), GrantSource.PURCHASED, 0, Optional.empty(), Optional.empty()));
        return administration.issueKey(holder).orElseThrow().secret().reveal();
    }

    static Catalogue catalogue() {
        List<ImageSize> sizes = List.of(new ImageSize("1024x1024"), new ImageSize("3840x2160"));
        List<ImageQuality> qualities = List.of(new ImageQuality("high"), new ImageQuality("low"));
        return new Catalogue(List.of(
                model("gpt-image-2", List.of("Sale"), sizes, qualities, List.of(), 10, List.of(
                        row("1024x1024", null, "1", "21.1"),
                        row("3840x2160", null, "4", "71.2"),
                        row("3840x2160", "high", "10", null))),
                model("resold/painter-1.5", List.of(), sizes.subList(0, 1), List.of(), List.of("vivid"), 2, List.of(
                        row("1024x1024", null, "0.25", null)))));
    }

    private static ImageModel model(
            String name,
            List<String> tags,
            List<ImageSize> sizes,
            List<ImageQuality> qualities,
            List<String> styles,
            int maxImages,
            List<PriceRow> rows) {
        return new ImageModel(
                new ModelId(name), "The " + name, "Draws.", tags, sizes, qualities, styles, maxImages,
                PriceTable.of(sizes, qualities, rows), List.of(new UpstreamRoute("studio", Optional.empty())));
    }

    private static PriceRow row(String size, String quality, String price, String originPrice) {
        return new PriceRow(
                new ImageSize(size),
                Optional.ofNullable(quality).map(ImageQuality::new),
                Credits.of(price),
                Optional.ofNullable(originPrice).map(Credits::of));
    }

    static UpstreamReply images(String json) {
        return new UpstreamReply.Images(MemoryReply.json(json), Delivery.of(1));
    }

    /** A request to that path, without a key. */
    HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .timeout(Duration.ofSeconds(30));
    }

    /** A request with the account's key. */
    HttpRequest.Builder from(String path) {
        return to(path).header("Authorization", "Bearer " + key);
    }

    /** The key of one more account, with as many credits. */
    String anotherKey() {
        return key(administration.open("Bob").id());
    }

    /** A post of JSON with the account's key. */
    HttpRequest.Builder post(String path, String json) {
        return from(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    /** Sends exactly that, reads until the server closes, and returns what came. */
    String raw(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    static JsonNode json(HttpResponse<String> response) throws IOException {
        return MAPPER.readTree(response.body());
    }

    @Override
    public void close() {
        server.close();
    }
}
