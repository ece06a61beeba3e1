package dev.imagerelay.bootstrap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** One installation whose server is killed again and again among its customers, and is checked after each start. */
final class KillCampaign implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 120;

    private final QuickStart start;
    private final Path directory;
    private final String databaseUrl;
    private final Random random;
    private final Evidence evidence = new Evidence(false);
    private int crashes;
    private int kills;
    private String last = "nothing";

    /** A new installation in an empty directory, with an empty database. */
    KillCampaign(QuickStart start, Path directory, String databaseUrl, long seed) {
        this.start = start;
        this.directory = directory;
        this.databaseUrl = databaseUrl;
        this.random = new Random(seed);
    }

    /** A server that crashes at that point, at a random one of its first passages, serving or still starting. */
    void crashAt(CrashPoint point) throws Exception {
        int passage = 1 + random.nextInt(point.passages());
        List<String> options = Crash.options(point, passage);
        if (point.needsBooksAway()) {
            options.add(booksAway());
        }
        try (ServerProcess server = start(options)) {
            check();
            evidence.customers().orderFrom(List.of(server));
            if (!server.endsWithin(PATIENCE_SECONDS)) {
                evidence.violation(point + ": not passed " + passage + " times");
            }
            server.kill();
            evidence.customers().awaitHome();
        } catch (IOException e) {
            // it died before it was ready, as the log says
        }
        last = point + " (passage " + passage + ")";
        String log = Files.readString(directory.resolve("log"));
        if (log.contains(Crash.epitaph(point))) {
            crashes++;
        } else {
            evidence.violation(last + ": the server has ended otherwise: " + log);
        }
    }

    /** A server that is killed at a random time; in one of four cases the books go away before that. */
    void killAtRandom() throws Exception {
        try (ServerProcess server = start(random.nextInt(4) == 0 ? List.of(booksAway()) : List.of())) {
            check();
            evidence.customers().orderFrom(List.of(server));
            evidence.await(40, random);
            server.kill();
            evidence.customers().awaitHome();
        }
        last = "kill " + ++kills;
    }

    /** A server that is left alone until all orders with a key have been answered; what its books said then. */
    Findings finish() throws Exception {
        try (ServerProcess server = start(List.of())) {
            check();
            evidence.customers().finishAt(server);
        }
        try (ServerProcess server = start(List.of())) {
            server.askToStop();
            server.exitCode();
        }
        return evidence.conclude(books(), crashes, kills);
    }

    private String booksAway() {
        return "-D" + CrashingLedger.AWAY + "=" + (10 + random.nextInt(20));
    }

    private ServerProcess start(List<String> options) throws IOException {
        List<String> all = new ArrayList<>(options);
        all.add("-D" + CrashingServer.BOOKS + "=" + directory.resolve("books"));
        return start.start(directory, databaseUrl, evidence.upstream().baseUrl(), all);
    }

    /** Checks what the books were when the server that runs now had swept. */
    private void check() throws IOException {
        evidence.check(books(), "after " + last);
    }

    private BooksCopy books() throws IOException {
        return BooksCopy.read(Files.readAllLines(directory.resolve("books")));
    }

    @Override
    public void close() throws IOException {
        evidence.close();
    }
}
