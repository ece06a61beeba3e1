package dev.imagerelay.bootstrap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One installation whose server is killed again and again among its customers, and is checked after each start. */
final class KillCampaign implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 60;

    private final Path directory;
    private final Random random;
    private final RecordingUpstream upstream = new RecordingUpstream();
    private final Customers customers = new Customers();
    private final List<String> violations = new ArrayList<>();
    private final Tally tally = new Tally();
    private String last = "nothing";

    /** What was done. */
    static final class Tally {
        private int points;
        private int kills;
        private int answered;
        private int acknowledged;
        private int replayed;
        private int broken;
        private int asked;
        private int settled;

        void add(Tally other) {
            points += other.points;
            kills += other.kills;
            answered += other.answered;
            acknowledged += other.acknowledged;
            replayed += other.replayed;
            broken += other.broken;
            asked += other.asked;
            settled += other.settled;
        }

        int points() {
            return points;
        }

        int kills() {
            return kills;
        }

        int acknowledged() {
            return acknowledged;
        }

        @Override
        public String toString() {
            return points + " crashes at a point, " + kills + " kills at random; customers had " + answered
                    + " answers, of which " + acknowledged + " with pictures (" + replayed + " of them replays), and "
                    + broken + " broken connections; the upstream saw " + asked + " requests, and " + settled
                    + " relays were paid";
        }
    }

    /** A new installation in an empty directory. */
    KillCampaign(Path directory, long seed) {
        this.directory = directory;
        this.random = new Random(seed);
    }

    /** A server that crashes at that point, at a random one of its first passages. */
    void crashAt(CrashPoint point) throws Exception {
        int passage = point.isWhileStarting() ? 1 : 1 + random.nextInt(point.needsBooksAway() ? 3 : 8);
        List<String> options = Crash.options(point, passage);
        if (point.needsBooksAway()) {
            options.add(booksAway());
        }
        if (point.isWhileStarting()) {
            try (ServerProcess server = start(options)) {
                violations.add(point + ": not passed while the server on port " + server.port() + " started");
            } catch (IOException e) {
                // as it should
            }
        } else {
            try (ServerProcess server = checked(options)) {
                List<Future<?>> visits = customers.orderFrom(server);
                if (!server.endsWithin(PATIENCE_SECONDS)) {
                    violations.add(point + ": not passed " + passage + " times");
                }
                server.kill();
                await(visits);
            }
        }
        last = point + " (passage " + passage + ")";
        if (Files.readString(directory.resolve("log")).contains(Crash.epitaph(point))) {
            tally.points++;
        } else {
            violations.add(point + ": the server has ended otherwise: " + Files.readString(directory.resolve("log")));
        }
    }

    /** A server that is killed at a random time; in one of four cases the books go away before that. */
    void killAtRandom() throws Exception {
        List<String> options = random.nextInt(4) == 0 ? List.of(booksAway()) : List.of();
        try (ServerProcess server = checked(options)) {
            List<Future<?>> visits = customers.orderFrom(server);
            Thread.sleep(20 + random.nextInt(400));
            server.kill();
            await(visits);
        }
        last = "kill " + ++tally.kills;
    }

    /** A server that is left alone until all orders with a key have been answered; what its books said then. */
    void finish() throws Exception {
        try (ServerProcess server = checked(List.of())) {
            await(customers.finishAt(server));
        }
        BooksCopy books;
        try (ServerProcess server = checked(List.of())) {
            books = books();
            server.askToStop();
            server.exitCode();
        }
        violations.addAll(Oracles.lost(books, upstream, customers));
        tally.answered = customers.answers().size();
        tally.acknowledged = (int) customers.answers().stream().filter(answer -> answer.status() == 200).count();
        tally.replayed = (int) customers.answers().stream().filter(Customers.Answer::isReplayed).count();
        tally.broken = customers.broken();
        tally.asked = upstream.asked().size();
        tally.settled = (int) books.relays().keySet().stream().filter(books::isSettled).count();
    }

    private String booksAway() {
        return "-D" + CrashingLedger.AWAY + "=" + (10 + random.nextInt(10));
    }

    /** A server whose books are right now that it has swept. */
    private ServerProcess checked(List<String> options) throws IOException {
        ServerProcess server = start(options);
        String after = "after " + last + ": ";
        Oracles.violations(books(), upstream, customers).stream()
                .filter(violation -> violations.stream().noneMatch(known -> known.endsWith(violation)))
                .forEach(violation -> violations.add(after + violation));
        return server;
    }

    private ServerProcess start(List<String> options) throws IOException {
        List<String> all = new ArrayList<>(options);
        all.add("-D" + CrashingServer.BOOKS + "=" + directory.resolve("books"));
        all.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"));
        return ServerProcess.start(CrashingServer.class, directory, upstream.baseUrl(), all.toArray(String[]::new));
    }

    private BooksCopy books() throws IOException {
        return BooksCopy.read(Files.readAllLines(directory.resolve("books")));
    }

    private static void await(List<Future<?>> visits)
            throws InterruptedException, ExecutionException, TimeoutException {
        for (Future<?> visit : visits) {
            visit.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** What was found wrong at any time. */
    List<String> violations() {
        return violations;
    }

    Tally tally() {
        return tally;
    }

    @Override
    public void close() throws IOException {
        customers.close();
        upstream.close();
    }
}
