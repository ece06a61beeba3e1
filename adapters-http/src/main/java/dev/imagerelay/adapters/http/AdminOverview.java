package dev.imagerelay.adapters.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.imagerelay.application.port.in.OverseeBusiness;
import dev.imagerelay.domain.ledger.GrantId;
import dev.imagerelay.domain.report.GrantQuery;
import dev.imagerelay.domain.report.GrantRecord;
import dev.imagerelay.domain.report.Overview;
import dev.imagerelay.domain.report.UsageQuery;
import dev.imagerelay.domain.report.UsageQuery.Dimension;
import dev.imagerelay.domain.report.UsageQuery.Grain;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** How the business stands, and what was sold to begin with: everything an operator looks at first. */
final class AdminOverview {

    private final OverseeBusiness business;
    private final InstantSource time;

    AdminOverview(OverseeBusiness business, InstantSource time) {
        this.business = business;
        this.time = time;
    }

    /**
     * By default of the last 24 hours. What it says of relays is of those that were held in that time, of losses what was
     * lost since it began.
     */
    Answer overview(Context ctx, String who) {
        Asked asked = new Asked(ctx);
        Instant to = asked.time("to").orElseGet(time::instant);
        Instant from = asked.time("from").orElseGet(() -> to.minus(Duration.ofHours(24)));
        return asked.read(() -> new UsageQuery(from, to, Optional.empty(), Grain.ALL, List.of(Dimension.OUTCOME)))
                .answer(query -> JsonAnswer.ok(json(query)));
    }

    private ObjectNode json(UsageQuery query) {
        Overview overview = business.overview(query.from(), query.to());
        ObjectNode json = JsonAnswer.object()
                .put("from", query.from().toString())
                .put("to", query.to().toString());
        json.set("credits", AdminJson.balance(overview.balance())
                .put("granted", overview.granted().decimal())
                .put("grants", overview.grants()));
        json.set("seconds", overview.pace()
                .map(pace -> JsonAnswer.object().put("p50", seconds(pace.p50())).put("p95", seconds(pace.p95())))
                .orElse(null));
        json.set("outcomes", JsonAnswer.array(
                business.usage(query),
                row -> JsonAnswer.object().put("outcome", row.group().get(0)).setAll(AdminRelays.sums(row))));
        json.set("losses", JsonAnswer.array(business.losses(query.from()), AdminJson::loss));
        return json;
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1e3;
    }

    /** All that came in, whoever got it. */
    Answer grants(Context ctx, String who) {
        Asked asked = new Asked(ctx);
        int limit = asked.limit();
        Optional<Instant> from = asked.time("from");
        Optional<Instant> to = asked.time("to");
        Optional<GrantId> below = asked.as("below", "a grant's id", GrantId::new);
        return asked.read(() -> business.grants(new GrantQuery(from, to, below, limit)))
                .answer(grants -> JsonAnswer.ok(AdminJson.page(
                        grants, AdminOverview::json, AdminJson.next(grants, limit, record -> record.grant().id()))));
    }

    private static ObjectNode json(GrantRecord record) {
        return AdminJson.grant(record.grant()).put("account", record.account().value());
    }
}
