package dev.imagerelay.adapters.persistence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.imagerelay.application.port.out.Results;
import dev.imagerelay.application.port.out.StoreUnavailable;
import dev.imagerelay.domain.relay.ReplyBody;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Results in files keep the contract of all results; one process leaves them behind and the next takes them over. */
class ResultFilesTest extends BoundedResultsContract {

    @TempDir
    Path temporary;

    private Path directory;
    private ResultFiles results;

    @BeforeEach
    void open() {
        directory = temporary.resolve("results");
        results = ResultFiles.open(directory, KEPT, MAX_BYTES, time);
    }

    @AfterEach
    void close() throws IOException {
        results.close();
        long bytes = 0;
        for (Path file : files()) {
            bytes += Files.size(file);
        }
        assertTrue(bytes <= MAX_BYTES, bytes + " bytes are too many");
    }

    @Override
    protected Results results() {
        return results;
    }

    private void reopen(long maxBytes) {
        results.close();
        results = ResultFiles.open(directory, KEPT, maxBytes, time);
    }

    /** All files but the lock. */
    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(file -> !file.endsWith("lock")).toList();
        }
    }

    private Path onlyFile() throws IOException {
        assertEquals(1, files().size(), files()::toString);
        return files().get(0);
    }

    @Test
    void aBodyInAFileIsLinkedAndOutlivesThatFile() throws IOException {
        Body body = body(1, 100_000);
        Path spool = Files.write(temporary.resolve("spool"), body.bytes());

        results.keep(relay(1), new InFile(spool, body));
        assertTrue(Files.isSameFile(spool, onlyFile()));
        Files.delete(spool);

        assertFound(relay(1), body);
    }

    @Test
    void aBodyThatCannotBeLinkedIsCopied() throws IOException {
        Body body = body(1, 100_000);

        results.keep(relay(1), new InFile(temporary.resolve("on another disk"), body));

        assertFound(relay(1), body);
        onlyFile();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void nobodyElseMayReadThem() throws IOException {
        results.keep(relay(1), body(1, 10));

        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(onlyFile())));
    }

    @Test
    void theNextProcessTakesThemOverWithTheirAge() throws IOException {
        Body first = new Body("application/json; charset=utf-8", new byte[] {1});
        results.keep(relay(1), first);
        time.pass(Duration.ofMinutes(5));
        results.keep(relay(2), body(2, 10));

        reopen(MAX_BYTES);
        assertFound(relay(1), first);
        time.pass(KEPT.minusMinutes(5));
        results.forgetOld();
        assertForgotten(relay(1));
        assertFound(relay(2), body(2, 10));
        onlyFile();

        time.pass(Duration.ofMinutes(5));
        reopen(MAX_BYTES);
        assertEquals(List.of(), files(), "what is too old is not taken over");
    }

    @Test
    void theNextProcessMayHaveLessRoom() throws IOException {
        for (int i = 1; i <= 4; i++) {
            results.keep(relay(i), body(i, MEBIBYTE));
            time.pass(Duration.ofSeconds(1));
        }

        reopen(2 << 20);

        assertForgotten(relay(2));
        assertFound(relay(3), body(3, MEBIBYTE));
        assertEquals(2, files().size());
        results.keep(relay(5), body(5, MEBIBYTE));
        assertForgotten(relay(3));
        assertEquals(2, files().size());
    }

    @Test
    void whatWasLeftUnfinishedOrLostItsEndIsDeletedAndWhatBelongsToOthersIsNot() throws IOException {
        results.keep(relay(1), body(1, 100));
        Path whole = onlyFile();
        Files.write(directory.resolve("123.unfinished"), new byte[10]);
        Files.write(directory.resolve(new ResultFile(relay(2), 101, "text/plain", time.instant()).name()), new byte[9]);
        Path foreign = Files.write(directory.resolve("req_readme.txt"), new byte[10]);

        reopen(MAX_BYTES);

        assertForgotten(relay(2));
        assertFound(relay(1), body(1, 100));
        assertEquals(List.of(whole, foreign), files().stream().sorted().toList());
        Files.delete(foreign);
    }

    @Test
    void whatIsBeingReadIsReadToItsEndThoughItsRoomIsTaken() throws IOException {
        Body body = body(1, MAX_BYTES - ResultFile.EXTRA);
        results.keep(relay(1), body);
        try (ReplyBody found = results.find(relay(1)).orElseThrow()) {
            found.writeTo(new OutputStream() {
                private int at;

                @Override
                public void write(int value) {
                    throw new AssertionError("one by one is slow");
                }

                @Override
                public void write(byte[] bytes, int offset, int count) throws IOException {
                    if (at == 0) {
                        results.keep(relay(2), body(2, MAX_BYTES - ResultFile.EXTRA));
                        assertForgotten(relay(1));
                        onlyFile();
                    }
                    for (int i = 0; i < count; i++) {
                        assertEquals(body.bytes()[at++], bytes[offset + i]);
                    }
                }
            });
            assertArrayEquals(body.bytes(), bytes(found));
        }
    }

    @Test
    void aDirectoryThatIsLostIsNoReasonToFailAndWorksAgainWhenItIsBack() throws IOException {
        results.keep(relay(1), body(1, 10));
        Files.delete(onlyFile());
        Files.delete(directory.resolve("lock"));
        Files.delete(directory);

        results.keep(relay(2), body(2, 10));
        assertForgotten(relay(1));
        assertForgotten(relay(2));
        results.forgetOld();

        Files.createDirectory(directory);
        results.keep(relay(2), body(2, 10));
        assertFound(relay(2), body(2, 10));
    }

    @Test
    void aFileThatIsThereButCannotBeOpenedIsNotTakenForForgotten() throws IOException {
        results.keep(relay(1), body(1, 10));
        Path file = onlyFile();
        Files.delete(file);
        Files.createDirectory(file);

        assertThrows(StoreUnavailable.class, () -> results.find(relay(1)));
        Files.delete(file);
    }

    @Test
    void aLargeBodyTakesNoMemoryToSpeakOf() throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Path spool = temporary.resolve("spool");
        try (OutputStream out = Files.newOutputStream(spool)) {
            new Zeros(64 << 20).writeTo(out);
        }
        reopen(256 << 20);
        long before = threads.getCurrentThreadAllocatedBytes();

        results.keep(relay(1), new Zeros(64 << 20));
        results.keep(relay(2), new InFile(spool, new Zeros(64 << 20)));
        for (int i = 1; i <= 2; i++) {
            try (ReplyBody found = results.find(relay(i)).orElseThrow()) {
                assertEquals(64 << 20, found.length());
                found.writeTo(OutputStream.nullOutputStream());
            }
        }

        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < 2 << 20, allocated + " bytes were allocated");
        time.pass(KEPT);
        results.forgetOld();
    }

    @Test
    void anotherProcessIsRefused() {
        assertThrows(
                DatabaseUnusable.class, () -> ResultFiles.open(directory, KEPT, MAX_BYTES, time));
    }

    @Test
    void whatIsTooLargeIsNotEvenWritten() {
        Zeros tooLarge = new Zeros(MAX_BYTES);
        results.keep(relay(1), tooLarge);

        assertFalse(tooLarge.written);
    }

    /** A body that lies in a file. */
    private record InFile(Path path, ReplyBody body) implements ReplyBody {

        @Override
        public String contentType() {
            return body.contentType();
        }

        @Override
        public long length() {
            return body.length();
        }

        @Override
        public Optional<Path> file() {
            return Optional.of(path);
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            body.writeTo(out);
        }

        @Override
        public void close() {}
    }

    /** A body of zeros, which takes no memory itself. */
    private static final class Zeros implements ReplyBody {

        private final int length;
        private boolean written;

        Zeros(int length) {
            this.length = length;
        }

        @Override
        public String contentType() {
            return "application/json";
        }

        @Override
        public long length() {
            return length;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            written = true;
            byte[] chunk = new byte[16 * 1024];
            for (int i = 0; i < length / chunk.length; i++) {
                out.write(chunk);
            }
        }

        @Override
        public void close() {}
    }
}
