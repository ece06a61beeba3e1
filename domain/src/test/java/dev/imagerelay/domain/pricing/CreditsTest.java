package dev.imagerelay.domain.pricing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An amount of credits is exact: it is read, printed and reckoned without rounding, or refused. */
class CreditsTest {

    private static final Credits MOST = new Credits(Long.MAX_VALUE);

    @ParameterizedTest
    @CsvSource({
        "0,                     0,                   0",
        "0.000000,              0,                   0",
        "1,                     1000000,             1",
        "1.0,                   1000000,             1",
        "12.5,                  12500000,            12.5",
        "12.500000000,          12500000,            12.5",
        "0.000001,              1,                   0.000001",
        "0.1,                   100000,              0.1",
        "1e3,                   1000000000,          1000",
        "1000000,               1000000000000,       1000000",
        "21.1,                  21100000,            21.1",
        "9223372036854.775807,  9223372036854775807, 9223372036854.775807"
    })
    void isReadAndPrinted(String written, long micros, String printed) {
        Credits credits = Credits.of(written);

        assertEquals(micros, credits.micros());
        assertEquals(printed, credits.toString());
        assertEquals(printed, credits.decimal().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "0.0002175", "0.0000001", "1e-7", "-1", "-0.000001", "9223372036854.775808", "1e13", "1e999999999",
        "1e-999999999", "", "one", "1,5", "NaN", "Infinity"
    })
    void whatIsNoExactAmountIsRefused(String written) {
        assertThrows(IllegalArgumentException.class, () -> Credits.of(written));
    }

    @Test
    void aNegativeCountOfMillionthsIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Credits(-1));
        assertThrows(IllegalArgumentException.class, () -> new Credits(Long.MIN_VALUE));
    }

    @Test
    void everyAmountIsPrintedWithoutExponentAndReadBackTheSame() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            Credits credits = new Credits(random.nextLong() >>> (1 + random.nextInt(63)));

            assertEquals(credits, Credits.of(credits.toString()));
            assertTrue(credits.toString().matches("[0-9]+(\\.[0-9]{0,5}[1-9])?"), credits.toString());
            assertEquals(credits.toString(), credits.decimal().toString());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 0",
        "0.1, 0.2, 0.3",
        "12.5, 0.000001, 12.500001",
        "9223372036854.775806, 0.000001, 9223372036854.775807"
    })
    void sumsAndDifferencesAreExact(String one, String other, String sum) {
        assertEquals(Credits.of(sum), Credits.of(one).plus(Credits.of(other)));
        assertEquals(Credits.of(one), Credits.of(sum).minus(Credits.of(other)));
    }

    @ParameterizedTest
    @CsvSource({"4, 0, 0", "4, 1, 4", "21.1, 10, 211", "0.000001, 2147483647, 2147.483647", "0, 2147483647, 0"})
    void productsAreExact(String price, int count, String product) {
        assertEquals(Credits.of(product), Credits.of(price).times(count));
    }

    @Test
    void whatDoesNotFitIsNeverWrappedRound() {
        assertEquals(256L, 4_422_606_891_671_865L * 4_000_000L, "what a plain product makes of it");
        assertThrows(ArithmeticException.class, () -> new Credits(4_422_606_891_671_865L).times(4_000_000));
        assertThrows(ArithmeticException.class, () -> new Credits(Long.MAX_VALUE / 2 + 1).times(2));
        assertThrows(ArithmeticException.class, () -> MOST.times(10));
        assertThrows(ArithmeticException.class, () -> MOST.plus(new Credits(1)));
        assertThrows(ArithmeticException.class, () -> MOST.plus(MOST));
    }

    @Test
    void aCountThatWrappedRoundBuysNothing() {
        int wrapped = (int) 9_007_199_254_740_991L;

        assertEquals(-1, wrapped, "what a plain cast makes of it");
        assertThrows(IllegalArgumentException.class, () -> Credits.of("4").times(wrapped));
    }

    @Test
    void moreCannotBeTakenThanThereIs() {
        assertThrows(IllegalArgumentException.class, () -> Credits.of("1").minus(Credits.of("1.000001")));
        assertEquals(Credits.ZERO, Credits.of("1").minus(Credits.of("1")));
    }

    @Test
    void amountsCompare() {
        Credits less = Credits.of("1");
        Credits more = Credits.of("1.000001");

        assertTrue(more.covers(less));
        assertTrue(less.covers(Credits.of("1.0")));
        assertFalse(less.covers(more));
        assertSame(less, less.min(more));
        assertSame(less, more.min(less));
        assertTrue(less.compareTo(more) < 0);
        assertTrue(more.compareTo(less) > 0);
        assertEquals(0, less.compareTo(Credits.of("1")));
        assertTrue(Credits.ZERO.isZero());
        assertFalse(Credits.of("0.000001").isZero());
    }
}
