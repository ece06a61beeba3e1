package dev.imagerelay.domain.ledger;

import static dev.imagerelay.domain.ledger.PaperLedger.ACCOUNT;
import static dev.imagerelay.domain.ledger.PaperLedger.NOTE;
import static dev.imagerelay.domain.ledger.PaperLedger.held;
import static dev.imagerelay.domain.ledger.PaperLedger.id;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.imagerelay.domain.pricing.Charge;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.relay.RelayId;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What each intent asks a store to load, and which way each kind of entry moves credits. */
class IntentTest {

    private static final Credits TWO = Credits.of("2");

    @ParameterizedTest
    @MethodSource
    void namesWhatTheStoreMustLoad(Intent intent, Optional<RelayId> relay, Optional<String> externalId, String text) {
        assertEquals(ACCOUNT, intent.account());
        assertEquals(relay, intent.relay());
        assertEquals(externalId, intent.externalId());
        assertEquals(text, intent.toString());
    }

    static Stream<Arguments> namesWhatTheStoreMustLoad() {
        Optional<RelayId> relay = Optional.of(id(1));
        String named = " acct_1 " + id(1);
        Grant grant = Grant.of(
                new GrantId("a"), GrantSource.PURCHASED, 50, Optional.empty(), PaperLedger.FIRST_DAY,
                Optional.of("payment-1"), TWO);
        return Stream.of(
                Arguments.of(Intent.grant(ACCOUNT, grant), Optional.empty(), grant.externalId(), "grant acct_1"),
                Arguments.of(Intent.hold(held(1, TWO)), Optional.empty(), Optional.empty(), "hold acct_1"),
                Arguments.of(
                        Intent.settle(ACCOUNT, id(1), new Charge(TWO, 1)), relay, Optional.empty(), "settle" + named),
                Arguments.of(Intent.release(ACCOUNT, id(1), "x"), relay, Optional.empty(), "release" + named),
                Arguments.of(Intent.refund(ACCOUNT, id(1), TWO, NOTE), relay, Optional.empty(), "refund" + named),
                Arguments.of(
                        Intent.adjustUp(ACCOUNT, new GrantId("a"), TWO, NOTE), Optional.empty(), Optional.empty(),
                        "adjust up acct_1"),
                Arguments.of(
                        Intent.adjustDown(ACCOUNT, TWO, NOTE), Optional.empty(), Optional.empty(),
                        "adjust down acct_1"),
                Arguments.of(Intent.expire(ACCOUNT), Optional.empty(), Optional.empty(), "expire acct_1"));
    }

    @ParameterizedTest
    @CsvSource({
        "GRANTED,       ISSUED,    AVAILABLE",
        "HELD,          AVAILABLE, HELD",
        "SETTLED,       HELD,      EARNED",
        "RELEASED,      HELD,      AVAILABLE",
        "EXPIRED,       AVAILABLE, LAPSED",
        "REFUNDED,      EARNED,    AVAILABLE",
        "ADJUSTED_UP,   ISSUED,    AVAILABLE",
        "ADJUSTED_DOWN, AVAILABLE, ISSUED"
    })
    void movesCreditsFromPotToPot(EntryKind kind, Pot from, Pot to) {
        assertEquals(from, kind.from());
        assertEquals(to, kind.to());
    }

    @Test
    void theTableAboveIsWhole() {
        assertEquals(8, EntryKind.values().length);
    }

    @Test
    void nothingIsNeverEntered() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new LedgerEntry(
                        ACCOUNT, EntryKind.HELD, Credits.ZERO, new GrantId("a"), Optional.of(id(1)), Optional.empty(),
                        PaperLedger.FIRST_DAY));
        assertThrows(IllegalArgumentException.class, () -> new Draw(new GrantId("a"), Credits.ZERO));
    }
}
