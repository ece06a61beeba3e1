package dev.imagerelay.adapters.http;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.clearInvocations;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verifyNoInteractions;

import dev.imagerelay.application.SettableTime;
import dev.imagerelay.application.port.in.AdministerAccounts;
import dev.imagerelay.application.port.in.ListUpstreams;
import dev.imagerelay.application.port.in.OverseeBusiness;
import dev.imagerelay.application.port.in.ReloadCatalogue;
import dev.imagerelay.domain.relay.RelayId;
import io.javalin.Javalin;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every route of both listeners, as the servers themselves have them, asked by nobody, a customer and an administrator:
 * each is for one of them, and the other is refused before anything is done.
 */
@Timeout(60)
class WhoMayAskTest {

    private static final String TOKEN = "administrator-of-tests";

    /** Pages, documents and health: what says nothing of anybody. */
    private static final Pattern PUBLIC = Pattern.compile(
            "[A-Z]+ (" + Contract.PAGES.pattern() + "|/openapi.*|/health/.*|/api/ai/models/image/generation)");

    private static final SettableTime TIME = new SettableTime();
    private static final AdministerAccounts OFFICE = mock();
    private static final OverseeBusiness BUSINESS = mock();
    private static final ReloadCatalogue CATALOGUE = mock();
    private static final ListUpstreams UPSTREAMS = mock();

    /** Not the one of the fixture, which lets nobody ask for what is not documented. */
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private static TestGateway gateway;
    private static AdminHttpServer administration;

    @BeforeAll
    static void start() throws Exception {
        gateway = TestGateway.start();
        administration = AdminHttpServer.start(
                new AdminHttpServer.Settings("127.0.0.1", 0, TOKEN),
                new AdminHttpServer.UseCases(OFFICE, BUSINESS, CATALOGUE, UPSTREAMS, Map.of()),
                new AdminHttpServer.Monitoring(() -> "", List::of),
                () -> new RelayId("req_" + "0".repeat(32)),
                TIME);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        administration.close();
    }

    /** Lest so many wrong keys look like an attack. */
    @BeforeEach
    void waitAMinute() {
        gateway.time.pass(Duration.ofMinutes(1));
        TIME.pass(Duration.ofMinutes(1));
    }

    static List<String> customersRoutes() {
        return routes(gateway.server.javalin, false);
    }

    static List<String> administratorsRoutes() {
        return routes(administration.javalin, false);
    }

    static List<Arguments> routesForEverybody() {
        return Stream.concat(
                        routes(gateway.server.javalin, true).stream()
                                .map(route -> Arguments.of(gateway.server.port(), route)),
                        routes(administration.javalin, true).stream()
                                .map(route -> Arguments.of(administration.port(), route)))
                .toList();
    }

    static List<Arguments> pathsOfGet() {
        return Stream.of(gateway.server.javalin, administration.javalin)
                .flatMap(javalin -> Stream.of(true, false)
                        .flatMap(forEverybody -> routes(javalin, forEverybody).stream())
                        .filter(route -> route.startsWith("GET "))
                        .map(route -> Arguments.of(javalin.port(), route.substring(4))))
                .toList();
    }

    /** Such as {@code GET /v1/models/x}. */
    private static List<String> routes(Javalin javalin, boolean forEverybody) {
        return javalin.unsafe.internalRouter.allHttpHandlers().stream()
                .map(route -> route.endpoint.method + " " + route.endpoint.path.replaceAll("[{<].*?[}>]", "x"))
                .filter(route -> PUBLIC.matcher(route).matches() == forEverybody)
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 7, false", "127.0.0.1, 8, true", "::1, 8, true", "localhost, 8, true", "0.0.0.0, 31, false",
        "0.0.0.0, 32, true", "192.0.2.1, 31, false", "192.0.2.1, 32, true"
    })
    void aTokenIsLongWhereOthersCanConnect(String host, int length, boolean enough) {
        Executable setting = () -> new AdminHttpServer.Settings(host, 0, "x".repeat(length));

        if (enough) {
            assertDoesNotThrow(setting);
        } else {
            assertThrows(IllegalArgumentException.class, setting);
        }
    }

    private static int ask(int port, String route, Optional<String> authorization) throws Exception {
        String[] words = route.split(" ");
        // Without a body: a connection is closed on which one comes that nobody reads, and another request may be on it.
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + words[1]))
                .method(words[0], BodyPublishers.noBody())
                .header("Content-Type", "application/json");
        authorization.ifPresent(sent -> request.header("Authorization", sent));
        return CLIENT.send(request.build(), BodyHandlers.discarding()).statusCode();
    }

    @ParameterizedTest
    @MethodSource("customersRoutes")
    void aCustomersRouteIsForCustomersAlone(String route) throws Exception {
        int port = gateway.server.port();

        for (Optional<String> sent : List.of(
                Optional.<String>empty(), Optional.of("Bearer " + TOKEN), Optional.of("Basic YWRtaW46YWRtaW4="))) {
            assertEquals(401, ask(port, route, sent), sent::toString);
        }
        int letIn = ask(port, route, Optional.of("Bearer " + gateway.key));
        assertTrue(letIn == 200 || letIn == 400 || letIn == 404, "a customer: " + letIn);
        assertEquals(404, ask(administration.port(), route, Optional.of("Bearer " + TOKEN)), "on the other listener");
    }

    @ParameterizedTest
    @MethodSource("routesForEverybody")
    void whatSaysNothingOfAnybodyIsForEverybody(int port, String route) throws Exception {
        for (Optional<String> sent : List.of(Optional.<String>empty(), Optional.of("Bearer x"))) {
            int answer = ask(port, route, sent);
            assertTrue(answer == 200 || answer == 302 || answer == 404, sent + ": " + answer);
        }
    }

    /** The server has an answer to HEAD of its own where there is none of ours, and gives it to anybody. */
    @ParameterizedTest
    @MethodSource("pathsOfGet")
    void headIsAnsweredLikeGet(int port, String path) throws Exception {
        for (Optional<String> sent : List.of(Optional.<String>empty(), Optional.of("Bearer x"))) {
            assertEquals(ask(port, "GET " + path, sent), ask(port, "HEAD " + path, sent), sent::toString);
        }
    }

    @ParameterizedTest
    @MethodSource("administratorsRoutes")
    void anAdministratorsRouteIsForAdministratorsAlone(String route) throws Exception {
        int port = administration.port();

        for (Optional<String> sent : List.of(
                Optional.<String>empty(), Optional.of("Bearer " + gateway.key), Optional.of("Bearer"),
                Optional.of("Bearer " + TOKEN.substring(1)), Optional.of("Basic YWRtaW46YWRtaW4="))) {
            assertEquals(401, ask(port, route, sent), sent::toString);
        }
        verifyNoInteractions(OFFICE, BUSINESS, CATALOGUE, UPSTREAMS);
        assertEquals(404, ask(gateway.server.port(), route, Optional.of("Bearer " + gateway.key)), "a customer");
        assertEquals(404, ask(gateway.server.port(), route, Optional.of("Bearer " + TOKEN)), "on the other listener");
    }

    @ParameterizedTest
    @MethodSource("administratorsRoutes")
    void anAdministratorIsLetIn(String route) throws Exception {
        CapturedLog.during(() -> { // what is behind the route does nothing here, and some of them mind
            int letIn = ask(administration.port(), route, Optional.of("Bearer " + TOKEN));
            assertFalse(Set.of(401, 403, 405, 429).contains(letIn), "an administrator: " + letIn);
        });
        clearInvocations(OFFICE, BUSINESS, CATALOGUE, UPSTREAMS);
    }
}
