package dev.imagerelay.bootstrap;

import java.util.List;
import java.util.stream.Stream;

/**
 * What was done in a campaign, and what was found wrong.
 *
 * @param crashes      at a point
 * @param kills        at a random time
 * @param answered     whole answers that customers had
 * @param acknowledged of them, those with pictures
 * @param replayed     of those, replays
 * @param broken       connections that broke under customers
 * @param asked        requests that the upstream saw
 * @param settled      relays that were paid
 */
record Findings(
        int crashes,
        int kills,
        int answered,
        int acknowledged,
        int replayed,
        int broken,
        int asked,
        int settled,
        List<String> violations) {

    static final Findings NONE = new Findings(0, 0, 0, 0, 0, 0, 0, 0, List.of());

    Findings plus(Findings other) {
        return new Findings(
                crashes + other.crashes,
                kills + other.kills,
                answered + other.answered,
                acknowledged + other.acknowledged,
                replayed + other.replayed,
                broken + other.broken,
                asked + other.asked,
                settled + other.settled,
                Stream.concat(violations.stream(), other.violations.stream()).toList());
    }

    @Override
    public String toString() {
        return crashes + " crashes at a point, " + kills + " kills at random; customers had " + answered
                + " answers, of which " + acknowledged + " with pictures (" + replayed + " of them replays), and "
                + broken + " broken connections; the upstream saw " + asked + " requests, and " + settled
                + " relays were paid; " + violations.size() + " violations";
    }
}
