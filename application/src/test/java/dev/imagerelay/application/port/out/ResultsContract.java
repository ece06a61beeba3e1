package dev.imagerelay.application.port.out;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.ReplyBody;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every store of results must do. */
public abstract class ResultsContract {

    private final RelayId relay = relay(1);

    /** The results under test, none yet. */
    protected abstract Results results();

    /** Lets so much time pass that everything kept so far is too old. */
    protected abstract void letAllGrowOld();

    /** A body of so many bytes; two of the same seed are the same. */
    protected static Body body(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return new Body("application/json", bytes);
    }

    protected static RelayId relay(long number) {
        return RelayId.of(new UUID(0, number));
    }

    /** All that a body writes. */
    protected static byte[] bytes(ReplyBody body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        body.writeTo(bytes);
        return bytes.toByteArray();
    }

    /** Fails unless that body is found. */
    protected final void assertFound(RelayId relay, Body kept) throws IOException {
        try (ReplyBody found = results().find(relay).orElseThrow()) {
            assertEquals(kept.contentType(), found.contentType());
            assertEquals(kept.length(), found.length());
            assertArrayEquals(kept.bytes(), bytes(found));
        }
    }

    /** Fails if anything is found. */
    protected final void assertForgotten(RelayId relay) {
        assertEquals(Optional.empty(), results().find(relay));
    }

    @Test
    void nothingIsFoundOfARelayThatDeliveredNothing() {
        assertForgotten(relay);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4_096, 262_143, 262_144, 262_145, 1_048_576, 3_000_001})
    void everyByteIsFoundAgain(int length) throws IOException {
        Body body = body(length, length);

        results().keep(relay, body);

        assertFound(relay, body);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "application/json",
        "application/json; charset=utf-8",
        "Application/JSON;charset=\"UTF-8\"",
        "text/event-stream",
        "application/vnd.images+json; v=1_0; q=50%; x=*",
        ""
    })
    void theContentTypeIsFoundAgainAsItWas(String contentType) throws IOException {
        Body body = new Body(contentType, new byte[] {1, 2, 3});

        results().keep(relay, body);

        assertFound(relay, body);
    }

    @Test
    void whatWasFoundCanBeWrittenAgain() throws IOException {
        Body body = body(1, 300_000);
        results().keep(relay, body);

        try (ReplyBody found = results().find(relay).orElseThrow()) {
            assertArrayEquals(body.bytes(), bytes(found));
            assertArrayEquals(body.bytes(), bytes(found));
        }
    }

    @Test
    void aReceiverThatBreaksOffDoesNotSpoilTheNext() throws IOException {
        Body body = body(1, 300_000);
        results().keep(relay, body);

        try (ReplyBody found = results().find(relay).orElseThrow()) {
            assertThrows(IOException.class, () -> found.writeTo(new OutputStream() {
                @Override
                public void write(int value) throws IOException {
                    throw new IOException("gone");
                }
            }));
            assertArrayEquals(body.bytes(), bytes(found));
        }
        assertFound(relay, body);
    }

    @Test
    void closingWhatWasFoundLeavesItWhereItIs() throws IOException {
        Body body = body(1, 300_000);
        results().keep(relay, body);
        ReplyBody found = results().find(relay).orElseThrow();

        found.close();
        found.close();

        assertFound(relay, body);
    }

    @Test
    void everyRelayHasItsOwn() throws IOException {
        for (int i = 0; i < 20; i++) {
            results().keep(relay(i), body(i, i * 100));
        }

        for (int i = 0; i < 20; i++) {
            assertFound(relay(i), body(i, i * 100));
        }
    }

    @Test
    void whatIsTooOldIsForgottenAndWhatIsNotStays() throws IOException {
        results().keep(relay, body(1, 1_000));
        letAllGrowOld();
        assertForgotten(relay);
        Body later = body(2, 2_000);
        results().keep(relay(2), later);

        results().forgetOld();

        assertForgotten(relay);
        assertFound(relay(2), later);
    }

    @Test
    void whatIsBeingReadIsReadToItsEndThoughItIsForgotten() throws IOException {
        Body body = body(1, 600_000);
        results().keep(relay, body);

        try (ReplyBody found = results().find(relay).orElseThrow()) {
            letAllGrowOld();
            results().forgetOld();

            assertForgotten(relay);
            assertArrayEquals(body.bytes(), bytes(found));
        }
    }

    /** Some bytes. */
    public record Body(String contentType, byte[] bytes) implements ReplyBody {

        @Override
        public long length() {
            return bytes.length;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            out.write(bytes);
        }

        @Override
        public void close() {}
    }
}
