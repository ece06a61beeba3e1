package dev.imagerelay.domain.report;

import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.image.ModelId;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.RelayState;
import java.time.Instant;
import java.util.Optional;

/**
 * Which relays to show, the newest first. Whatever is empty does not matter.
 *
 * @param account   whose
 * @param keyPrefix ordered with which key
 * @param model     from which model
 * @param state     how they ended, or that they have not
 * @param reason    why they were released, a short code
 * @param from      held then or later
 * @param to        held before then
 * @param below     the page begins behind this relay
 * @param limit     the most relays of a page, 1 to {@value #MOST}
 */
public record RelayQuery(
        Optional<AccountId> account,
        Optional<String> keyPrefix,
        Optional<ModelId> model,
        Optional<RelayState> state,
        Optional<String> reason,
        Optional<Instant> from,
        Optional<Instant> to,
        Optional<RelayId> below,
        int limit) {

    /** The most relays of one page. */
    public static final int MOST = 1_000;

    public RelayQuery {
        if (limit < 1 || limit > MOST) {
            throw new IllegalArgumentException("a page has 1 to " + MOST + " relays, not " + limit);
        }
    }

    /** The newest relays of all. */
    public static RelayQuery newest(int limit) {
        return new RelayQuery(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.empty(), Optional.empty(), limit);
    }
}
