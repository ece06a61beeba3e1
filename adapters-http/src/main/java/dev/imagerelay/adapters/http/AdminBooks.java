package dev.imagerelay.adapters.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.imagerelay.application.port.in.OverseeBusiness;
import dev.imagerelay.application.port.in.ReloadCatalogue;
import dev.imagerelay.domain.catalogue.Catalogue;
import dev.imagerelay.domain.pricing.RateCardVersion;
import dev.imagerelay.domain.report.AuditLine;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Whether the books are right, what administrators did, what is on offer, and how the gateway is set up. */
final class AdminBooks {

    private final OverseeBusiness business;
    private final ReloadCatalogue catalogue;
    private final Map<String, String> settings;
    private final InstantSource time;

    AdminBooks(
            OverseeBusiness business,
            ReloadCatalogue catalogue,
            Map<String, String> settings,
            InstantSource time) {
        this.business = business;
        this.catalogue = catalogue;
        this.settings = settings;
        this.time = time;
    }

    Answer verify(Context ctx, String who) {
        List<String> offenders = business.verify();
        ObjectNode json = JsonAnswer.object().put("balanced", offenders.isEmpty());
        json.set("offenders", JsonAnswer.names(offenders));
        return JsonAnswer.ok(json);
    }

    Answer losses(Context ctx, String who) {
        Asked asked = new Asked(ctx);
        Instant from = asked.time("from").orElseGet(() -> time.instant().minus(Duration.ofDays(30)));
        return asked.read(() -> business.losses(from))
                .answer(losses -> JsonAnswer.ok(AdminJson.page(losses, AdminJson::loss)));
    }

    Answer audit(Context ctx, String who) {
        Asked asked = new Asked(ctx);
        int limit = asked.limit();
        Optional<String> subject = asked.text("subject");
        OptionalLong below = asked.below();
        return asked.read(() -> business.audit(subject, below, limit))
                .answer(lines -> JsonAnswer.ok(AdminJson.page(
                        lines, AdminJson::audit, AdminJson.next(lines, limit, AuditLine::number))));
    }

    Answer catalogue(Context ctx, String who) {
        Catalogue current = catalogue.current();
        ObjectNode json = JsonAnswer.object().put("price_version", current.rateCard().version().value());
        json.set("models", JsonAnswer.array(current.models(), AdminJson::model));
        json.set("versions", JsonAnswer.array(catalogue.versions(), version -> JsonAnswer.object()
                .put("version", version.version().value())
                .put("since", version.since().toString())));
        return JsonAnswer.ok(json);
    }

    Answer prices(Context ctx, String who) {
        String asked = ctx.pathParam("version");
        return RateCardVersion.read(asked)
                .flatMap(catalogue::prices)
                .<Answer>map(prices -> JsonAnswer.ok(JsonAnswer.object().put("version", asked).put("prices", prices)))
                .orElseGet(() -> Problem.notFound("price version " + ApiError.quoted(asked)));
    }

    Answer reload(Context ctx, String who) {
        ReloadCatalogue.Outcome outcome = catalogue.reload(who);
        if (outcome instanceof ReloadCatalogue.Refused refused) {
            return new Problem(422, "Nothing was changed: " + refused.why());
        }
        ReloadCatalogue.InForce inForce = (ReloadCatalogue.InForce) outcome;
        return JsonAnswer.ok(JsonAnswer.object()
                .put("before", inForce.before().value())
                .put("price_version", inForce.catalogue().rateCard().version().value()));
    }

    /** The settings in force, secrets masked. */
    Answer settings(Context ctx, String who) {
        ObjectNode json = JsonAnswer.object();
        settings.forEach(json::put);
        return JsonAnswer.ok(json);
    }
}
