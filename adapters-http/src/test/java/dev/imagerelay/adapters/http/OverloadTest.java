package dev.imagerelay.adapters.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whoever comes when there is as much to do as the gateway can take is told so at once, and costs nothing. */
class OverloadTest {

    private static final int MOST = 3;

    private final CountDownLatch asked = new CountDownLatch(MOST);
    private final CountDownLatch mayAnswer = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newFixedThreadPool(MOST);
    private final TestGateway gateway = TestGateway.takingAtMost(MOST);

    @AfterEach
    void close() {
        gateway.close();
        threads.shutdown();
    }

    @Test
    void oneRequestTooManyIsRefusedAndTheOthersAreAnswered() throws Exception {
        gateway.upstream = (id, route, order, body, previews) -> {
            asked.countDown();
            await(mayAnswer);
            return TestGateway.images("{\"created\":1}");
        };
        List<Future<HttpResponse<String>>> inFlight = new ArrayList<>();
        for (int i = 0; i < MOST; i++) {
            inFlight.add(threads.submit(this::order));
        }
        await(asked);

        HttpResponse<String> refused = order();

        assertEquals(503, refused.statusCode());
        assertEquals(
                "{\"error\":{\"message\":\"The gateway has as much to do as it can take. Nothing was charged. Try again.\","
                        + "\"type\":\"server_error\",\"param\":null,\"code\":\"overloaded\"}}",
                refused.body());
        assertEquals("1", refused.headers().firstValue("Retry-After").orElseThrow());
        assertEquals("true", refused.headers().firstValue("x-should-retry").orElseThrow());
        assertEquals("req_00000000000000000000000000000004", refused.headers().firstValue("x-request-id").orElseThrow());
        assertEquals(200, gateway.send(gateway.to("/health/live")).statusCode(), "busy is not dead");
        assertEquals(MOST, gateway.ledger.held(10).size());

        mayAnswer.countDown();
        for (Future<HttpResponse<String>> each : inFlight) {
            assertEquals(200, each.get(20, TimeUnit.SECONDS).statusCode());
        }
        assertEquals(200, order().statusCode());
    }

    private HttpResponse<String> order() throws IOException, InterruptedException {
        return gateway.send(gateway.post("/v1/images/generations", TestGateway.ORDER));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
