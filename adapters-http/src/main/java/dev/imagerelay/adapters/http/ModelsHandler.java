package dev.imagerelay.adapters.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.imagerelay.application.port.in.ListModels;
import dev.imagerelay.domain.catalogue.ImageModel;
import dev.imagerelay.domain.image.ModelId;
import dev.imagerelay.domain.pricing.PriceRow;
import io.javalin.http.Context;
import java.util.Optional;

/** Tells what is on offer: to SDKs in OpenAI's form, to everybody with its prices. */
final class ModelsHandler {

    /** The catalogue does not date models and SDKs want an integer: the day the first catalogue was written. */
    private static final long CREATED = 1_763_769_600;

    private final Callers callers;
    private final ListModels models;

    ModelsHandler(Callers callers, ListModels models) {
        this.callers = callers;
        this.models = models;
    }

    Answer list(Context ctx) {
        return callers.identify(ctx.req()).answer(caller -> JsonAnswer.ok(JsonAnswer.object()
                .put("object", "list")
                .set("data", JsonAnswer.array(models.catalogue().models(), ModelsHandler::entry))));
    }

    Answer one(Context ctx) {
        String asked = ctx.pathParam("id");
        return callers.identify(ctx.req()).answer(caller -> find(asked)
                .<Answer>map(model -> JsonAnswer.ok(entry(model)))
                .orElseGet(() -> ApiError.invalidRequest(
                                404, "There is no model " + ApiError.quoted(asked) + ". GET /v1/models lists them.")
                        .code("model_not_found")
                        .param("model")));
    }

    private Optional<ImageModel> find(String asked) {
        return ModelId.read(asked).flatMap(models.catalogue()::find);
    }

    private static ObjectNode entry(ImageModel model) {
        return JsonAnswer.object()
                .put("id", model.name().value())
                .put("object", "model")
                .put("created", CREATED)
                .put("owned_by", "image-relay");
    }

    /** The public catalogue, in the envelope that its clients know. */
    Answer catalogue(Context ctx) {
        ObjectNode envelope = JsonAnswer.object();
        envelope.set("data", JsonAnswer.array(models.catalogue().models(), ModelsHandler::offer));
        return JsonAnswer.ok(envelope
                .put("code", 0)
                .put("message", "请求成功")
                .put("requestId", Entrance.relayId(ctx.req()).value()));
    }

    private static ObjectNode offer(ImageModel model) {
        ObjectNode offer = JsonAnswer.object()
                .put("name", model.name().value())
                .put("label", model.label())
                .put("description", model.description());
        offer.set("tags", JsonAnswer.names(model.tags()));
        offer.set("sizes", JsonAnswer.names(model.sizes()));
        offer.set("qualities", qualities(model));
        offer.set("styles", JsonAnswer.names(model.styles()));
        offer.put("maxImages", model.maxImages());
        offer.set("pricing", JsonAnswer.array(model.prices().rows(), ModelsHandler::price));
        return offer;
    }

    private static ArrayNode qualities(ImageModel model) {
        ArrayNode names = JsonAnswer.names(model.qualities());
        return names.isEmpty() ? names : names.insert(0, "auto");
    }

    private static JsonNode price(PriceRow row) {
        ObjectNode price = JsonAnswer.object().put("size", row.size().value());
        row.quality().ifPresent(quality -> price.put("quality", quality.value()));
        return price.put("price", row.price().decimal())
                .put("originPrice", row.originPrice().orElse(row.price()).decimal());
    }
}
