package dev.imagerelay.application.service;

import static dev.imagerelay.application.service.Shop.ANN;
import static dev.imagerelay.application.service.Shop.balance;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.mockito.Mockito.mock;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.application.Records;
import dev.imagerelay.application.port.in.ReadCredits;
import dev.imagerelay.application.port.out.Reports;
import dev.imagerelay.domain.account.Account;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.account.Caller;
import dev.imagerelay.domain.ledger.Statement;
import dev.imagerelay.domain.ledger.Totals;
import dev.imagerelay.domain.pricing.Credits;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Callers read their own books, a page at a time. */
class ReadCreditsServiceTest {

    private static final Caller BOB = new Caller(new AccountId("bob"), "sk-relay-bobbobbo");

    private final Shop shop = new Shop();
    private final ReadCreditsService read = new ReadCreditsService(shop.ledger, mock(Reports.class), shop.time);

    @BeforeEach
    void grantAnnThreeHundredTimes() {
        shop.accounts.add(new Account(BOB.account(), "Bob"), Records.ANY);
        for (int i = 0; i < 300; i++) {
            shop.with("1");
        }
    }

    @Test
    void aCallerReadsNobodyElsesBooks() {
        assertEquals(
                new Totals(balance("300", "0"), Credits.of("300"), Credits.ZERO, Credits.ZERO), read.totals(ANN));
        assertEquals(new Totals(balance("0", "0"), Credits.ZERO, Credits.ZERO, Credits.ZERO), read.totals(BOB));
        assertEquals(new Statement(List.of(), false), read.entries(BOB, OptionalLong.empty(), 10));
    }

    @Test
    void aPageHasWhatWasAskedForAndTheNextGoesOnBelowIt() {
        Statement first = read.entries(ANN, OptionalLong.empty(), ReadCredits.MOST_ENTRIES);
        long last = first.lines().get(199).number();
        Statement second = read.entries(ANN, OptionalLong.of(last), ReadCredits.MOST_ENTRIES);

        assertEquals(200, first.lines().size());
        assertTrue(first.more());
        assertEquals(100, second.lines().size());
        assertTrue(second.lines().get(0).number() < last);
        assertFalse(second.more());
        assertEquals(1, read.entries(ANN, OptionalLong.empty(), 1).lines().size());
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 201, Integer.MAX_VALUE})
    void aPageOfAnotherSizeIsRefused(int limit) {
        assertThrows(IllegalArgumentException.class, () -> read.entries(ANN, OptionalLong.empty(), limit));
    }
}
