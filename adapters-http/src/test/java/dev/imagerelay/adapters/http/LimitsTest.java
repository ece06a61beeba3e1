package dev.imagerelay.adapters.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.domain.account.AccountState;
import dev.imagerelay.domain.account.KeyScope;
import dev.imagerelay.domain.account.Limits;
import dev.imagerelay.domain.image.ModelId;
import dev.imagerelay.domain.pricing.Credits;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a key may do is enforced, and told in headers before it is reached. */
class LimitsTest {

    private final TestGateway gateway = TestGateway.start();

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void everyAnswerToAnOrderTellsWhereTheLimitsStand() throws Exception {
        gateway.administration.change(gateway.account, Optional.empty(), before -> new Limits(
                Optional.of(100), Optional.of(3), Optional.of(7), Optional.empty()));
        String key = key(new Limits(Optional.of(2), Optional.of(50), Optional.empty(), Optional.empty()));

        HttpResponse<String> first = order(key, TestGateway.ORDER);
        gateway.time.pass(Duration.ofMillis(500));
        HttpResponse<String> refused = order(key, "{}");
        HttpResponse<String> second = order(key, TestGateway.ORDER);
        HttpResponse<String> third = order(key, TestGateway.ORDER);

        assertEquals(200, first.statusCode());
        assertEquals("2", header(first, "x-ratelimit-limit-requests"));
        assertEquals("1", header(first, "x-ratelimit-remaining-requests"));
        assertEquals("60s", header(first, "x-ratelimit-reset-requests"));
        assertEquals("3", header(first, "x-ratelimit-limit-images"), "the nearest limit of a kind");
        assertEquals("2", header(first, "x-ratelimit-remaining-images"));
        assertEquals(
                "\"key-requests\";q=2;w=60, \"key-images\";q=50;w=60, \"account-requests\";q=100;w=60,"
                        + " \"account-images\";q=3;w=60, \"account-at-once\";q=7;qu=\"concurrent-requests\"",
                header(first, "RateLimit-Policy"));
        assertEquals(
                "\"key-requests\";r=1;t=60, \"key-images\";r=49;t=60, \"account-requests\";r=99;t=60,"
                        + " \"account-images\";r=2;t=60, \"account-at-once\";r=7",
                header(first, "RateLimit"));
        assertEquals(400, refused.statusCode(), "counts for nothing");
        assertEquals("0", header(second, "x-ratelimit-remaining-requests"));
        assertEquals(429, third.statusCode());
        assertEquals("60", header(third, "Retry-After"));
        assertEquals("59500", header(third, "retry-after-ms"));
        assertEquals("0", header(third, "x-ratelimit-remaining-requests"));
        assertEquals(2, gateway.ledger.entries(gateway.account, OptionalLong.empty(), 100).lines().stream()
                .filter(line -> line.entry().kind().name().equals("HELD"))
                .count());
    }

    @Test
    void aStreamTellsThemAtItsBeginning() throws Exception {
        String key = key(new Limits(Optional.of(2), Optional.empty(), Optional.empty(), Optional.empty()));
        gateway.upstream = (id, route, order, body, previews) -> {
            previews.show(MemoryReply.events("event: x\ndata: {}\n\n"));
            return TestGateway.images("{\"created\":1}");
        };

        HttpResponse<String> stream = order(key, TestGateway.ORDER.replace("}", ",\"stream\":true}"));

        assertEquals(200, stream.statusCode());
        assertEquals("2", header(stream, "x-ratelimit-limit-requests"));
    }

    @Test
    void whoHasNoLimitsIsToldOfNone() throws Exception {
        HttpResponse<String> answer = order(gateway.key, TestGateway.ORDER);

        assertEquals(200, answer.statusCode());
        assertTrue(answer.headers().map().keySet().stream().noneMatch(name -> name.contains("ratelimit")));
    }

    @Test
    void aKeyForSomeModelsOrdersFromNoOther() throws Exception {
        String key = gateway.administration
                .issueKey(gateway.account, "painters", new KeyScope(
                        Set.of(new ModelId("resold/painter-1.5")), Limits.NONE, Optional.empty(), Optional.empty()))
                .orElseThrow().secret().reveal();

        HttpResponse<String> answer = order(key, TestGateway.ORDER);

        assertEquals(403, answer.statusCode());
        assertEquals("model_not_allowed", TestGateway.json(answer).at("/error/code").textValue());
    }

    @Test
    void aCapOnSpendingStopsExactlyThere() throws Exception {
        String key = gateway.administration
                .issueKey(gateway.account, "", new KeyScope(
                        Set.of(), Limits.NONE, Optional.of(Credits.of("2")), Optional.empty()))
                .orElseThrow().secret().reveal();

        assertEquals(200, order(key, TestGateway.ORDER).statusCode());
        assertEquals(200, order(key, TestGateway.ORDER).statusCode());
        HttpResponse<String> third = order(key, TestGateway.ORDER);

        assertEquals(429, third.statusCode());
        assertEquals("spending_cap_reached", TestGateway.json(third).at("/error/code").textValue());
        assertEquals(200, order(gateway.key, TestGateway.ORDER).statusCode(), "of this key alone");
    }

    @Test
    void aSuspendedAccountIsToldSoOnEveryRoute() throws Exception {
        gateway.administration.change(gateway.account, Optional.of(AccountState.SUSPENDED), before -> before);

        for (HttpResponse<String> answer : List.of(
                order(gateway.key, TestGateway.ORDER),
                gateway.send(gateway.from("/v1/models")),
                gateway.send(gateway.from("/api/ai/credits")))) {
            assertEquals(403, answer.statusCode());
            assertEquals("account_suspended", TestGateway.json(answer).at("/error/code").textValue());
        }
        gateway.administration.change(gateway.account, Optional.of(AccountState.OPEN), before -> before);
        assertEquals(200, order(gateway.key, TestGateway.ORDER).statusCode());
    }

    private String key(Limits limits) {
        return gateway.administration
                .issueKey(gateway.account, "", new KeyScope(Set.of(), limits, Optional.empty(), Optional.empty()))
                .orElseThrow().secret().reveal();
    }

    private HttpResponse<String> order(String key, String json) throws Exception {
        return gateway.send(gateway.to("/v1/images/generations")
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json)));
    }

    private static String header(HttpResponse<String> answer, String name) {
        return answer.headers().firstValue(name).orElse("none");
    }
}
