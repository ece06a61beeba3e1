package dev.imagerelay.domain.catalogue;

import java.util.Optional;

/**
 * Where a model's requests go.
 *
 * @param upstream the configured name of the upstream
 * @param model    what the upstream calls the model; empty: the public name
 * @param weight   how often it is asked first, in relation to the model's other routes: 0 to {@value #MAX_WEIGHT};
 *                 with 0 only if the routes before it did no work, or no route of the model has a weight
 */
public record UpstreamRoute(String upstream, Optional<String> model, int weight) {

    /** The largest weight. */
    public static final int MAX_WEIGHT = 1_000_000;

    public UpstreamRoute {
        if (upstream.isBlank()) {
            throw new IllegalArgumentException("a route names an upstream");
        }
        if (model.isPresent() && model.get().isBlank()) {
            throw new IllegalArgumentException("a route's model is not empty; leave it out to keep the public name");
        }
        if (weight < 0 || weight > MAX_WEIGHT) {
            throw new IllegalArgumentException("a route's weight is 0 to " + MAX_WEIGHT + ", not " + weight);
        }
    }

    /** A route without a weight. */
    public UpstreamRoute(String upstream, Optional<String> model) {
        this(upstream, model, 0);
    }
}
