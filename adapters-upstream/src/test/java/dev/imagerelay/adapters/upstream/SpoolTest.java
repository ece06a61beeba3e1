package dev.imagerelay.adapters.upstream;

import static dev.imagerelay.adapters.upstream.Asking.filesIn;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A spool gives back the bytes it was given, from memory or from a file of which nothing remains. */
class SpoolTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, Spool.MEMORY - 1, Spool.MEMORY})
    void upToTheThresholdEverythingIsInMemory(int size) throws IOException {
        try (Spool spool = filled(bytes(size))) {
            assertTrue(spool.file().isEmpty());
            assertEquals(0, filesIn(directory));
            assertHolds(bytes(size), spool);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {Spool.MEMORY + 1, 10 * Spool.MEMORY})
    void beyondTheThresholdEverythingIsInAFileThatClosingDeletes(int size) throws IOException {
        Spool spool = filled(bytes(size));
        assertTrue(Files.exists(spool.file().orElseThrow()));
        assertEquals(size, Files.size(spool.file().orElseThrow()));
        assertHolds(bytes(size), spool);
        spool.close();
        assertEquals(0, filesIn(directory));
        spool.close();
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "10, 10", "32768, 1", "1, 32768", "20000, 20000", "100000, 10", "10, 100000", "100000, 100000"})
    void aSpoolTakesAnotherToItsEnd(int size, int more) throws IOException {
        byte[] all = Arrays.copyOf(bytes(size), size + more);
        System.arraycopy(bytes(more), 0, all, size, more);
        try (Spool spool = filled(bytes(size))) {
            try (Spool other = filled(bytes(more))) {
                spool.append(other);
            }
            assertEquals(all.length > Spool.MEMORY, spool.file().isPresent());
            assertHolds(all, spool);
        }
        assertEquals(0, filesIn(directory));
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 100_000})
    void whatIsThereCanBeReadBeforeItIsComplete(int size) throws IOException {
        try (Spool spool = filled(bytes(size)); InputStream before = spool.open()) {
            assertArrayEquals(bytes(size), before.readAllBytes());
            spool.append(new byte[] {1}, 0, 1);
            try (InputStream after = spool.open()) {
                assertArrayEquals(bytes(size), after.readNBytes(size));
                assertEquals(1, after.read());
                assertEquals(-1, after.read());
            }
        }
    }

    @Test
    void aFileIsItsOwnersAlone() throws IOException {
        assumeTrue(Files.getFileStore(directory).supportsFileAttributeView("posix"));
        try (Spool spool = filled(bytes(Spool.MEMORY + 1))) {
            Path file = spool.file().orElseThrow();
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        }
    }

    @Test
    void aFullSpoolThatIsClosedUnreadLeavesNothing() throws IOException {
        Spool inMemory = filled(bytes(10));
        inMemory.close();
        inMemory.close();
        filled(bytes(100_000)).close();
        assertEquals(0, filesIn(directory));
    }

    @Test
    void anInterruptLosesNothing() throws IOException {
        Thread.currentThread().interrupt();
        try (Spool spool = filled(bytes(100_000))) {
            assertHolds(bytes(100_000), spool);
        }
        assertTrue(Thread.interrupted());
        assertEquals(0, filesIn(directory));
    }

    @Test
    void aDirectoryThatIsGoneIsOurTroubleAndNotTheUpstreams() throws IOException {
        Path gone = Files.createDirectory(directory.resolve("gone"));
        try (Spool spool = new Spool(gone, "application/json")) {
            Files.delete(gone);
            assertThrows(UncheckedIOException.class, () -> spool.append(bytes(40_000), 0, 40_000));
        }
    }

    @Test
    void leftoversOfADeadProcessAreDeletedAndNothingElse() throws IOException {
        Path leftover = filled(bytes(100_000)).file().orElseThrow();
        Path other = Files.writeString(directory.resolve("image-relay-notes.txt"), "mine");
        Path another = Files.writeString(directory.resolve("other.spool"), "not ours");
        SpoolDirectory.take(directory).close();
        assertFalse(Files.exists(leftover));
        assertTrue(Files.exists(other));
        assertTrue(Files.exists(another));
    }

    private Spool filled(byte[] bytes) {
        Spool spool = new Spool(directory, "application/json");
        for (int at = 0; at < bytes.length; at += 999) {
            spool.append(bytes, at, Math.min(999, bytes.length - at));
        }
        return spool;
    }

    private static void assertHolds(byte[] expected, Spool spool) throws IOException {
        assertEquals("application/json", spool.contentType());
        assertEquals(expected.length, spool.length());
        for (int time = 1; time <= 2; time++) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            spool.writeTo(out);
            assertArrayEquals(expected, out.toByteArray());
        }
    }

    private static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }
}
