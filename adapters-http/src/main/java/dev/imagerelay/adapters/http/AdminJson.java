package dev.imagerelay.adapters.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.imagerelay.domain.account.Account;
import dev.imagerelay.domain.account.ApiKey;
import dev.imagerelay.domain.account.KeyScope;
import dev.imagerelay.domain.account.Limits;
import dev.imagerelay.domain.catalogue.ImageModel;
import dev.imagerelay.domain.ledger.Balance;
import dev.imagerelay.domain.ledger.Grant;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.relay.Relay;
import dev.imagerelay.domain.report.AuditLine;
import dev.imagerelay.domain.report.Loss;
import dev.imagerelay.domain.report.RelayRecord;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** How the administration writes what there is. Members are always there, {@code null} where there is nothing to say. */
final class AdminJson {

    private AdminJson() {}

    static ObjectNode account(Account account) {
        ObjectNode json = JsonAnswer.object()
                .put("id", account.id().value())
                .put("name", account.name())
                .put("state", word(account.state()));
        json.set("limits", limits(account.limits()));
        return json;
    }

    static ObjectNode limits(Limits limits) {
        return JsonAnswer.object()
                .put("requests_per_minute", limits.requestsPerMinute().orElse(null))
                .put("images_per_minute", limits.imagesPerMinute().orElse(null))
                .put("requests_at_once", limits.requestsAtOnce().orElse(null))
                .put("credits_per_day", limits.creditsPerDay().map(Credits::decimal).orElse(null));
    }

    static ObjectNode key(ApiKey key) {
        ObjectNode json = JsonAnswer.object()
                .put("prefix", key.prefix())
                .put("account", key.account().value())
                .put("name", key.name())
                .put("issued_at", key.issuedAt().toString())
                .put("revoked_at", text(key.revokedAt()));
        json.set("scope", scope(key.scope()));
        return json;
    }

    static ObjectNode scope(KeyScope scope) {
        ObjectNode json = JsonAnswer.object();
        json.set("models", JsonAnswer.names(
                scope.models().stream().map(Object::toString).sorted().toList()));
        json.set("limits", limits(scope.limits()));
        return json.put("credits", scope.credits().map(Credits::decimal).orElse(null))
                .put("expires_at", text(scope.expiresAt()));
    }

    static ObjectNode balance(Balance balance) {
        return JsonAnswer.object()
                .put("available", balance.available().decimal())
                .put("held", balance.held().decimal());
    }

    static ObjectNode grant(Grant grant) {
        return JsonAnswer.object()
                .put("id", grant.id().value())
                .put("source", word(grant.source()))
                .put("priority", grant.priority())
                .put("granted", grant.granted().decimal())
                .put("available", grant.available().decimal())
                .put("held", grant.held().decimal())
                .put("granted_at", grant.grantedAt().toString())
                .put("expires_at", text(grant.expiresAt()))
                .put("external_id", grant.externalId().orElse(null));
    }

    static ObjectNode relay(RelayRecord record) {
        Relay relay = record.relay();
        return JsonAnswer.object()
                .put("id", relay.id().value())
                .put("account", relay.account().value())
                .put("key", relay.keyPrefix())
                .put("model", relay.model().value())
                .put("size", relay.size().map(Object::toString).orElse("auto"))
                .put("quality", relay.quality().map(Object::toString).orElse("auto"))
                .put("images", relay.images())
                .put("state", word(relay.state()))
                .put("reason", relay.reason().orElse(null))
                .put("quoted", relay.quoted().decimal())
                .put("delivered", relay.delivered())
                .put("charged", relay.charged().decimal())
                .put("refunded", relay.refunded().decimal())
                .put("price_version", relay.version().value())
                .put("held_at", record.heldAt().toString())
                .put("ended_at", text(record.endedAt()));
    }

    /** What it offers, with one price for each size in each quality. */
    static ObjectNode model(ImageModel model) {
        ObjectNode json = JsonAnswer.object()
                .put("name", model.name().value())
                .put("label", model.label())
                .put("max_images", model.maxImages());
        json.set("sizes", JsonAnswer.names(model.sizes()));
        json.set("qualities", JsonAnswer.names(model.qualities()));
        json.set("styles", JsonAnswer.names(model.styles()));
        json.set("routes", JsonAnswer.array(model.routes(), route -> JsonAnswer.object()
                .put("upstream", route.upstream())
                .put("model", route.model().orElse(null))));
        json.set("prices", JsonAnswer.array(model.prices().unitPrices(), unit -> JsonAnswer.object()
                .put("size", unit.size().value())
                .put("quality", text(unit.quality()))
                .put("price", unit.credits().decimal())));
        return json;
    }

    static ObjectNode loss(Loss loss) {
        return JsonAnswer.object()
                .put("model", loss.model().value())
                .put("reason", loss.reason())
                .put("relays", loss.relays())
                .put("images", loss.images())
                .put("quoted", loss.quoted().decimal());
    }

    static ObjectNode audit(AuditLine line) {
        return JsonAnswer.object()
                .put("number", line.number())
                .put("at", line.record().at().toString())
                .put("who", line.record().who())
                .put("action", line.record().action())
                .put("subject", line.record().subject())
                .put("before", line.record().before().orElse(null))
                .put("after", line.record().after().orElse(null));
    }

    /** All there is of a list. */
    static <T> ObjectNode page(List<T> items, Function<T, JsonNode> json) {
        return page(items, json, Optional.empty());
    }

    /** Where the page behind this one begins; empty if this one is not full, and so the last. */
    static <T> Optional<String> next(List<T> items, int limit, Function<T, Object> place) {
        return items.size() < limit
                ? Optional.empty()
                : Optional.of(place.apply(items.get(items.size() - 1)).toString());
    }

    /** A page of a list; {@code next} names where the one behind it begins. */
    static <T> ObjectNode page(List<T> items, Function<T, JsonNode> json, Optional<String> next) {
        ObjectNode page = JsonAnswer.object();
        page.set("data", JsonAnswer.array(items, json));
        return page.put("next", next.orElse(null));
    }

    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static String text(Optional<?> value) {
        return value.map(Object::toString).orElse(null);
    }
}
