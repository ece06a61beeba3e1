package dev.imagerelay.adapters.persistence;

import dev.imagerelay.application.port.out.StoreUnavailable;
import dev.imagerelay.application.port.out.Unsettled;
import dev.imagerelay.domain.ledger.Ending;
import dev.imagerelay.domain.relay.RelayId;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How relays ended while the books were out of reach, as lines of text in the file {@code unsettled.txt} of a directory
 * that belongs to this process alone. Serves many threads at once, and an interrupt of one of them harms nobody.
 *
 * <p>Lines are only added, and each is durable before the next is written. So whatever happens, only the last line can
 * be torn, and that was never confirmed. The file is emptied once the books have taken over everything.
 */
public final class UnsettledFile implements Unsettled, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(UnsettledFile.class);
    private static final String NAME = "unsettled.txt";

    private final OwnDirectory directory;
    private final RandomAccessFile file; // and no channel, which would close with the first thread that is interrupted
    private long length;
    private volatile List<Ending> endings;

    UnsettledFile(OwnDirectory directory, RandomAccessFile file) throws IOException {
        this.directory = directory;
        this.file = file;
        byte[] bytes = new byte[Math.toIntExact(file.length())];
        file.readFully(bytes);
        EndingLines lines = EndingLines.read(bytes, path());
        this.length = lines.length();
        this.endings = lines.endings();
        if (length < bytes.length) {
            LOG.warn("dropped the last line of {}, which is torn and so was never confirmed", path());
            file.setLength(length);
        }
    }

    /**
     * Opens the file in a directory; makes both if need be. What an earlier process has confirmed is there; a torn last
     * line is dropped with a warning.
     *
     * @throws DatabaseUnusable if another process uses the directory, the file cannot be used, or a line that was
     *     confirmed cannot be understood
     */
    public static UnsettledFile open(Path directory) {
        OwnDirectory own = OwnDirectory.take(directory);
        try {
            RandomAccessFile file = new RandomAccessFile(own.file(NAME).toFile(), "rw");
            own.sync();
            return new UnsettledFile(own, file);
        } catch (IOException | RuntimeException e) {
            own.close();
            throw e instanceof DatabaseUnusable known
                    ? known
                    : new DatabaseUnusable("the directory " + directory + " cannot be used: " + e, e);
        }
    }

    private Path path() {
        return directory.file(NAME);
    }

    @Override
    public synchronized void keep(Ending ending) {
        append(EndingLines.of(ending));
        List<Ending> more = new ArrayList<>(endings);
        more.add(ending);
        endings = List.copyOf(more);
    }

    @Override
    public List<Ending> endings() {
        return endings;
    }

    @Override
    public synchronized void remove(List<Ending> done) {
        Set<RelayId> struck = done.stream().map(Ending::relay).collect(Collectors.toSet());
        List<Ending> rest =
                endings.stream().filter(ending -> !struck.contains(ending.relay())).toList();
        if (rest.size() == endings.size()) {
            return;
        }
        if (rest.isEmpty()) {
            empty();
        } else {
            append(EndingLines.struck(struck));
        }
        endings = rest;
    }

    private void append(byte[] line) {
        try {
            file.setLength(length); // cuts off what a failed attempt may have left
            file.seek(length);
            file.write(line);
            file.getFD().sync();
        } catch (IOException e) {
            throw StoreUnavailable.during("cannot write to " + path(), e);
        }
        length += line.length;
    }

    private void empty() {
        try {
            file.setLength(0);
            length = 0;
            file.getFD().sync();
        } catch (IOException e) {
            throw StoreUnavailable.during("cannot empty " + path(), e);
        }
    }

    /** Lets another process use the directory; nothing can be kept any more. */
    @Override
    public synchronized void close() {
        try (directory) {
            file.close();
        } catch (IOException e) {
            LOG.warn("cannot close {}", path(), e);
        }
    }
}
