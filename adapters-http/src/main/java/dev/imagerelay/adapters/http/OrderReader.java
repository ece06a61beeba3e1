package dev.imagerelay.adapters.http;

import dev.imagerelay.adapters.http.OrderMembers.Kind;
import dev.imagerelay.adapters.http.OrderMembers.Member;
import dev.imagerelay.application.port.in.ListModels;
import dev.imagerelay.domain.catalogue.Catalogue;
import dev.imagerelay.domain.catalogue.ImageModel;
import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.image.ImageQuality;
import dev.imagerelay.domain.image.ImageSize;
import dev.imagerelay.domain.image.ModelId;
import dev.imagerelay.domain.relay.Declined;
import dev.imagerelay.domain.relay.RequestBody;
import java.util.Optional;

/**
 * Reads the order in a request's JSON. Members are checked in the order in which OpenAI checks them, and the first
 * fault is the answer; members that mean nothing here are left for the upstream to judge.
 */
final class OrderReader {

    private final ListModels models;

    /** The models are asked for what they offer where a request names something that no model could have. */
    OrderReader(ListModels models) {
        this.models = models;
    }

    Reading<ReceivedOrder> read(byte[] json) {
        return OrderMembers.read(json).then(members -> promptAndModel(members)
                .then(order -> images(members, order))
                .then(order -> streamed(members, order))
                .then(order -> quality(members, order))
                .then(order -> style(members, order))
                .then(order -> size(members, order))
                .then(order -> Reading.read(new ReceivedOrder(order, body(json, members)))));
    }

    private static RequestBody body(byte[] json, OrderMembers members) {
        Member model = members.find("model").orElseThrow();
        return new RequestBody(json, model.start(), model.end());
    }

    private Reading<ImageOrder> promptAndModel(OrderMembers members) {
        return prompt(members)
                .then(prompt -> model(members)
                        .then(model -> Reading.read(ImageOrder.of(model.value(), prompt))));
    }

    private static Reading<String> prompt(OrderMembers members) {
        return requiredText(members, "prompt").then(OrderReader::bounded);
    }

    private static Reading<String> bounded(String prompt) {
        if (prompt.isEmpty()) {
            return invalid("prompt", "empty_string", "it is empty. Say what the image shows.");
        }
        int length = prompt.codePointCount(0, prompt.length());
        return length > ImageOrder.MAX_PROMPT
                ? invalid("prompt", "string_above_max_length", "it has " + length
                        + " characters, and the maximum is " + ImageOrder.MAX_PROMPT + ".")
                : Reading.read(prompt);
    }

    private Reading<ModelId> model(OrderMembers members) {
        return requiredText(members, "model")
                .then(name -> ModelId.read(name).map(Reading::read).orElseGet(() -> unknown(name)));
    }

    private Reading<ModelId> unknown(String name) {
        Catalogue catalogue = models.catalogue();
        return Reading.refused(ErrorMapping.of(new Declined.UnknownModel(
                name, catalogue.models().stream().map(ImageModel::name).toList())));
    }

    private static Reading<ImageOrder> images(OrderMembers members, ImageOrder order) {
        return integer(members, "n", 1, ImageOrder.MAX_IMAGES)
                .then(n -> Reading.read(n.map(order::times).orElse(order)));
    }

    /** How many previews are wanted is checked even if nothing is to be streamed, as OpenAI does. */
    private static Reading<ImageOrder> streamed(OrderMembers members, ImageOrder order) {
        return integer(members, "partial_images", 0, ImageOrder.MAX_PARTIAL_IMAGES)
                .then(previews -> wanted(members, "stream")
                        .then(wanted -> Reading.read(wanted ? order.streamed(previews.orElse(0)) : order)));
    }

    private static Reading<Boolean> wanted(OrderMembers members, String name) {
        Optional<Member> member = members.value(name);
        return member.isPresent() && member.get().kind() != Kind.BOOLEAN
                ? wrongType(name, "a boolean", member.get())
                : Reading.read(member.isPresent() && member.get().text().equals("true"));
    }

    /** Empty where the request says nothing, or null. */
    private static Reading<Optional<Integer>> integer(OrderMembers members, String name, int least, int most) {
        Optional<Member> member = members.value(name);
        if (member.isEmpty()) {
            return Reading.read(Optional.empty());
        }
        if (member.get().kind() != Kind.INTEGER) {
            return wrongType(name, "an integer", member.get());
        }
        int value = clamped(member.get().text());
        if (value < least) {
            return invalid(name, "integer_below_min_value", "it is below the minimum of " + least + ".");
        }
        return value > most
                ? invalid(name, "integer_above_max_value", "it is above the maximum of " + most + ".")
                : Reading.read(Optional.of(value));
    }

    /** The integer of that spelling, of which there may be hundreds of digits; a huge one is just a large one. */
    private static int clamped(String integer) {
        boolean huge = integer.length() > 9;
        boolean negative = integer.startsWith("-");
        return huge ? (negative ? Integer.MIN_VALUE : Integer.MAX_VALUE) : Integer.parseInt(integer);
    }

    private Reading<ImageOrder> quality(OrderMembers members, ImageOrder order) {
        return chosen(members, "quality").then(asked -> asked.isEmpty()
                ? Reading.read(order)
                : ImageQuality.read(asked.get())
                        .map(quality -> Reading.read(order.in(quality.value())))
                        .orElseGet(() -> modelFor(order).then(model -> Reading.refused(
                                ErrorMapping.qualityNotOffered(model.name(), asked.get(), model.qualities())))));
    }

    private static Reading<ImageOrder> style(OrderMembers members, ImageOrder order) {
        return optionalText(members, "style").then(style -> Reading.read(style.map(order::styled).orElse(order)));
    }

    private Reading<ImageOrder> size(OrderMembers members, ImageOrder order) {
        return chosen(members, "size").then(asked -> asked.isEmpty()
                ? Reading.read(order)
                : ImageSize.read(asked.get())
                        .map(size -> Reading.read(order.at(size.value())))
                        .orElseGet(() -> modelFor(order).then(model -> Reading.refused(
                                ErrorMapping.sizeNotOffered(model.name(), asked.get(), model.sizes())))));
    }

    private Reading<ImageModel> modelFor(ImageOrder order) {
        return Reading.of(models.catalogue().modelFor(order));
    }

    private static Reading<String> requiredText(OrderMembers members, String name) {
        Optional<Member> member = members.find(name);
        if (member.isEmpty()) {
            return Reading.refused(ApiError.invalidRequest(400, "Missing required parameter: '" + name + "'.")
                    .code("missing_required_parameter")
                    .param(name));
        }
        return text(name, member.get());
    }

    /** Empty where the choice is left to the model: nothing, null or {@code auto}. */
    private static Reading<Optional<String>> chosen(OrderMembers members, String name) {
        return optionalText(members, name)
                .then(text -> Reading.read(text.filter(choice -> !choice.equals("auto"))));
    }

    private static Reading<Optional<String>> optionalText(OrderMembers members, String name) {
        return members.value(name)
                .map(member -> text(name, member).then(text -> Reading.read(Optional.of(text))))
                .orElseGet(() -> Reading.read(Optional.empty()));
    }

    private static Reading<String> text(String name, Member member) {
        return member.kind() == Kind.STRING
                ? Reading.read(member.text())
                : wrongType(name, "a string", member);
    }

    private static <T> Reading<T> wrongType(String name, String expected, Member member) {
        return Reading.refused(ApiError.invalidRequest(
                        400,
                        "Invalid type for '" + name + "': expected " + expected + ", but got " + member.kind() + ".")
                .code("invalid_type")
                .param(name));
    }

    private static <T> Reading<T> invalid(String name, String code, String why) {
        return Reading.refused(
                ApiError.invalidRequest(400, "Invalid '" + name + "': " + why).code(code).param(name));
    }
}
