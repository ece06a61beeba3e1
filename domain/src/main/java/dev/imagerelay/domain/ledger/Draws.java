package dev.imagerelay.domain.ledger;

import dev.imagerelay.domain.pricing.Credits;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one relay has in the grants it draws on, kept up entry by entry: how a store makes the {@link Hold} that a rule
 * sees. Not for use by several threads at once.
 */
public final class Draws {

    private final Map<GrantId, Credits> amounts = new LinkedHashMap<>();

    /** Takes the relay's next entry into account; the entries come in the order of the books. */
    public void enter(EntryKind kind, GrantId grant, Credits amount) {
        if (kind == EntryKind.HELD) {
            amounts.merge(grant, amount, Credits::plus);
        } else if (kind == EntryKind.RELEASED || kind == EntryKind.REFUNDED) {
            amounts.merge(grant, amount, Credits::minus);
        }
    }

    /** Every grant that was ever drawn on. */
    public Set<GrantId> grants() {
        return Set.copyOf(amounts.keySet());
    }

    /** What is drawn now, in the order of drawing, as {@link Hold#draws()} wants it. */
    public List<Draw> left() {
        return amounts.entrySet().stream()
                .filter(drawn -> !drawn.getValue().isZero())
                .map(drawn -> new Draw(drawn.getKey(), drawn.getValue()))
                .toList();
    }
}
