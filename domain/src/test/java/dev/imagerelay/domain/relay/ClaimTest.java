package dev.imagerelay.domain.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.imagerelay.domain.Samples;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.catalogue.Catalogue;
import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.pricing.Charge;
import dev.imagerelay.domain.pricing.Credits;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A claim tells the same order from another, and knows how long an earlier one counts. */
class ClaimTest {

    private static final RequestBody BODY = RequestBody.of(ImageOrder.of("painter", "a fox"));
    private static final RequestBody OTHER_BODY = RequestBody.of(ImageOrder.of("painter", "a hen"));
    private static final Instant THEN = Instant.parse("2026-11-22T12:00:00Z");

    @Test
    void aKeyNamesOneOrderWhateverItSays() {
        Claim claim = Claim.keyed("k", BODY);

        assertEquals(claim, Claim.keyed("k", BODY));
        assertEquals(claim.name(), Claim.keyed("k", OTHER_BODY).name());
        assertNotEquals(claim.fingerprint(), Claim.keyed("k", OTHER_BODY).fingerprint());
        assertNotEquals(claim.name(), Claim.keyed("K", BODY).name());
    }

    @Test
    void anAttemptIsNamedByItsSenderAndItsOrder() {
        Claim claim = Claim.attempt("sk-relay-annannan", 0, BODY);

        assertEquals(claim.name(), Claim.attempt("sk-relay-annannan", 2, BODY).name());
        assertNotEquals(claim.name(), Claim.attempt("sk-relay-bobbobbo", 0, BODY).name());
        assertNotEquals(claim.name(), Claim.attempt("sk-relay-annannan", 0, OTHER_BODY).name());
        assertNotEquals(claim.name(), Claim.keyed("sk-relay-annannan", BODY).name());
    }

    @Test
    void nothingOfAKeyCanBeReadFromItsName() {
        assertFalse(Claim.keyed("secret", BODY).toString().contains("secret"));
        assertThrows(IllegalArgumentException.class, () -> new Claim("k", "f", Claim.Kind.KEYED));
    }

    @ParameterizedTest
    @CsvSource({
        // what is claimed now, the earlier relay, how long ago, whether that is the same order
        "KEYED, HELD,     PT0S,         true",
        "KEYED, HELD,     PT48H,        true",
        "KEYED, SETTLED,  PT23H59M59S,  true",
        "KEYED, SETTLED,  PT24H,        false",
        "KEYED, RELEASED, PT1S,         false",
        "FIRST, HELD,     PT1S,         false",
        "FIRST, SETTLED,  PT1S,         false",
        "FIRST, RELEASED, PT1S,         false",
        "AGAIN, HELD,     PT1H,         true",
        "AGAIN, SETTLED,  PT14M59S,     true",
        "AGAIN, SETTLED,  PT15M,        false",
        "AGAIN, RELEASED, PT1S,         false",
    })
    void anEarlierRelayCountsByWhatBecameOfItAndWhen(Claim.Kind kind, RelayState state, Duration age, boolean met) {
        Claim claim = new Claim("0".repeat(64), "1".repeat(64), kind);

        assertEquals(met, claim.isMetBy(new Claimed(relay(state), "1".repeat(64), THEN), THEN.plus(age)));
    }

    private static Relay relay(RelayState state) {
        Relay held = Relay.of(
                new RelayId("req_" + "0".repeat(32)), new AccountId("ann"), "sk-relay-annannan",
                new Catalogue(List.of(Samples.painter())).quote(ImageOrder.of("painter", "a fox")).orThrow());
        return switch (state) {
            case HELD -> held;
            case SETTLED -> held.settled(new Charge(Credits.ZERO, 1));
            case RELEASED -> held.released("timed_out");
        };
    }
}
