package dev.imagerelay.bootstrap;

import dev.imagerelay.bootstrap.Customers.Answer;
import dev.imagerelay.bootstrap.RecordingUpstream.Asked;
import dev.imagerelay.bootstrap.RecordingUpstream.Sent;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.relay.RelayState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Compares what is in the books with what the upstream and the customers have written down. */
final class Oracles {

    private static final Credits UNIT = Credits.of("1");

    private final BooksCopy books;
    private final List<Asked> asked;
    private final Map<String, Sent> sent;
    private final List<Answer> answers;
    private final Set<Integer> delivered;
    private final List<String> violations = new ArrayList<>();

    private Oracles(BooksCopy books, RecordingUpstream upstream, Customers customers) {
        this.books = books;
        this.asked = upstream.asked();
        this.sent = upstream.sent();
        this.answers = customers.answers();
        this.delivered = answers.stream()
                .filter(answer -> answer.status() == 200)
                .map(answer -> answer.order().number())
                .collect(Collectors.toSet());
    }

    /**
     * What is wrong, once a server has swept; empty if nothing is.
     *
     * @param lateAnswersAreDue whether a gateway may have been taken for dead by another
     */
    static List<String> violations(
            BooksCopy books, RecordingUpstream upstream, Customers customers, boolean lateAnswersAreDue) {
        Oracles oracles = new Oracles(books, upstream, customers);
        oracles.violations.addAll(books.wrong());
        oracles.everyRequestUpstreamWasHeldForOnce();
        oracles.everyAnswerIsInTheBooks();
        oracles.everyErrorWasDue(lateAnswersAreDue);
        oracles.everyChargeIsForPicturesThatCame();
        oracles.noOrderIsPaidTwice();
        return oracles.violations;
    }

    /** The same, once customers with a key have asked until they were answered: nobody paid for nothing. */
    static List<String> lost(BooksCopy books, RecordingUpstream upstream, Customers customers) {
        Oracles oracles = new Oracles(books, upstream, customers);
        oracles.everyKeyedOrderThatWasPaidWasAnswered();
        return oracles.violations;
    }

    private void require(boolean met, String otherwise) {
        if (!met) {
            violations.add(otherwise);
        }
    }

    private void everyRequestUpstreamWasHeldForOnce() {
        Set<String> seen = new HashSet<>();
        for (Asked request : asked) {
            require(books.relays().containsKey(request.relay()), "O1: never held for: " + request);
            require(seen.add(request.relay()), "O1: asked of the upstream twice: " + request);
        }
    }

    private void everyAnswerIsInTheBooks() {
        for (Answer answer : answers) {
            if (answer.status() == 200) {
                require(books.isSettled(answer.relay()), "O2: answered and not paid: " + answer);
                Sent original = sent.get(answer.relay());
                require(original != null && original.body().equals(answer.body()),
                        "O2: not what the upstream sent for it: " + answer);
                require(!books.isSettled(answer.relay())
                                || books.relays().get(answer.relay()).delivered() == answer.pictures(),
                        "O2: other than so many pictures are in the books: " + answer);
                require(!answer.isReplayed() || !books.isSettled(answer.request()), "a replay was paid: " + answer);
            } else {
                require(!books.isSettled(answer.request()), "O4: an error was paid for: " + answer);
            }
        }
    }

    /** The upstream fails and the books go away; whose result could not be kept then has had it nevertheless. */
    private void everyErrorWasDue(boolean lateAnswersAreDue) {
        for (Answer answer : answers) {
            boolean due = switch (answer.status()) {
                case 200, 502, 503 -> true;
                case 410 -> delivered.contains(answer.order().number());
                case 500 -> lateAnswersAreDue && answer.body().contains("settled_too_late");
                default -> false;
            };
            require(due, "no such answer was due: " + answer);
        }
    }

    private void everyChargeIsForPicturesThatCame() {
        books.relays().forEach((id, relay) -> {
            boolean settled = relay.state() == RelayState.SETTLED;
            Sent answer = sent.get(id);
            require(!settled || answer != null && answer.pictures() == relay.delivered(),
                    "O3: paid for other pictures than came: " + id + " " + relay + ", " + answer);
            require(relay.charged().equals(UNIT.times(settled ? relay.delivered() : 0)),
                    "O3: charged at another price: " + id + " " + relay);
        });
    }

    private void noOrderIsPaidTwice() {
        Map<Integer, String> paid = new HashMap<>();
        for (Asked request : asked) {
            if (books.isSettled(request.relay())) {
                String earlier = paid.put(request.order(), request.relay());
                require(earlier == null || earlier.equals(request.relay()),
                        "paid twice: " + request + " and before that " + earlier);
            }
        }
    }

    private void everyKeyedOrderThatWasPaidWasAnswered() {
        Set<String> answered = new HashSet<>();
        Set<Integer> keyed = new HashSet<>();
        for (Answer answer : answers) {
            if (answer.order().keyed()) {
                keyed.add(answer.order().number());
                if (answer.status() == 200) {
                    answered.add(answer.relay());
                }
            }
        }
        for (Asked request : asked) {
            require(!keyed.contains(request.order()) || !books.isSettled(request.relay())
                            || answered.contains(request.relay()),
                    "paid, asked for again, and never delivered: " + request);
        }
    }
}
