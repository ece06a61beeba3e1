package dev.imagerelay.adapters.persistence;

import dev.imagerelay.application.port.out.Results;
import dev.imagerelay.application.port.out.StoreUnavailable;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.ReplyBody;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What relays have delivered, each in a file of its own, in a directory that belongs to this process alone. Serves many
 * threads at once, and none waits for the bytes of another. What has been found can be read to its end, even if it is
 * forgotten meanwhile.
 */
public final class ResultFiles implements Results, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ResultFiles.class);
    private static final String UNFINISHED = ".unfinished";

    private final OwnDirectory directory;
    private final Duration kept;
    private final long maxBytes;
    private final InstantSource time;
    private final AtomicBoolean failing = new AtomicBoolean();

    /** The oldest first. Whoever holds its lock may also change the sum of their sizes and of those on their way. */
    private final Map<RelayId, ResultFile> files = new LinkedHashMap<>();
    private long bytes;

    private ResultFiles(OwnDirectory directory, Duration kept, long maxBytes, InstantSource time) {
        this.directory = directory;
        this.kept = kept;
        this.maxBytes = maxBytes;
        this.time = time;
    }

    /**
     * Opens a directory of results; makes it if need be. What an earlier process has kept there is there; what it left
     * unfinished is deleted.
     *
     * @param kept     how long a result can be found
     * @param maxBytes the most that all results may take up; each counts as its length and 4 KiB
     * @param time     tells how old a result is
     * @throws DatabaseUnusable if the directory cannot be used, or another process uses it
     */
    public static ResultFiles open(Path directory, Duration kept, long maxBytes, InstantSource time) {
        OwnDirectory own = OwnDirectory.take(directory);
        try {
            ResultFiles results = new ResultFiles(own, kept, maxBytes, time);
            results.takeOver();
            return results;
        } catch (IOException e) {
            own.close();
            throw new DatabaseUnusable("the directory " + directory + " cannot be used: " + e, e);
        }
    }

    private void takeOver() throws IOException {
        List<ResultFile> found = new ArrayList<>();
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(directory.path())) {
            for (Path path : paths) {
                String name = path.getFileName().toString();
                Optional<ResultFile> file =
                        ResultFile.named(name, Files.getLastModifiedTime(path).toInstant());
                if (file.isPresent() && file.get().length() == Files.size(path)) {
                    found.add(file.get());
                } else if (file.isPresent() || name.endsWith(UNFINISHED)) {
                    Files.delete(path);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        found.sort(Comparator.comparing(ResultFile::since));
        for (ResultFile file : found) {
            files.put(file.relay(), file);
            bytes += file.size();
        }
        forgetOld();
        makeRoom(0);
    }

    @Override
    public void keep(RelayId relay, ReplyBody body) {
        ResultFile file = new ResultFile(relay, body.length(), body.contentType(), time.instant());
        if (file.size() > maxBytes || !makeRoom(file.size())) {
            return;
        }
        try {
            write(file, body);
            synchronized (files) {
                files.put(relay, file);
            }
            failing.set(false);
        } catch (IOException | RuntimeException e) {
            delete(file);
            synchronized (files) {
                bytes -= file.size();
            }
            if (!failing.getAndSet(true)) {
                LOG.warn("results cannot be kept in {}; this is not said again before one can", directory.path(), e);
            }
        }
    }

    /** Counts that much as taken, and forgets the oldest for it; false if others are about to take too much as well. */
    private boolean makeRoom(long size) {
        List<ResultFile> oldest = new ArrayList<>();
        boolean enough;
        synchronized (files) {
            Iterator<ResultFile> all = files.values().iterator();
            while (bytes + size > maxBytes && all.hasNext()) {
                ResultFile next = all.next();
                all.remove();
                bytes -= next.size();
                oldest.add(next);
            }
            enough = bytes + size <= maxBytes;
            bytes += enough ? size : 0;
        }
        oldest.forEach(this::delete);
        return enough;
    }

    private void write(ResultFile file, ReplyBody body) throws IOException {
        Path path = path(file);
        if (body.file().isEmpty() || !link(path, body.file().get())) {
            copy(path, body);
        }
        Files.setLastModifiedTime(path, FileTime.from(file.since()));
    }

    private static boolean link(Path path, Path body) {
        try {
            Files.createLink(path, body);
            return true;
        } catch (IOException | UnsupportedOperationException e) {
            return false; // they lie on two disks, or on one that has no links; if it is worse, copying will tell
        }
    }

    private void copy(Path path, ReplyBody body) throws IOException {
        Path unfinished = Files.createTempFile(directory.path(), "", UNFINISHED);
        try {
            try (OutputStream out = Files.newOutputStream(unfinished)) {
                body.writeTo(out);
            }
            Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(unfinished);
            throw e;
        }
    }

    @Override
    public Optional<ReplyBody> find(RelayId relay) {
        ResultFile file;
        synchronized (files) {
            file = files.get(relay);
        }
        if (file == null || isOld(file, time.instant())) {
            return Optional.empty();
        }
        Path path = path(file);
        try {
            return Optional.of(new OpenFile(
                    new RandomAccessFile(path.toFile(), "r"), file.contentType(), file.length()));
        } catch (FileNotFoundException e) {
            if (Files.notExists(path)) {
                return Optional.empty();
            }
            throw StoreUnavailable.before("the result of " + relay + " cannot be opened", e);
        }
    }

    @Override
    public void forgetOld() {
        Instant now = time.instant();
        List<ResultFile> old;
        synchronized (files) {
            old = files.values().stream().filter(file -> isOld(file, now)).toList();
            for (ResultFile file : old) {
                files.remove(file.relay());
                bytes -= file.size();
            }
        }
        old.forEach(this::delete);
    }

    private boolean isOld(ResultFile file, Instant now) {
        return !file.since().plus(kept).isAfter(now);
    }

    private void delete(ResultFile file) {
        try {
            Files.deleteIfExists(path(file));
        } catch (IOException e) {
            LOG.warn("cannot delete {}", path(file), e);
        }
    }

    private Path path(ResultFile file) {
        return directory.file(file.name());
    }

    /** Lets another process use the directory. */
    @Override
    public void close() {
        directory.close();
    }
}
