package dev.imagerelay.adapters.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.application.port.out.StoreUnavailable;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.ledger.Ending;
import dev.imagerelay.domain.pricing.Charge;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.relay.RelayId;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was confirmed survives whatever may happen to the process, and what cannot be written is not confirmed. */
class UnsettledFileTest {

    private static final Ending FIRST = settled(1);
    private static final Ending SECOND = Ending.release(new AccountId("Bob-2_x"), relay(2), "upstream_unreachable");
    private static final Ending THIRD = settled(3);
    private static final Ending LONG = Ending.release(new AccountId("x".repeat(64)), relay(4), "x".repeat(64));

    @TempDir
    Path temporary;

    private Path directory;
    private UnsettledFile file;

    @BeforeEach
    void open() {
        directory = temporary.resolve("unsettled");
        file = UnsettledFile.open(directory);
    }

    @AfterEach
    void close() {
        file.close();
    }

    private static Ending settled(int number) {
        return Ending.settle(
                new AccountId("ann"), relay(number), new Charge(Credits.of("2.5").times(number), number));
    }

    private static RelayId relay(int number) {
        return RelayId.of(new UUID(0, number));
    }

    private void reopen() {
        file.close();
        file = UnsettledFile.open(directory);
    }

    private Path path() {
        return directory.resolve("unsettled.txt");
    }

    private byte[] bytes() throws IOException {
        return Files.readAllBytes(path());
    }

    /** What a process that was killed when the file had these bytes has left to the next. */
    private List<Ending> recovered(byte[] bytes) {
        return EndingLines.read(bytes, directory).endings();
    }

    @Test
    void theFileIsLinesThatAPersonCanRead() throws IOException {
        file.keep(FIRST);
        file.keep(SECOND);

        assertEquals(
                """
                settle ann req_00000000000000000000000000000001 2500000 1 892a2460
                release Bob-2_x req_00000000000000000000000000000002 upstream_unreachable e7e187a3
                """,
                new String(bytes()));
    }

    @Test
    void whatIsKeptIsThereInItsOrderAlsoForTheNextProcess() {
        assertEquals(List.of(), file.endings());
        file.keep(FIRST);
        file.keep(SECOND);
        assertEquals(List.of(FIRST, SECOND), file.endings());

        reopen();

        assertEquals(List.of(FIRST, SECOND), file.endings());
    }

    @Test
    void whatIsRemovedIsGoneAlsoForTheNextProcess() {
        file.keep(FIRST);
        file.keep(SECOND);
        file.keep(THIRD);

        file.remove(List.of(FIRST, THIRD));
        assertEquals(List.of(SECOND), file.endings());
        reopen();
        assertEquals(List.of(SECOND), file.endings());

        file.keep(FIRST);
        reopen();
        assertEquals(List.of(SECOND, FIRST), file.endings(), "one that was struck out can be kept again");
    }

    @Test
    void theFileIsEmptyWhenNothingIsLeft() throws IOException {
        file.keep(FIRST);
        file.keep(SECOND);
        file.remove(List.of(FIRST));
        file.remove(List.of(SECOND, FIRST));

        assertEquals(List.of(), file.endings());
        assertEquals(0, bytes().length);

        file.keep(THIRD);
        reopen();
        assertEquals(List.of(THIRD), file.endings());
    }

    @Test
    void removingWhatIsNotThereChangesNothing() throws IOException {
        file.keep(FIRST);
        byte[] before = bytes();

        file.remove(List.of());
        file.remove(List.of(SECOND));

        assertEquals(List.of(FIRST), file.endings());
        assertEquals(new String(before), new String(bytes()));
    }

    @Test
    void aLineThatIsTornAnywhereIsDroppedAndTheOthersStay() throws IOException {
        file.keep(FIRST);
        int before = bytes().length;
        file.keep(SECOND);
        byte[] whole = bytes();

        for (int cut = before; cut < whole.length; cut++) {
            assertEquals(List.of(FIRST), recovered(Arrays.copyOf(whole, cut)), "cut at " + cut);
        }
        assertEquals(List.of(FIRST, SECOND), recovered(whole));
    }

    @Test
    void aLastLineThatIsPartlyZerosOrDamagedIsDropped() throws IOException {
        file.keep(FIRST);
        int before = bytes().length;
        file.keep(SECOND);
        byte[] whole = bytes();

        for (int i = before; i < whole.length; i++) {
            byte[] zeros = whole.clone();
            Arrays.fill(zeros, before, i + 1, (byte) 0);
            assertEquals(List.of(FIRST), recovered(zeros), "zeros up to " + i);

            byte[] damaged = whole.clone();
            damaged[i] ^= 1;
            assertEquals(List.of(FIRST), recovered(damaged), "damaged at " + i);
        }
    }

    @Test
    void aDamagedLineFurtherUpStopsEverythingAndIsNamed() throws IOException {
        file.keep(FIRST);
        int first = bytes().length;
        file.keep(SECOND);
        int second = bytes().length;
        file.keep(THIRD);
        byte[] whole = bytes();

        for (int i = first; i < second - 1; i++) {
            byte[] damaged = whole.clone();
            damaged[i] ^= 1;
            assertThrows(DatabaseUnusable.class, () -> recovered(damaged), "damaged at " + i);
        }
        whole[first] ^= 1;
        file.close();
        Files.write(path(), whole);
        DatabaseUnusable refusal = assertThrows(DatabaseUnusable.class, () -> UnsettledFile.open(directory));
        assertTrue(refusal.getMessage().startsWith("line 2 of " + path() + " is damaged"), refusal.getMessage());

        Files.delete(path());
        file = UnsettledFile.open(directory);
        assertEquals(List.of(), file.endings(), "who was refused does not keep the directory");
    }

    @Test
    void aLineOfALaterVersionIsNotTakenForATornOne() {
        String words = "forgive ann req_00000000000000000000000000000001";
        CRC32 sum = new CRC32();
        sum.update(words.getBytes());
        byte[] later = String.format("%s %08x\n", words, sum.getValue()).getBytes();

        DatabaseUnusable refusal = assertThrows(DatabaseUnusable.class, () -> recovered(later));

        assertTrue(refusal.getMessage().contains("later version"), refusal.getMessage());
    }

    @Test
    void aTornLineDoesNotSpoilWhatComesNext() throws IOException {
        file.keep(FIRST);
        file.keep(SECOND);
        byte[] whole = bytes();
        file.close();
        Files.write(path(), Arrays.copyOf(whole, whole.length - 1));

        file = UnsettledFile.open(directory);
        assertEquals(List.of(FIRST), file.endings());
        file.keep(THIRD);
        reopen();

        assertEquals(List.of(FIRST, THIRD), file.endings());
    }

    @Test
    void aKillAtAnyPointLeavesAllThatWasConfirmedAndAtMostWhatWasBeingRemovedBeside() throws IOException {
        Random random = new Random(4);
        for (int step = 0; step < 100; step++) {
            byte[] bytesBefore = bytes();
            List<Ending> before = file.endings();
            if (random.nextInt(3) > 0) {
                file.keep(settled(10 + step));
            } else {
                file.remove(before.stream().filter(ending -> random.nextBoolean()).toList());
            }
            byte[] bytesAfter = bytes();

            assertEquals(before, recovered(bytesBefore), "step " + step);
            for (int killed = bytesBefore.length; killed < bytesAfter.length; killed++) {
                assertEquals(before, recovered(Arrays.copyOf(bytesAfter, killed)), "step " + step + " at " + killed);
            }
            assertEquals(file.endings(), recovered(bytesAfter), "step " + step);
        }
    }

    @Test
    void anotherProcessIsRefused() {
        assertThrows(DatabaseUnusable.class, () -> UnsettledFile.open(directory));
    }

    @Test
    void manyMayKeepAtOnceAndAnInterruptOfSomeHarmsNobody() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(64);
        CountDownLatch start = new CountDownLatch(1);
        List<Future<?>> keeping = new ArrayList<>();
        List<Ending> endings = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            Ending ending = settled(i);
            boolean interrupted = i % 2 == 0;
            endings.add(ending);
            keeping.add(threads.submit(() -> {
                start.await();
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
                file.keep(ending);
                assertTrue(file.endings().contains(ending));
                assertEquals(interrupted, Thread.interrupted(), "the interrupt is the caller's to deal with");
                return null;
            }));
        }

        start.countDown();
        for (Future<?> one : keeping) {
            one.get();
        }
        threads.shutdown();

        assertEquals(64, file.endings().size());
        reopen();
        assertEquals(new HashSet<>(endings), new HashSet<>(file.endings()));
    }

    @Test
    void whoKeepsWhileOthersRemoveLosesNothing() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<?>> keeping = new ArrayList<>();
        for (int thread = 0; thread < 4; thread++) {
            int from = thread * 100;
            keeping.add(threads.submit(() -> {
                for (int i = from; i < from + 100; i++) {
                    file.keep(settled(i));
                }
            }));
        }
        List<Ending> taken = new ArrayList<>();
        while (!keeping.stream().allMatch(Future::isDone)) {
            List<Ending> some = file.endings();
            taken.addAll(some);
            file.remove(some);
        }
        for (Future<?> one : keeping) {
            one.get();
        }
        threads.shutdown();

        reopen();
        taken.addAll(file.endings());
        assertEquals(400, taken.size());
        assertEquals(400, new HashSet<>(taken).size());
    }

    @Test
    void nothingIsKeptAfterClosing() {
        file.close();

        assertThrows(StoreUnavailable.class, () -> file.keep(FIRST));
        assertEquals(List.of(), file.endings());
    }

    @Test
    void whatDoesNotFitOnTheDiskIsNotKeptAndSpoilsNothingOnceThereIsRoomAgain() throws IOException {
        FailingFile disk = openOnAFailingDisk();
        file.keep(FIRST);

        disk.fitting = 0.5;
        StoreUnavailable refusal = assertThrows(StoreUnavailable.class, () -> file.keep(LONG));
        assertFalse(refusal.nothingChanged(), "some or all of it may lie on the disk");
        assertEquals(List.of(FIRST), file.endings());
        assertEquals(List.of(FIRST), recovered(bytes()), "a kill now");
        disk.fitting = 1;
        file.keep(THIRD);
        assertEquals(List.of(FIRST, THIRD), recovered(bytes()));

        disk.fitting = 0.5;
        assertThrows(StoreUnavailable.class, () -> file.remove(List.of(FIRST)));
        assertEquals(List.of(FIRST, THIRD), file.endings());
        disk.fitting = 1;
        file.remove(List.of(FIRST));
        assertEquals(List.of(THIRD), recovered(bytes()));
    }

    @Test
    void whatWasWrittenButNotConfirmedSpoilsNothingOnceTheDiskWorksAgain() throws IOException {
        FailingFile disk = openOnAFailingDisk();

        disk.fitting = 0.999;
        assertThrows(StoreUnavailable.class, () -> file.keep(LONG));
        assertThrows(StoreUnavailable.class, () -> file.keep(SECOND));
        disk.fitting = 1;
        file.keep(FIRST);

        assertEquals(List.of(FIRST), recovered(bytes()));
    }

    private FailingFile openOnAFailingDisk() throws IOException {
        file.close();
        FailingFile disk = new FailingFile(path());
        file = new UnsettledFile(OwnDirectory.take(directory), disk);
        return disk;
    }

    /** A file of which writing may fail when so much of it is done. */
    private static final class FailingFile extends RandomAccessFile {

        private double fitting = 1;

        FailingFile(Path path) throws IOException {
            super(path.toFile(), "rw");
        }

        @Override
        public void write(byte[] bytes) throws IOException {
            super.write(bytes, 0, (int) Math.ceil(bytes.length * fitting));
            if (fitting < 1) {
                throw new IOException("the disk does not work");
            }
        }
    }
}
