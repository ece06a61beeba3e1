package dev.imagerelay.adapters.persistence;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A directory for one process alone; if it is made here, no other user may look into it. */
final class OwnDirectory implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OwnDirectory.class);

    private final Path path;
    private final FileChannel lock;

    private OwnDirectory(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Makes the directory if need be, and keeps others out until this is closed or the process ends.
     *
     * @throws DatabaseUnusable if that cannot be done, or another process was first
     */
    static OwnDirectory take(Path path) {
        try {
            make(path);
            FileChannel lock = FileChannel.open(
                    path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (isFree(lock)) {
                return new OwnDirectory(path, lock);
            }
            lock.close();
        } catch (IOException e) {
            throw new DatabaseUnusable("the directory " + path + " cannot be used: " + e, e);
        }
        throw new DatabaseUnusable(
                "another process uses the directory " + path + "; stop it, or give this one another directory", null);
    }

    private static void make(Path path) throws IOException {
        if (Files.notExists(path)) {
            Files.createDirectories(path);
            if (hasModes(path)) {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
            }
        }
    }

    private static boolean hasModes(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private static boolean isFree(FileChannel lock) throws IOException {
        try {
            return lock.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    Path path() {
        return path;
    }

    Path file(String name) {
        return path.resolve(name);
    }

    /** Makes the names in it survive a loss of power. */
    void sync() throws IOException {
        sync(path);
    }

    /** Makes the names in any directory survive a loss of power. Where there are no modes, that cannot be done. */
    static void sync(Path directory) throws IOException {
        if (hasModes(directory)) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** Lets others use it. */
    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            LOG.warn("cannot unlock the directory {}", path, e);
        }
    }
}
