package dev.imagerelay.adapters.telemetry;

import dev.imagerelay.application.port.out.ModelCatalogue;
import dev.imagerelay.domain.catalogue.ImageModel;
import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.image.ModelId;
import java.util.List;
import java.util.Optional;

/**
 * In which words of the catalogue something is counted and logged. Whatever else callers write has no end, and could be
 * a secret that went astray.
 */
record Labels(ModelCatalogue models) {

    private static final String OTHER = "other";
    private static final String AUTO = "auto";

    /** What an order asks for, in words of the catalogue. */
    record Ordered(String model, String size, String quality) {}

    Ordered of(ImageOrder order) {
        Optional<ImageModel> model = models.current().find(order.model());
        return new Ordered(
                model.isPresent() ? order.model().value() : OTHER,
                word(order.size(), model.map(ImageModel::sizes)),
                word(order.quality(), model.map(ImageModel::qualities)));
    }

    String model(ModelId model) {
        return models.current().find(model).isPresent() ? model.value() : OTHER;
    }

    private static <T> String word(Optional<T> asked, Optional<List<T>> offered) {
        if (asked.isEmpty()) {
            return AUTO;
        }
        return offered.isPresent() && offered.get().contains(asked.get()) ? asked.get().toString() : OTHER;
    }
}
