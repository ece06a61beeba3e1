package dev.imagerelay.adapters.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.imagerelay.application.SettableTime;
import jakarta.servlet.http.HttpServletRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whoever sends wrong keys again and again is not heard for a while; others at the same address hardly notice. */
class WrongKeysTest {

    private static final String WRONG = "sk-relay-aaaaaaaa-" + "a".repeat(43);

    private final SettableTime time = new SettableTime();
    private final WrongKeys wrongKeys = new WrongKeys("keys", time);

    private static HttpServletRequest from(String address) {
        HttpServletRequest request = mock();
        when(request.getRemoteAddr()).thenReturn(address);
        return request;
    }

    private void add(String address, int times) {
        HttpServletRequest request = from(address);
        for (int i = 0; i < times; i++) {
            wrongKeys.add(request);
        }
    }

    private Optional<Integer> refusedFor(String address) {
        return wrongKeys.refusedFor(from(address));
    }

    @Test
    void soManyAMinuteAreLookedAt() {
        add("192.0.2.1", WrongKeys.MOST - 1);
        assertEquals(Optional.empty(), refusedFor("192.0.2.1"));
        time.pass(Duration.ofMillis(500));
        add("192.0.2.1", 1);

        assertEquals(Optional.of(60), refusedFor("192.0.2.1"));
        assertEquals(Optional.empty(), refusedFor("192.0.2.2"));
        time.pass(Duration.ofSeconds(59));
        assertEquals(Optional.of(1), refusedFor("192.0.2.1"));
        time.pass(Duration.ofMillis(500));
        assertEquals(Optional.empty(), refusedFor("192.0.2.1"));
    }

    @Test
    void aClockThatIsSetBackMakesNoMinuteLonger() {
        add("192.0.2.1", WrongKeys.MOST);
        time.pass(Duration.ofHours(-1));

        assertEquals(Optional.empty(), refusedFor("192.0.2.1"));
    }

    @ParameterizedTest
    @CsvSource({
        "2001:db8:1:2:3:4:5:6, 2001:db8:1:2::1, true",
        "2001:db8:1:2:3:4:5:6, 2001:db8:1:3:3:4:5:6, false",
        "::1, 0:0:0:0:0:0:0:1, true",
        "192.0.2.1, 192.0.2.2, false",
        "no address, no address, true",
    })
    void anIpv6AddressCountsByItsFirstHalf(String one, String other, boolean same) {
        add(one, WrongKeys.MOST);

        assertEquals(same, refusedFor(other).isPresent());
    }

    @Test
    void noMoreAddressesAreCountedThanThereIsRoomFor() {
        for (int i = 0; i < WrongKeys.MOST_ADDRESSES; i++) {
            wrongKeys.add(from("host-" + i));
        }
        add("one-more", WrongKeys.MOST);
        assertEquals(Optional.empty(), refusedFor("one-more"));
        add("host-7", WrongKeys.MOST);
        assertTrue(refusedFor("host-7").isPresent());
    }

    @Test
    void aWrongKeyTooManyIsNotLookedUpAndAKnownOneIs() throws Exception {
        AtomicInteger lookUps = new AtomicInteger();
        try (TestGateway gateway = TestGateway.start(cases -> new RelayHttpServer.UseCases(
                key -> {
                    lookUps.incrementAndGet();
                    return cases.authenticate().authenticate(key);
                },
                cases.generateImages(), cases.quoteImages(), cases.listModels(), cases.readCredits(),
                cases.readResult()))) {
            String unused = gateway.anotherKey();
            String revoked = gateway.anotherKey();
            assertEquals(200, send(gateway, gateway.key).statusCode());
            assertEquals(200, send(gateway, revoked).statusCode());
            for (int i = 0; i < WrongKeys.MOST; i++) {
                assertEquals(401, send(gateway, WRONG).statusCode());
            }
            gateway.administration.revokeKey(revoked.substring(0, 17));
            int before = lookUps.get();

            HttpResponse<String> refused = send(gateway, WRONG);
            assertEquals(429, refused.statusCode());
            assertEquals("60", refused.headers().firstValue("Retry-After").orElseThrow());
            assertEquals("rate_limit_exceeded", TestGateway.json(refused).at("/error/code").textValue());
            assertEquals(429, send(gateway, unused).statusCode(), "nobody knows yet that it is right");
            assertEquals(429, send(gateway, "no-key").statusCode());
            assertEquals(before, lookUps.get());
            assertEquals(200, send(gateway, gateway.key).statusCode());
            assertEquals(401, send(gateway, revoked).statusCode(), "known, so it is looked up once more");
            assertEquals(429, send(gateway, revoked).statusCode());
            assertEquals(401, gateway.send(gateway.to("/v1/models")).statusCode(), "to send none is no guess");

            gateway.time.pass(Duration.ofMinutes(1));
            assertEquals(200, send(gateway, unused).statusCode());
            assertEquals(401, send(gateway, WRONG).statusCode());
        }
    }

    @Test
    void afterTooManyWrongTokensNotEvenTheRightOneIsTaken() {
        Admins admins = new Admins("right-token", wrongKeys);
        for (int i = 0; i < WrongKeys.MOST; i++) {
            assertFalse(identified(admins, "wrong-token"));
        }
        assertFalse(identified(admins, "right-token"));

        time.pass(Duration.ofMinutes(1));
        assertTrue(identified(admins, "right-token"));
    }

    private static boolean identified(Admins admins, String token) {
        HttpServletRequest request = from("127.0.0.1");
        when(request.getHeaders("Authorization"))
                .thenReturn(Collections.enumeration(List.of("Bearer " + token)));
        return admins.identify(request) instanceof Reading.Read<String>;
    }

    private static HttpResponse<String> send(TestGateway gateway, String key) throws Exception {
        return gateway.send(gateway.to("/v1/models").header("Authorization", "Bearer " + key));
    }
}
