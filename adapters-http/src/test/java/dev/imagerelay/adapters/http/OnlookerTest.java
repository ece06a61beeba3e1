package dev.imagerelay.adapters.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.imagerelay.domain.relay.RelayId;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ObjIntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An onlooker is told of every request once, whatever becomes of it, by its route and not by its path. */
class OnlookerTest {

    private static final String ORIGIN = "http://localhost:3000";

    private final TestGateway gateway = TestGateway.allowing(ORIGIN);
    private final BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();

    private record Seen(
            RelayId id, String method, String path, Optional<String> header, String route, int status) {}

    OnlookerTest() {
        gateway.onlooker = this::sees;
    }

    private ObjIntConsumer<String> sees(
            RelayId id, String method, String path, Function<String, Optional<String>> header) {
        Optional<String> trace = header.apply("TraceParent");
        return (route, status) -> seen.add(new Seen(id, method, path, trace, route, status));
    }

    @AfterEach
    void close() {
        gateway.close();
        assertEquals(0, seen.size(), "each was told once");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /v1/models, /v1/models, 200",
        "HEAD, /api/ai/models, /api/ai/models, 200",
        "GET, /v1/models/resold%2Fpainter-1.5?key=x, /v1/models/<id>, 200",
        "GET, /v1/models/unheard-of, /v1/models/<id>, 404",
        "GET, /v1/images/results/nothing, /v1/images/results/{id}, 404",
        "POST, /v1/images/generations, /v1/images/generations, 400",
        "DELETE, /v1/models, none, 405",
        "GET, /nothing, none, 404",
        "OPTIONS, /v1/models, none, 204",
    })
    void everyAnswerHasItsRouteAndItsStatus(String method, String path, String route, int status) throws Exception {
        HttpResponse<String> response = gateway.send(gateway.from(path)
                .method(method, BodyPublishers.noBody())
                .header("Origin", ORIGIN)
                .header("Access-Control-Request-Method", "POST")
                .header("traceparent", "some trace"));

        Seen told = told();
        assertEquals(status, response.statusCode());
        assertEquals(status, told.status());
        assertEquals(route, told.route());
        assertEquals(method, told.method());
        assertEquals(path.replaceAll("[?].*", ""), told.path());
        assertEquals(Optional.of("some trace"), told.header());
        assertEquals(response.headers().firstValue("x-request-id").orElseThrow(), told.id().value());
    }

    @Test
    void whatFailsInTheGatewayIsTold() throws Exception {
        gateway.upstream = (id, route, order, body, previews) -> {
            throw new IllegalStateException("a mistake of ours");
        };

        CapturedLog.during(() -> gateway.send(gateway.post("/v1/images/generations", TestGateway.ORDER)));

        assertEquals(500, told().status());
    }

    @Test
    void whoeverLeavesHalfwayIsTold() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", gateway.server.port())) {
            socket.getOutputStream().write(("POST /v1/images/generations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                            + gateway.key + "\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
                    .getBytes(StandardCharsets.US_ASCII));
        }

        assertEquals("/v1/images/generations", told().route());
    }

    private Seen told() throws InterruptedException {
        Seen told = seen.poll(20, TimeUnit.SECONDS);
        assertNotNull(told, "nobody was told");
        return told;
    }
}
