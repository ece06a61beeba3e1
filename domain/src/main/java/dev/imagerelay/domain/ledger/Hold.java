package dev.imagerelay.domain.ledger;

import dev.imagerelay.domain.relay.Relay;
import java.util.List;

/**
 * A relay and the grants it draws on.
 *
 * @param relay the relay
 * @param draws in the order of drawing. While the relay is held: what is set aside for it. Once it is settled: what was
 *     taken for it and has not been refunded. Once it is released: nothing.
 */
public record Hold(Relay relay, List<Draw> draws) {

    public Hold {
        draws = List.copyOf(draws);
    }
}
