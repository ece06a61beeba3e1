package dev.imagerelay.application.port.out;

import dev.imagerelay.domain.ledger.Ending;
import java.util.List;

/**
 * How relays ended while the books were out of reach: written down durably on this machine, so that a customer gets the
 * pictures and the books get what is due once they are back. Only the gateway that held the credits writes here.
 */
public interface Unsettled {

    /** Writes nothing down, for who has no such place: then the books must be in reach. */
    Unsettled NONE = new Unsettled() {
        @Override
        public void keep(Ending ending) {
            throw StoreUnavailable.before("there is no place to write down how a relay ended");
        }

        @Override
        public List<Ending> endings() {
            return List.of();
        }

        @Override
        public void remove(List<Ending> done) {}
    };

    /**
     * Writes down how a relay ended; it is durable when this returns.
     *
     * @throws StoreUnavailable if it cannot be written
     */
    void keep(Ending ending);

    /** All that is written down, the oldest first. Cheap when that is nothing. */
    List<Ending> endings();

    /** Strikes out what the books have taken over. */
    void remove(List<Ending> done);
}
