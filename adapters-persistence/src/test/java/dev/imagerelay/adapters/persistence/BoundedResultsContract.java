package dev.imagerelay.adapters.persistence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.application.SettableTime;
import dev.imagerelay.application.port.out.ResultsContract;
import dev.imagerelay.domain.relay.ReplyBody;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What every bounded store of results must do beside what all must: forget the oldest, and survive trouble. */
abstract class BoundedResultsContract extends ResultsContract {

    static final Duration KEPT = Duration.ofMinutes(15);
    static final int MAX_BYTES = 4 << 20;
    static final int MEBIBYTE = (1 << 20) - ResultFile.EXTRA;

    final SettableTime time = new SettableTime();

    @Override
    protected final void letAllGrowOld() {
        time.pass(KEPT);
    }

    @Test
    void aResultIsFoundUntilItIsTooOld() throws IOException {
        results().keep(relay(1), body(1, 10));

        time.pass(KEPT.minusNanos(1_000));
        assertFound(relay(1), body(1, 10));

        time.pass(Duration.ofNanos(1_000));
        assertForgotten(relay(1));
    }

    @Test
    void theOldestGoWhenThereIsTooMuch() throws IOException {
        for (int i = 1; i <= 6; i++) {
            results().keep(relay(i), body(i, MEBIBYTE));
            time.pass(Duration.ofSeconds(1));
        }
        results().forgetOld();

        assertForgotten(relay(1));
        assertForgotten(relay(2));
        for (int i = 3; i <= 6; i++) {
            assertFound(relay(i), body(i, MEBIBYTE));
        }
    }

    @Test
    void whatFillsEverythingIsKeptAndWhatIsLargerIsNot() throws IOException {
        ReplyBody tooLarge = body(1, MAX_BYTES - ResultFile.EXTRA + 1);
        Body justFits = body(2, MAX_BYTES - ResultFile.EXTRA);
        results().keep(relay(2), justFits);

        results().keep(relay(1), tooLarge);
        results().forgetOld();

        assertForgotten(relay(1));
        assertFound(relay(2), justFits);
    }

    @Test
    void thereCannotBeTooManySmallOnes() throws IOException {
        int fitting = MAX_BYTES / (ResultFile.EXTRA + 1);
        for (int i = 0; i < fitting + 100; i++) {
            results().keep(relay(i), body(i, 1));
            time.pass(Duration.ofMillis(1));
        }
        results().forgetOld();

        assertForgotten(relay(99));
        assertFound(relay(100), body(100, 1));
        assertFound(relay(fitting + 99), body(fitting + 99, 1));
    }

    @Test
    void aBodyThatBreaksIsNotKeptAndTakesNoRoom() throws IOException {
        for (int i = 0; i < 4; i++) {
            results().keep(relay(1), new Breaking(new IOException("broken")));
            results().keep(relay(1), new Breaking(new UncheckedIOException(new IOException("broken"))));
        }
        assertForgotten(relay(1));

        Body body = body(1, MAX_BYTES - ResultFile.EXTRA);
        results().keep(relay(1), body);

        assertFound(relay(1), body);
    }

    @Test
    void whoIsInterruptedCanKeepAndFind() throws IOException {
        Body body = body(1, 1_000_000);

        Thread.currentThread().interrupt();
        results().keep(relay(1), body);
        assertFound(relay(1), body);

        assertTrue(Thread.interrupted(), "the interrupt is the caller's to deal with");
    }

    @Test
    void manyKeepFindAndForgetAtOnceAndNobodyEverReadsWhatIsNotRight() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        AtomicInteger found = new AtomicInteger();
        List<Future<?>> working = new ArrayList<>();
        for (int thread = 0; thread < 8; thread++) {
            int seed = thread;
            working.add(threads.submit(() -> {
                Random random = new Random(seed);
                for (int i = 0; i < 60; i++) {
                    int number = seed * 1_000 + i;
                    results().keep(relay(number), body(number, 100_000 + number));
                    int another = random.nextInt(8) * 1_000 + random.nextInt(i + 1);
                    found.addAndGet(readRightly(another) ? 1 : 0);
                    time.pass(Duration.ofSeconds(1));
                    if (i % 10 == 0) {
                        results().forgetOld();
                    }
                }
                return null;
            }));
        }
        for (Future<?> one : working) {
            one.get();
        }
        threads.shutdown();
        results().forgetOld();

        assertTrue(found.get() > 50, "found only " + found);
        long left = LongStream.range(0, 8_000)
                .filter(number -> results().find(relay(number)).map(BoundedResultsContract::close).isPresent())
                .count();
        assertTrue(left >= 30 && left <= MAX_BYTES / 104_096, left + " are left");
    }

    /** Whether it was there; one that is forgotten for lack of room may break off. */
    private boolean readRightly(int number) {
        Optional<ReplyBody> found = results().find(relay(number));
        if (found.isEmpty()) {
            return false;
        }
        try (ReplyBody body = found.get()) {
            assertArrayEquals(body(number, 100_000 + number).bytes(), bytes(body));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static ReplyBody close(ReplyBody body) {
        body.close();
        return body;
    }

    /** Half a body, and then that. */
    private record Breaking(Exception failure) implements ReplyBody {

        @Override
        public String contentType() {
            return "application/json";
        }

        @Override
        public long length() {
            return MAX_BYTES - ResultFile.EXTRA;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            out.write(new byte[MAX_BYTES / 2]);
            if (failure instanceof IOException broken) {
                throw broken;
            }
            throw (RuntimeException) failure;
        }

        @Override
        public void close() {}
    }
}
