package dev.imagerelay.adapters.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.adapters.http.RelayHttpServer.Settings;
import dev.imagerelay.adapters.http.RelayHttpServer.UseCases;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.BindException;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How serving begins and ends: a taken port is named, requests in flight are finished, nobody else is let in. */
class ShutdownTest {

    private static final String LIVE = "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n";

    private final CountDownLatch upstreamAsked = new CountDownLatch(1);
    private final CountDownLatch upstreamAnswers = new CountDownLatch(1);

    private TestGateway slowGateway(Duration drain) {
        TestGateway gateway = TestGateway.start(drain);
        gateway.upstream = (id, route, order, body, previews) -> {
            upstreamAsked.countDown();
            try {
                upstreamAnswers.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return TestGateway.images("{\"created\":1}");
        };
        return gateway;
    }

    private static CompletableFuture<HttpResponse<String>> order(TestGateway gateway) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return gateway.send(gateway.post("/v1/images/generations", TestGateway.ORDER));
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void aRequestInFlightIsFinishedAndNewOnesAreRefused() throws Exception {
        TestGateway gateway = slowGateway(Duration.ofSeconds(20));
        CompletableFuture<HttpResponse<String>> inFlight = order(gateway);
        upstreamAsked.await();
        try (Socket keptAlive = new Socket("127.0.0.1", gateway.server.port())) {
            BufferedReader answers = new BufferedReader(
                    new InputStreamReader(keptAlive.getInputStream(), StandardCharsets.UTF_8));
            ask(keptAlive);
            assertEquals("HTTP/1.1 200 OK", answers.readLine());
            awaitOneInFlight(gateway.server);

            CompletableFuture<Void> closing = CompletableFuture.runAsync(gateway::close);
            awaitRefusal(gateway.server.port());
            ask(keptAlive);
            String refusal = String.join("\n", answers.lines().toList()); // behind the rest of the first answer

            assertTrue(refusal.contains("HTTP/1.1 503 "), refusal);
            assertTrue(refusal.contains("\nConnection: close\n"), refusal);
            assertTrue(refusal.contains("\nx-request-id: req_00000000000000000000000000000003\n"), refusal);
            assertTrue(refusal.contains("\"code\":\"shutting_down\""), refusal);
            assertTrue(!closing.isDone() && !inFlight.isDone());

            upstreamAnswers.countDown();
            assertEquals("{\"created\":1}", inFlight.get(20, TimeUnit.SECONDS).body());
            assertEquals("1", inFlight.get().headers().firstValue("x-credits-charged").orElseThrow());
            closing.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void whatOutlastsTheDrainIsCutOff() throws Exception {
        TestGateway gateway = slowGateway(Duration.ofMillis(50));
        CompletableFuture<HttpResponse<String>> inFlight = order(gateway);
        upstreamAsked.await();

        gateway.close();

        assertThrows(ExecutionException.class, () -> inFlight.get(20, TimeUnit.SECONDS));
        upstreamAnswers.countDown();
    }

    @Test
    void anIdleConnectionKeepsNobodyWaiting() throws Exception {
        TestGateway gateway = TestGateway.start(Duration.ofMinutes(10));
        try (Socket idle = new Socket("127.0.0.1", gateway.server.port())) {
            ask(idle);
            assertEquals('H', idle.getInputStream().read());

            CompletableFuture.runAsync(gateway::close).get(20, TimeUnit.SECONDS);
        }
        gateway.close(); // once more does nothing
    }

    @Test
    void aTakenPortIsNamed() throws Exception {
        try (TestGateway gateway = TestGateway.start()) {
            Settings same = new Settings(
                    "127.0.0.1", gateway.server.port(), 1000, 10, Duration.ZERO, Optional.empty(), List.of());

            BindException failure = assertThrows(BindException.class, () -> RelayHttpServer.start(
                    same, new UseCases(null, null, null, null, null, null), () -> null, () -> true,
                    gateway.time));

            String address = "127.0.0.1:" + gateway.server.port();
            assertTrue(failure.getMessage().contains(address), failure.getMessage());
        }
    }

    private static void ask(Socket socket) throws IOException {
        socket.getOutputStream().write(LIVE.getBytes(StandardCharsets.US_ASCII));
    }

    /** Returns once everything but one request has been answered to the end. */
    private static void awaitOneInFlight(RelayHttpServer server) {
        while (server.inFlight() > 1) {
            Thread.onSpinWait();
        }
    }

    /** Returns once that port takes no connection any more. */
    private static void awaitRefusal(int port) throws IOException {
        while (true) {
            try {
                new Socket("127.0.0.1", port).close();
            } catch (SocketException e) {
                return;
            }
        }
    }
}
