package dev.imagerelay.domain.relay;

import static dev.imagerelay.domain.Samples.order;
import static dev.imagerelay.domain.Samples.painter;
import static dev.imagerelay.domain.Samples.rows;
import static dev.imagerelay.domain.Samples.sizes;
import static dev.imagerelay.domain.Samples.sketcher;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.catalogue.Catalogue;
import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.pricing.Charge;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.pricing.PriceTable;
import dev.imagerelay.domain.pricing.Quote;
import dev.imagerelay.domain.pricing.RateCard;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A relay's record can never say that more was charged than held, or more given back than charged. */
class RelayTest {

    private static final RelayId ID = new RelayId("req_0123456789abcdef0123456789abcdef");
    private static final AccountId ACCOUNT = new AccountId("acct_1");
    private static final ImageOrder ORDER = order("painter", 3, "2K", null, null);
    private static final Quote QUOTE = new Catalogue(List.of(painter())).quote(ORDER).orThrow();

    private final Relay held = Relay.of(ID, ACCOUNT, "sk-relay-Ab3dE6gH", QUOTE);

    @Test
    void beginsHeldAtItsQuote() {
        assertEquals(
                new Relay(
                        ID,
                        ACCOUNT,
                        "sk-relay-Ab3dE6gH",
                        ORDER.model(),
                        ORDER.size(),
                        ORDER.quality(),
                        3,
                        Credits.of("15"),
                        QUOTE.version(),
                        RelayState.HELD,
                        0,
                        Credits.ZERO,
                        Credits.ZERO,
                        Optional.empty()),
                held);
    }

    @Test
    void isSettledAtItsCharge() {
        assertEquals(
                with(RelayState.SETTLED, 2, "4", "0", Optional.empty()),
                held.settled(new Charge(Credits.of("2"), 2)));
        assertEquals(
                with(RelayState.SETTLED, 3, "15", "0", Optional.empty()),
                held.settled(new Charge(Credits.of("5"), 3)));
    }

    @Test
    void isReleasedForAReason() {
        assertEquals(with(RelayState.RELEASED, 0, "0", "0", Optional.of("timed_out")), held.released("timed_out"));
    }

    @Test
    void isRefundedBitByBit() {
        Relay settled = held.settled(new Charge(Credits.of("2"), 2));

        assertEquals(
                with(RelayState.SETTLED, 2, "4", "4", Optional.empty()),
                settled.refunded(Credits.of("1")).refunded(Credits.of("3")));
    }

    @Test
    void isPricedByTheCardItWasQuotedBy() {
        RateCard card = new Catalogue(List.of(painter())).rateCard();

        assertTrue(held.isPricedBy(card));
        assertTrue(held.released("timed_out").isPricedBy(card));
        assertTrue(held.settled(new Charge(Credits.of("5"), 3)).isPricedBy(card));
        assertTrue(held.settled(new Charge(Credits.of("2"), 1)).isPricedBy(card), "in low quality");
        assertTrue(held.settled(new Charge(Credits.of("2"), 1)).refunded(Credits.of("1")).isPricedBy(card));
    }

    @Test
    void isNotPricedByACardThatLeadsToAnythingElse() {
        RateCard card = new Catalogue(List.of(painter())).rateCard();
        RateCard other = new Catalogue(List.of(sketcher())).rateCard();

        assertFalse(held.isPricedBy(other), "no price at all");
        assertFalse(held.settled(new Charge(Credits.of("3"), 1)).isPricedBy(card), "of another size");
        assertFalse(held.settled(new Charge(Credits.of("5"), 0)).isPricedBy(card), "settled for nothing");
        assertFalse(Relay.of(ID, ACCOUNT, "sk-relay-Ab3dE6gH", new Catalogue(List.of(painter()))
                .quote(order("painter", 3, "4K", null, null)).orThrow()).isPricedBy(
                new RateCard(Map.of(ORDER.model(), PriceTable.of(sizes("4K"), List.of(), rows("4K=3"))))));
    }

    @Test
    void cannotChargeMoreThanIsHeld() {
        assertThrows(IllegalArgumentException.class, () -> held.settled(new Charge(Credits.of("5.000001"), 3)));
        assertThrows(IllegalArgumentException.class, () -> held.settled(new Charge(Credits.of("5"), 4)));
    }

    @Test
    void cannotRefundMoreThanIsCharged() {
        Relay settled = held.settled(new Charge(Credits.of("2"), 2)).refunded(Credits.of("1"));

        assertThrows(IllegalArgumentException.class, () -> settled.refunded(Credits.of("3.000001")));
        assertThrows(IllegalArgumentException.class, () -> held.refunded(Credits.of("0.000001")));
        assertThrows(
                IllegalArgumentException.class, () -> held.released("timed_out").refunded(Credits.of("0.000001")));
    }

    private Relay with(
            RelayState state, int delivered, String charged, String refunded, Optional<String> reason) {
        return new Relay(
                held.id(), held.account(), held.keyPrefix(), held.model(), held.size(), held.quality(), held.images(),
                held.quoted(), held.version(), state, delivered, Credits.of(charged), Credits.of(refunded), reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "",
        "0123456789abcdef0123456789abcdef",
        "req_0123456789abcdef0123456789abcde",
        "req_0123456789abcdef0123456789abcdef0",
        "req_0123456789ABCDEF0123456789ABCDEF",
        "req_0123456789abcdef0123456789abcdef\n",
        "REQ_0123456789abcdef0123456789abcdef"
    })
    void anIdIsReqAndThirtyTwoHexadecimalDigits(String value) {
        assertEquals("req_0123456789abcdef0123456789abcdef", ID.toString());
        assertThrows(IllegalArgumentException.class, () -> new RelayId(value));
    }
}
