package dev.imagerelay.adapters.upstream;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The directory of the spool files, for one process alone: another would delete what is in use as leftovers. */
final class SpoolDirectory implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SpoolDirectory.class);

    private final FileChannel lock;

    private SpoolDirectory(FileChannel lock) {
        this.lock = lock;
    }

    /**
     * Makes the directory if need be, and deletes what a dead process left there.
     *
     * @throws IOException if it cannot be used, or somebody else uses it
     */
    static SpoolDirectory take(Path directory) throws IOException {
        Files.createDirectories(directory);
        FileChannel lock = FileChannel.open(
                directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (!isFree(lock)) {
                throw new IOException("another process keeps its answers in " + directory + "; name another directory");
            }
            deleteLeftovers(directory);
            return new SpoolDirectory(lock);
        } catch (IOException e) {
            lock.close();
            throw e;
        }
    }

    private static boolean isFree(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static void deleteLeftovers(Path directory) throws IOException {
        try (DirectoryStream<Path> leftovers =
                Files.newDirectoryStream(directory, Spool.PREFIX + "*" + Spool.SUFFIX)) {
            for (Path leftover : leftovers) {
                Files.deleteIfExists(leftover);
            }
        }
    }

    /** Lets others use it. */
    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            LOG.warn("cannot unlock the spool directory", e);
        }
    }
}
