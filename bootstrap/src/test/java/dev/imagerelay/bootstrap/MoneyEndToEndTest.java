package dev.imagerelay.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.imagerelay.adapters.upstream.MisbehavingUpstream;
import dev.imagerelay.adapters.upstream.MisbehavingUpstream.Script;
import dev.imagerelay.domain.ledger.EntryKind;
import dev.imagerelay.domain.ledger.LedgerEntry;
import dev.imagerelay.domain.ledger.Pot;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is delivered is paid for, at the published price, and nothing else is; seen through the real server. */
class MoneyEndToEndTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ORDER = "{\"model\":\"gpt-image-2\",\"prompt\":\"x\",\"size\":\"1024x1024\"}";

    @Test
    void threeOfFourArePaidAndTheRestGoesBack() throws Exception {
        String three = "{\"created\":1,\"data\":[{\"b64_json\":\"QQ==\"},{\"b64_json\":\"QQ==\"},{\"url\":\"http://x\"}]}";
        try (MisbehavingUpstream upstream = MisbehavingUpstream.answering(MisbehavingUpstream.json(200, three));
                RunningRelay relay = RunningRelay.on(upstream, "10")) {
            HttpResponse<byte[]> response = relay.generate(
                    "{\"model\":\"gpt-image-2\",\"prompt\":\"x\",\"n\":4,\"size\":\"2560x1440\"}");

            assertEquals(200, response.statusCode());
            assertEquals(List.of("6", "4", "3"), receipt(response));
            assertEquals(RunningRelay.credits("4"), relay.balance());
            assertEquals(
                    List.of(EntryKind.RELEASED, EntryKind.SETTLED, EntryKind.HELD, EntryKind.GRANTED),
                    relay.entries().stream().map(LedgerEntry::kind).toList());
            assertEveryPotAddsUpToNothing(relay.entries());
        }
    }

    @Test
    void whatIsLeftToTheModelIsHeldAtItsDearestAndChargedAsItCame() throws Exception {
        String small = "{\"created\":1,\"data\":[{\"b64_json\":\"QQ==\"}],\"size\":\"1536x1024\",\"quality\":\"low\"}";
        try (MisbehavingUpstream upstream = MisbehavingUpstream.answering(MisbehavingUpstream.json(200, small));
                RunningRelay relay = RunningRelay.on(upstream, "4")) {
            HttpResponse<byte[]> response =
                    relay.generate("{\"model\":\"gpt-image-2\",\"prompt\":\"x\",\"quality\":\"auto\"}");

            assertEquals(List.of("1", "3", "1"), receipt(response));
            assertEquals("4", relay.entries().get(2).amount().toString(), "the dearest size was held");
        }
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                failure("an error of its own", MisbehavingUpstream.json(500, "{\"error\":{}}"), 502, "upstream_error", false),
                failure("a page of HTML", wire -> wire.answer(
                        502, "Content-Type: text/html\r\n", "<html>no</html>".getBytes()), 502, "upstream_cut_off", true),
                failure("a reset", wire -> wire.reset(), 502, "upstream_cut_off", true),
                failure("half an answer", wire -> {
                    wire.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 999\r\n\r\n{\"data\":[{");
                    wire.hangUp();
                }, 502, "upstream_cut_off", true),
                failure("garbage", wire -> wire.answer(
                        200, "Content-Type: application/json\r\n", "{\"data\":[{\"b64_json\":\"QQ==\"}".getBytes()),
                        502, "upstream_invalid_response", true),
                failure("an error in a success", MisbehavingUpstream.json(
                        200, "{\"error\":{\"message\":\"no\"},\"data\":[{\"b64_json\":\"QQ==\"}]}"),
                        502, "upstream_invalid_response", true),
                failure("no pictures", MisbehavingUpstream.json(200, "{\"created\":1,\"data\":[]}"),
                        502, "upstream_no_images", true),
                failure("silence", wire -> wire.stall(), 504, "upstream_timed_out", true),
                failure("silence in the middle", wire -> {
                    wire.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 999\r\n\r\n{\"data\"");
                    wire.stall();
                }, 504, "upstream_timed_out", true),
                failure("a refusal of our key", MisbehavingUpstream.json(
                        401, "{\"error\":{\"message\":\"Incorrect API key provided: sk-up***\"}}"),
                        502, "upstream_auth_failed", true),
                failure("an empty account of ours", MisbehavingUpstream.json(
                        429, "{\"error\":{\"type\":\"insufficient_quota\",\"code\":\"insufficient_quota\"}}"),
                        503, "upstream_quota_exhausted", true));
    }

    private static Arguments failure(String what, Script script, int status, String code, boolean noRetry) {
        return Arguments.of(what, script, status, code, noRetry);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("failures")
    void aFailedUpstreamCostsNothing(String what, Script script, int status, String code, boolean noRetry)
            throws Exception {
        try (MisbehavingUpstream upstream = MisbehavingUpstream.answering(script);
                RunningRelay relay = RunningRelay.on(upstream, "10")) {
            HttpResponse<byte[]> response = relay.generate(ORDER);

            JsonNode error = JSON.readTree(response.body()).get("error");
            assertEquals(status, response.statusCode());
            assertEquals(code, error.get("code").asText());
            assertEquals(noRetry, response.headers().firstValue("x-should-retry").equals(Optional.of("false")));
            assertEquals(List.of("0", "10", "0"), receipt(response));
            assertEquals(RunningRelay.credits("10"), relay.balance());
            assertEquals(1, upstream.requests().size(), "nothing is asked for twice");
            assertTrue(!error.toString().contains("sk-up"), "the upstream's own trouble stays ours");
        }
    }

    @Test
    void aRefusedPromptPassesThroughAndCostsNothing() throws Exception {
        String refusal = "{\n  \"error\": {\"message\": \"Your request was rejected\", \"type\": "
                + "\"image_generation_user_error\", \"param\": null, \"code\": \"moderation_blocked\", "
                + "\"moderation_details\": {\"moderation_stage\": \"input\"}}}";
        try (MisbehavingUpstream upstream = MisbehavingUpstream.answering(MisbehavingUpstream.json(400, refusal));
                RunningRelay relay = RunningRelay.on(upstream, "10")) {
            HttpResponse<byte[]> response = relay.generate(ORDER);

            assertEquals(400, response.statusCode());
            assertEquals(refusal, new String(response.body()));
            assertEquals(List.of("0", "10", "0"), receipt(response));
            assertEquals(RunningRelay.credits("10"), relay.balance());
        }
    }

    @Test
    void sixtyFourAtOnceSpendExactlyWhatThereIs() throws Exception {
        String one = "{\"created\":1,\"data\":[{\"b64_json\":\"QQ==\"}]}";
        try (MisbehavingUpstream upstream = MisbehavingUpstream.answering(MisbehavingUpstream.json(200, one));
                RunningRelay relay = RunningRelay.on(upstream, "50")) {
            List<Callable<Integer>> customers = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                customers.add(() -> relay.generate(ORDER).statusCode());
            }

            List<Integer> statuses = allAtOnce(customers);

            assertEquals(50, statuses.stream().filter(status -> status == 200).count());
            assertEquals(14, statuses.stream().filter(status -> status == 429).count());
            assertEquals(50, upstream.requests().size());
            assertEquals(RunningRelay.credits("0"), relay.balance());
            assertEveryPotAddsUpToNothing(relay.entries());
        }
    }

    private static List<Integer> allAtOnce(List<Callable<Integer>> calls) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(calls.size());
        try {
            List<Integer> answers = new ArrayList<>();
            for (Future<Integer> call : threads.invokeAll(calls)) {
                answers.add(call.get());
            }
            return answers;
        } finally {
            threads.shutdown();
        }
    }

    private static List<String> receipt(HttpResponse<byte[]> response) {
        return Stream.of("x-credits-charged", "x-credits-remaining", "x-images-delivered")
                .map(name -> response.headers().firstValue(name).orElse("missing"))
                .toList();
    }

    private static void assertEveryPotAddsUpToNothing(List<LedgerEntry> entries) throws IOException {
        Map<Pot, Long> pots = new EnumMap<>(Pot.class);
        for (LedgerEntry entry : entries) {
            pots.merge(entry.kind().from(), -entry.amount().micros(), Long::sum);
            pots.merge(entry.kind().to(), entry.amount().micros(), Long::sum);
        }
        assertEquals(0, pots.values().stream().mapToLong(Long::longValue).sum());
        assertTrue(pots.get(Pot.AVAILABLE) >= 0 && pots.getOrDefault(Pot.HELD, 0L) == 0, pots.toString());
    }
}
