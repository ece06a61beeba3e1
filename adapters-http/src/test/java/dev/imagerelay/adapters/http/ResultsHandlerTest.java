package dev.imagerelay.adapters.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.application.port.out.InMemoryResults;
import dev.imagerelay.domain.image.Delivery;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.UpstreamFailure;
import dev.imagerelay.domain.relay.UpstreamReply;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What has been paid for can be had again by who paid for it, and nothing else is even there. */
class ResultsHandlerTest {

    private static final String JSON = "{\r\n \"created\": 1e3,\"neu\":\"\u00fc\"}\n";
    private static final String EVENTS = "event: image_generation.completed\r\ndata: {}\r\n\r\n";

    private final InMemoryResults results = new InMemoryResults();
    private final TestGateway gateway = TestGateway.keeping(results);

    @AfterEach
    void stop() {
        gateway.close();
    }

    /** The name of an order that was answered with that. */
    private String order(UpstreamReply reply) throws Exception {
        gateway.upstream = (id, route, order, body, previews) -> reply;
        return gateway.send(gateway.post("/v1/images/generations", TestGateway.ORDER))
                .headers()
                .firstValue("x-request-id")
                .orElseThrow();
    }

    private String paidOrder() throws Exception {
        return order(TestGateway.images(JSON));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/images/results/", "/api/ai/images/results/"})
    void whatWasPaidForComesAgainUnchangedAndFree(String path) throws Exception {
        String name = paidOrder();

        HttpResponse<String> get = gateway.send(gateway.from(path + name));
        HttpResponse<String> head = gateway.send(gateway.from(path + name).method("HEAD", BodyPublishers.noBody()));

        assertEquals(200, get.statusCode());
        assertEquals(JSON, get.body());
        assertEquals(200, head.statusCode());
        assertEquals("", head.body());
        for (HttpResponse<String> response : List.of(get, head)) {
            assertEquals("application/json", response.headers().firstValue("Content-Type").orElseThrow());
        }
        assertEquals(Credits.of("1"), gateway.ledger.totals(gateway.account).spent());
    }

    @Test
    void whatCameInAStreamComesAgainInAStream() throws Exception {
        String name = order(new UpstreamReply.Images(MemoryReply.events(EVENTS), Delivery.of(1)));

        HttpResponse<String> response = gateway.send(gateway.from("/v1/images/results/" + name));

        assertEquals(EVENTS, response.body());
        assertEquals("text/event-stream; charset=utf-8", response.headers().firstValue("Content-Type").orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "req_00000000000000000000000000000000", "req_0000000000000000000000000000000G", "none", "req_", "%20",
        "a%2Fb", "..%2f..%2fetc%2fpasswd", "gr%C3%B6%C3%9Fer"
    })
    void aNameOfNothingIsNotFound(String name) throws Exception {
        paidOrder();

        notFound(gateway.send(gateway.from("/v1/images/results/" + name)));
    }

    @Test
    void whatAnotherAccountPaidForIsNotFound() throws Exception {
        String name = paidOrder();

        notFound(gateway.send(gateway.from("/v1/images/results/" + name)
                .setHeader("Authorization", "Bearer " + gateway.anotherKey())));
    }

    @Test
    void whatIsNotPaidForIsNotFound() throws Exception {
        String name = order(UpstreamReply.Failed.of(UpstreamFailure.CUT_OFF));
        results.keep(new RelayId(name), MemoryReply.json(JSON));

        notFound(gateway.send(gateway.from("/v1/images/results/" + name)));
    }

    @Test
    void whatIsForgottenIsNotFound() throws Exception {
        String name = paidOrder();
        results.forgetAll();

        notFound(gateway.send(gateway.from("/v1/images/results/" + name)));
    }

    private static void notFound(HttpResponse<String> response) throws Exception {
        assertEquals(404, response.statusCode(), response.body());
        assertEquals("result_not_found", TestGateway.json(response).at("/error/code").textValue());
        String message = TestGateway.json(response).at("/error/message").textValue();
        assertTrue(message.endsWith("'. It is named by the x-request-id of images that were paid for, and is kept for a"
                + " while only."), message);
    }
}
