package dev.imagerelay.application.port.out;

import dev.imagerelay.domain.report.Loss;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** What the operator asks of the books: the proof that they balance, and what was lost. */
public interface Books {

    /**
     * Adds up every entry there is and compares it with every grant and every relay. Takes longer the more entries
     * there are.
     *
     * @return a line for each that does not agree, with both amounts; empty if the books balance
     */
    List<String> offenders();

    /**
     * Recomputes what was held and charged for every relay from the rate card of its time.
     *
     * @return a line for each kind of relay, by an example, that cost something else, and for each rate card that has
     *     gone or changed; empty if all were priced right
     */
    List<String> mispriced();

    /**
     * Looks for relays that nobody cares about any more: of a gateway that has been dead for so long that another one,
     * alive, should have given back what it held.
     *
     * @return a line for each; empty if there are none
     */
    List<String> overdue();

    /**
     * All of these checks.
     *
     * @return a line for each thing that is wrong; empty if nothing is
     */
    default List<String> verify() {
        return Stream.of(offenders(), mispriced(), overdue()).flatMap(List::stream).toList();
    }

    /**
     * What upstreams may have charged the operator for while no customer paid: relays that were released although the
     * upstream may have made their pictures, those of one model and reason together, the most relays first.
     *
     * @param since only relays that ended then or later
     */
    List<Loss> losses(Instant since);
}
