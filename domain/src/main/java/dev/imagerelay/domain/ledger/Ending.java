package dev.imagerelay.domain.ledger;

import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.pricing.Charge;
import dev.imagerelay.domain.relay.RelayId;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How a relay is to end in the books. Unlike an {@link Intent} it can be written down, for when the books are out of
 * reach.
 *
 * @param account whose relay
 * @param relay   which one
 * @param charge  what is to be taken from its hold; empty: the whole hold goes back
 * @param reason  why it goes back, a short code of {@code [a-z_]}; {@value #SETTLED} if something is taken
 */
public record Ending(AccountId account, RelayId relay, Optional<Charge> charge, String reason) {

    private static final String SETTLED = "settled";
    private static final Pattern REASON = Pattern.compile("[a-z_]{1,64}");

    public Ending {
        if (!REASON.matcher(reason).matches() || charge.isPresent() != reason.equals(SETTLED)) {
            throw new IllegalArgumentException("a relay is either settled or released for a reason, not " + reason);
        }
    }

    /** Takes what was delivered from the hold and gives the rest back. */
    public static Ending settle(AccountId account, RelayId relay, Charge charge) {
        return new Ending(account, relay, Optional.of(charge), SETTLED);
    }

    /** Gives the whole hold back; the reason is a short code. */
    public static Ending release(AccountId account, RelayId relay, String reason) {
        return new Ending(account, relay, Optional.empty(), reason);
    }

    /** What is to be done to the account's books. */
    public Intent intent() {
        return charge.map(due -> Intent.settle(account, relay, due))
                .orElseGet(() -> Intent.release(account, relay, reason));
    }
}
