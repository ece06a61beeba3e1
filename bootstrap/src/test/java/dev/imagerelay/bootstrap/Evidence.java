package dev.imagerelay.bootstrap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What the customers and the upstream of one installation know, and where its books disagreed with them. */
final class Evidence implements AutoCloseable {

    private static final int MOST_PAUSES = 150;
    private static final int MANY_PAUSES = 1_500;
    private static final long PAUSE_MILLIS = 20;

    private final RecordingUpstream upstream = new RecordingUpstream();
    private final Customers customers = new Customers();
    private final boolean lateAnswersAreDue;
    private final List<String> violations = new ArrayList<>();

    /**
     * Nothing yet.
     *
     * @param lateAnswersAreDue whether there are several gateways, of which a slow one may be taken for dead
     */
    Evidence(boolean lateAnswersAreDue) {
        this.lateAnswersAreDue = lateAnswersAreDue;
    }

    RecordingUpstream upstream() {
        return upstream;
    }

    Customers customers() {
        return customers;
    }

    void violation(String violation) {
        violations.add(violation);
    }

    /**
     * Lets customers order until some random time, which is the later the slower the machine is: after the upstream has
     * been asked for up to so many more, but a few seconds at the longest, as the books may be away.
     */
    void await(int orders, Random random) throws InterruptedException {
        int enough = upstream.asked().size() + random.nextInt(orders);
        for (int pause = 0; pause < MOST_PAUSES && upstream.asked().size() < enough; pause++) {
            Thread.sleep(PAUSE_MILLIS);
        }
        Thread.sleep(random.nextInt(100));
    }

    /** Lets customers order until one has had an answer with that word in it that none had before. */
    void awaitAnswer(String word) throws InterruptedException {
        long before = answers(word);
        for (int pause = 0; answers(word) == before; pause++) {
            if (pause == MANY_PAUSES) {
                violation("nobody was answered " + word);
                return;
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    private long answers(String word) {
        return customers.answers().stream().filter(answer -> answer.body().contains(word)).count();
    }

    /** Looks for what is wrong once a server has swept, and was not before. */
    void check(BooksCopy books, String when) {
        note(Oracles.violations(books, upstream, customers, lateAnswersAreDue), when);
    }

    /** The same when customers with a key have asked until they were answered; all that there is to say. */
    Findings conclude(BooksCopy books, int crashes, int kills) {
        note(Oracles.violations(books, upstream, customers, lateAnswersAreDue), "in the end");
        note(Oracles.lost(books, upstream, customers), "in the end");
        List<Customers.Answer> answers = customers.answers();
        return new Findings(
                crashes,
                kills,
                answers.size(),
                (int) answers.stream().filter(answer -> answer.status() == 200).count(),
                (int) answers.stream().filter(Customers.Answer::isReplayed).count(),
                customers.broken(),
                upstream.asked().size(),
                (int) books.relays().keySet().stream().filter(books::isSettled).count(),
                List.copyOf(violations));
    }

    private void note(List<String> found, String when) {
        found.stream()
                .filter(violation -> violations.stream().noneMatch(known -> known.endsWith(violation)))
                .forEach(violation -> violations.add(when + ": " + violation));
    }

    @Override
    public void close() throws IOException {
        customers.close();
        upstream.close();
    }
}
