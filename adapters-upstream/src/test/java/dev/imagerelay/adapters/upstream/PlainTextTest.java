package dev.imagerelay.adapters.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What may mean something is never skipped, wherever it stands and whatever stands beside it. */
class PlainTextTest {

    private static final int LENGTH = 40;

    static IntStream bytesThatMayMeanSomething() {
        return IntStream.range(0, 256).filter(b -> b < ' ' || b == '"' || b == '\\' || b > 0x7f);
    }

    @ParameterizedTest
    @MethodSource("bytesThatMayMeanSomething")
    void noneOfTheseIsSkipped(int special) {
        for (byte plain : new byte[] {' ', '!', '#', 'A', '[', ']', '~', 0x7f}) {
            for (int place = 0; place < LENGTH; place++) {
                byte[] text = filled(plain);
                text[place] = (byte) special;
                for (int from = 0; from <= place; from++) {
                    int stop = PlainText.skip(text, from, LENGTH);
                    assertTrue(from <= stop && stop <= place, special + " at " + place + " beside " + plain);
                }
            }
        }
    }

    @Test
    void whatIsPlainIsSkippedButForLessThanEightBytes() {
        for (int plain = ' '; plain <= 0x7f; plain++) {
            if (plain != '"' && plain != '\\') {
                assertEquals(3 + 32, PlainText.skip(filled((byte) plain), 3, LENGTH), "beside " + plain);
            }
        }
    }

    private static byte[] filled(byte plain) {
        byte[] text = new byte[LENGTH];
        Arrays.fill(text, plain);
        return text;
    }
}
