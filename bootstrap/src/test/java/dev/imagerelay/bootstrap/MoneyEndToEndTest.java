package dev.imagerelay.bootstrap;

import static dev.imagerelay.adapters.upstream.MisbehavingUpstream.answering;
import static dev.imagerelay.adapters.upstream.MisbehavingUpstream.json;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.imagerelay.adapters.upstream.MisbehavingUpstream;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is delivered is paid for and nothing else is, where no conformance case asks for it. */
class MoneyEndToEndTest {

    @ParameterizedTest
    @ValueSource(strings = {"{\"data\":[{\"b64_json\":\"QQ==\"}", "[{\"b64_json\":\"QQ==\"}]", "QQ=="})
    void anAnswerThatIsNoObjectCostsNothing(String body) throws Exception {
        UpstreamTrouble.UNUSABLE_ANSWER.isCausedBy(json(200, body));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"created\":1,\"data\":[]}", "{\"data\":[{\"b64_json\":\"\"}]}", "{\"data\":null}", "{}"})
    void anAnswerWithoutAPictureCostsNothing(String body) throws Exception {
        UpstreamTrouble.NO_IMAGES.isCausedBy(json(200, body));
    }

    @Test
    void sixtyFourAtOnceSpendExactlyWhatThereIs() throws Exception {
        try (MisbehavingUpstream upstream = answering(json(200, Exchanges.PICTURE));
                RunningRelay relay = RunningRelay.patientlyOn(upstream, "50")) {
            List<CompletableFuture<HttpResponse<byte[]>>> customers = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                customers.add(relay.sendLater(relay.request("/v1/images/generations", Exchanges.ORDER)));
            }
            List<Integer> statuses = new ArrayList<>();
            for (CompletableFuture<HttpResponse<byte[]>> customer : customers) {
                statuses.add(customer.get().statusCode());
            }

            assertEquals(50, Collections.frequency(statuses, 200));
            assertEquals(14, Collections.frequency(statuses, 429));
            assertEquals(50, upstream.requests().size());
            assertEquals(RunningRelay.credits("0"), relay.balance());
            assertEquals(50, Collections.frequency(relay.moves(), "held 1"));
            assertEquals(50, Collections.frequency(relay.moves(), "settled 1"));
            assertEquals(101, relay.moves().size());
        }
    }
}
