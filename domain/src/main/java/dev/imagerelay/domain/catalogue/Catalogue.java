package dev.imagerelay.domain.catalogue;

import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.image.ModelId;
import dev.imagerelay.domain.pricing.Quote;
import dev.imagerelay.domain.pricing.RateCard;
import dev.imagerelay.domain.relay.Decision;
import dev.imagerelay.domain.relay.Declined;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * All models on offer at one time, with their prices. Immutable: a change of anything makes another catalogue, and what
 * was quoted from this one keeps its price.
 */
public final class Catalogue {

    private final Map<ModelId, ImageModel> models;
    private final RateCard rateCard;

    /**
     * Takes the models in the order of publication.
     *
     * @throws IllegalArgumentException if there are none, or two have the same name
     */
    public Catalogue(List<ImageModel> models) {
        if (models.isEmpty()) {
            throw new IllegalArgumentException("a catalogue offers at least one model");
        }
        this.models = models.stream().collect(Collectors.toMap(
                ImageModel::name, model -> model, Catalogue::refuseDouble, LinkedHashMap::new));
        this.rateCard =
                new RateCard(models.stream().collect(Collectors.toMap(ImageModel::name, ImageModel::prices)));
    }

    private static ImageModel refuseDouble(ImageModel one, ImageModel other) {
        throw new IllegalArgumentException("two models are named " + one.name());
    }

    /** The models in the order of publication. */
    public List<ImageModel> models() {
        return List.copyOf(models.values());
    }

    /** The model of that name; empty if none is offered under it. */
    public Optional<ImageModel> find(ModelId name) {
        return Optional.ofNullable(models.get(name));
    }

    /** The prices of all models. */
    public RateCard rateCard() {
        return rateCard;
    }

    /** The model for an order that it can make, or the reason why nothing on offer can make it. */
    public Decision<ImageModel> modelFor(ImageOrder order) {
        ImageModel model = models.get(order.model());
        return model == null
                ? Decision.refused(new Declined.UnknownModel(order.model().value(), List.copyOf(models.keySet())))
                : model.check(order);
    }

    /** The price of an order, or the reason why nothing on offer can make it. */
    public Decision<Quote> quote(ImageOrder order) {
        return modelFor(order).then(model -> Decision.accepted(rateCard.quote(order)));
    }
}
