package dev.imagerelay.domain.catalogue;

import java.util.Optional;

/**
 * Where a model's requests go.
 *
 * @param upstream the configured name of the upstream
 * @param model    what the upstream calls the model; empty: the public name
 */
public record UpstreamRoute(String upstream, Optional<String> model) {

    public UpstreamRoute {
        if (upstream.isBlank()) {
            throw new IllegalArgumentException("a route names an upstream");
        }
        if (model.isPresent() && model.get().isBlank()) {
            throw new IllegalArgumentException("a route's model is not empty; leave it out to keep the public name");
        }
    }
}
