package dev.imagerelay.domain.account;

import dev.imagerelay.domain.image.ModelId;
import dev.imagerelay.domain.pricing.Credits;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What one key is good for, within what its account may do.
 *
 * @param models    the models it may order from; empty: all
 * @param limits    how much it may order in a time
 * @param credits   the most credits it may ever spend; empty: all that its account has
 * @param expiresAt from then on it is refused; empty: never
 */
public record KeyScope(Set<ModelId> models, Limits limits, Optional<Credits> credits, Optional<Instant> expiresAt) {

    /** A key for everything. */
    public static final KeyScope ANYTHING = new KeyScope(Set.of(), Limits.NONE, Optional.empty(), Optional.empty());

    public KeyScope {
        models = Set.copyOf(models);
    }

    /** In words, such as {@code all models, 10 credits in all, no limits}. */
    @Override
    public String toString() {
        Stream<String> names = models.stream().map(ModelId::value).sorted();
        return (models.isEmpty() ? "all models" : names.collect(Collectors.joining(" and ")))
                + credits.map(most -> ", " + most + " credits in all").orElse("")
                + expiresAt.map(end -> ", until " + end).orElse("")
                + ", " + limits;
    }

    /** Whether it may order from that model. */
    public boolean allows(ModelId model) {
        return models.isEmpty() || models.contains(model);
    }

    /** Whether it is over. */
    public boolean hasExpired(Instant now) {
        return expiresAt.isPresent() && !now.isBefore(expiresAt.get());
    }

    /** The same until then, or until it ends anyway if that is sooner. */
    public KeyScope endingAt(Instant end) {
        return new KeyScope(models, limits, credits, Optional.of(hasExpired(end) ? expiresAt.get() : end));
    }
}
