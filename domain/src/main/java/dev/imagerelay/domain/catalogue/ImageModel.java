package dev.imagerelay.domain.catalogue;

import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.image.ImageQuality;
import dev.imagerelay.domain.image.ImageSize;
import dev.imagerelay.domain.image.ModelId;
import dev.imagerelay.domain.pricing.PriceTable;
import dev.imagerelay.domain.relay.Decision;
import dev.imagerelay.domain.relay.Declined;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * A model on offer.
 *
 * @param name        how callers name it
 * @param label       how people read it
 * @param description a sentence or two, may be empty
 * @param tags        short words shown beside it
 * @param sizes       what it offers, in the order of publication; {@code auto} always works and is not listed
 * @param qualities   what it offers; {@code auto} always works and is not listed; none: it takes no quality
 * @param styles      what it offers; none: it takes no style
 * @param maxImages   the most pictures in one request, 1 to {@value ImageOrder#MAX_IMAGES}
 * @param prices      one for each size in each quality
 * @param routes      the upstreams that make it, at least one, in the order in which they are asked; if some have a
 *                    weight, the first to be asked is drawn from those
 */
public record ImageModel(
        ModelId name,
        String label,
        String description,
        List<String> tags,
        List<ImageSize> sizes,
        List<ImageQuality> qualities,
        List<String> styles,
        int maxImages,
        PriceTable prices,
        List<UpstreamRoute> routes) {

    public ImageModel {
        tags = List.copyOf(tags);
        sizes = List.copyOf(sizes);
        qualities = List.copyOf(qualities);
        styles = List.copyOf(styles);
        routes = List.copyOf(routes);
        if (label.isBlank()) {
            throw new IllegalArgumentException("a model has a label");
        }
        if (maxImages < 1 || maxImages > ImageOrder.MAX_IMAGES) {
            throw new IllegalArgumentException("maxImages is 1 to " + ImageOrder.MAX_IMAGES + ", not " + maxImages);
        }
        if (Set.copyOf(styles).size() < styles.size()) {
            throw new IllegalArgumentException("a style is offered twice");
        }
        if (!prices.isFor(sizes, qualities)) {
            throw new IllegalArgumentException("the prices are for other sizes or qualities than the model offers");
        }
        if (routes.isEmpty()) {
            throw new IllegalArgumentException("a model has at least one route to an upstream");
        }
    }

    /** The same model, made by other upstreams. */
    public ImageModel routedTo(List<UpstreamRoute> routes) {
        return new ImageModel(name, label, description, tags, sizes, qualities, styles, maxImages, prices, routes);
    }

    /** The routes in the order in which one relay tries them: the first as it is drawn, the rest as they are listed. */
    public List<UpstreamRoute> routesInTurn(RandomGenerator random) {
        long weights = routes.stream().mapToLong(UpstreamRoute::weight).sum();
        if (weights == 0) {
            return routes;
        }
        UpstreamRoute first = drawn(random.nextLong(weights));
        List<UpstreamRoute> inTurn = new ArrayList<>(routes);
        inTurn.remove(first);
        inTurn.add(0, first);
        return inTurn;
    }

    private UpstreamRoute drawn(long place) {
        long end = 0;
        for (UpstreamRoute route : routes) {
            end += route.weight();
            if (place < end) {
                return route;
            }
        }
        throw new IllegalArgumentException("the weights end before " + place);
    }

    /** Whether this model can make what is ordered. The first thing it cannot make is the answer. */
    Decision<ImageModel> check(ImageOrder order) {
        if (order.images() > maxImages) {
            return Decision.refused(new Declined.TooManyImages(name, order.images(), maxImages));
        }
        if (order.quality().isPresent() && !qualities.contains(order.quality().get())) {
            return Decision.refused(new Declined.QualityNotOffered(name, order.quality().get(), qualities));
        }
        if (order.style().isPresent() && !styles.contains(order.style().get())) {
            return Decision.refused(new Declined.StyleNotOffered(name, order.style().get(), styles));
        }
        if (order.size().isPresent() && !sizes.contains(order.size().get())) {
            return Decision.refused(new Declined.SizeNotOffered(name, order.size().get(), sizes));
        }
        return Decision.accepted(this);
    }
}
