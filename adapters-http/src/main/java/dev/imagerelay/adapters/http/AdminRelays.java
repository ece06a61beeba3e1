package dev.imagerelay.adapters.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.imagerelay.application.port.in.AdministerAccounts;
import dev.imagerelay.application.port.in.OverseeBusiness;
import dev.imagerelay.application.port.in.OverseeBusiness.RelayView;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.image.ModelId;
import dev.imagerelay.domain.ledger.LedgerEntry.Note;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.relay.Relay;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.RelayState;
import dev.imagerelay.domain.report.RelayQuery;
import dev.imagerelay.domain.report.RelayRecord;
import dev.imagerelay.domain.report.UsageQuery;
import dev.imagerelay.domain.report.UsageQuery.Dimension;
import dev.imagerelay.domain.report.UsageQuery.Grain;
import dev.imagerelay.domain.report.UsageRow;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Relays, one by one and added up. */
final class AdminRelays {

    private final BodyReader bodies;
    private final AdministerAccounts office;
    private final OverseeBusiness business;
    private final InstantSource time;

    AdminRelays(BodyReader bodies, AdministerAccounts office, OverseeBusiness business, InstantSource time) {
        this.bodies = bodies;
        this.office = office;
        this.business = business;
        this.time = time;
    }

    /** Relays by what they are; {@code state=held} shows what is in flight. */
    Answer list(Context ctx, String who) {
        Asked asked = new Asked(ctx);
        int limit = asked.limit();
        Optional<AccountId> account = asked.as("account", "an account's id", AccountId::new);
        Optional<String> key = asked.text("key");
        Optional<ModelId> model = asked.as("model", "a model's name", ModelId::new);
        Optional<RelayState> state = asked.oneOf("state", RelayState.class);
        Optional<String> reason = asked.text("reason");
        Optional<Instant> from = asked.time("from");
        Optional<Instant> to = asked.time("to");
        Optional<RelayId> below = asked.as("below", "a relay's id", RelayId::new);
        return asked.read(() -> business.relays(
                        new RelayQuery(account, key, model, state, reason, from, to, below, limit)))
                .answer(relays -> table(
                        ctx, relays.stream().map(AdminJson::relay).toList(),
                        AdminJson.next(relays, limit, record -> record.relay().id())));
    }

    Answer one(Context ctx, String who) {
        return relay(ctx).answer(view -> {
            ObjectNode json = AdminJson.relay(view.record());
            json.set("timeline", JsonAnswer.array(timeline(view.record()), moment -> moment));
            json.set("entries", JsonAnswer.array(view.entries(), CreditsHandler::json));
            return JsonAnswer.ok(json);
        });
    }

    private static List<ObjectNode> timeline(RelayRecord record) {
        ObjectNode held = JsonAnswer.object().put("at", record.heldAt().toString()).put("what", "held");
        return record.endedAt()
                .map(end -> List.of(held, JsonAnswer.object()
                        .put("at", end.toString())
                        .put("what", AdminJson.word(record.relay().state()))
                        .put("seconds", Duration.between(record.heldAt(), end).toMillis() / 1e3)))
                .orElse(List.of(held));
    }

    /** Gives back an amount, or all that is left of the charge if none is named. */
    Answer refund(Context ctx, String who) {
        return relay(ctx).then(view -> bodies.readAny(ctx.req()).then(Form::of).then(form -> {
            Relay relay = view.record().relay();
            Credits amount = form.credits("amount").orElse(relay.charged().minus(relay.refunded()));
            String reason = form.required("reason", form.text("reason"), "-");
            return form.read(() -> office.by(who).refund(relay.id(), amount, new Note(who, reason)));
        })).answer(posting -> AdminAccounts.posted(posting, 201));
    }

    private Reading<RelayView> relay(Context ctx) {
        String asked = ctx.pathParam("relay");
        return RelayId.read(asked)
                .flatMap(business::relay)
                .map(Reading::read)
                .orElseGet(() -> Reading.refused(Problem.notFound("relay " + ApiError.quoted(asked))));
    }

    /** What was used, by default of the last 30 days, a row for each; and all of it added up by the books themselves. */
    Answer usage(Context ctx, String who) {
        Asked asked = new Asked(ctx);
        Instant to = asked.time("to").orElseGet(time::instant);
        Instant from = asked.time("from").orElseGet(() -> to.minus(Duration.ofDays(30)));
        Optional<AccountId> account = asked.as("account", "an account's id", AccountId::new);
        Grain grain = asked.oneOf("grain", Grain.class).orElse(Grain.DAY);
        List<Dimension> by = asked.as("by", "some of account,key,model,size,quality,outcome", AdminRelays::dimensions)
                .orElse(List.of());
        return asked.read(() -> new UsageQuery(from, to, account, grain, by)).answer(query -> {
            List<UsageRow> found = business.usage(query);
            if (found.size() > UsageQuery.MOST_ROWS) {
                return Problem.invalid("There are more than " + UsageQuery.MOST_ROWS
                        + " rows: ask for a shorter time, a coarser grain or fewer things to tell apart.");
            }
            List<ObjectNode> rows = found.stream().map(row -> json(row, by)).toList();
            if (wantsCsv(ctx)) {
                return new Csv(rows);
            }
            ObjectNode json = JsonAnswer.object().put("from", from.toString()).put("to", to.toString());
            json.set("data", JsonAnswer.array(rows, row -> row));
            json.set("total", total(query));
            return JsonAnswer.ok(json);
        });
    }

    private static List<Dimension> dimensions(String names) {
        return Arrays.stream(names.split(",")).map(name -> Dimension.valueOf(name.toUpperCase(Locale.ROOT))).toList();
    }

    private ObjectNode total(UsageQuery query) {
        return business.usage(new UsageQuery(query.from(), query.to(), query.account(), Grain.ALL, List.of())).stream()
                .findFirst()
                .map(AdminRelays::sums)
                .orElse(null);
    }

    private static ObjectNode json(UsageRow row, List<Dimension> by) {
        ObjectNode json = JsonAnswer.object().put("period", row.period().toString());
        for (int i = 0; i < by.size(); i++) {
            json.put(by.get(i).name().toLowerCase(Locale.ROOT), row.group().get(i));
        }
        return json.setAll(sums(row));
    }

    static ObjectNode sums(UsageRow row) {
        return JsonAnswer.object()
                .put("relays", row.relays())
                .put("ordered", row.ordered())
                .put("delivered", row.delivered())
                .put("quoted", row.quoted().decimal())
                .put("charged", row.charged().decimal())
                .put("refunded", row.refunded().decimal());
    }

    private static Answer table(Context ctx, List<ObjectNode> rows, Optional<String> next) {
        return wantsCsv(ctx)
                ? new Csv(rows)
                : JsonAnswer.ok(AdminJson.page(rows, row -> row, next));
    }

    private static boolean wantsCsv(Context ctx) {
        String accepted = ctx.header("Accept");
        return accepted != null && accepted.contains("text/csv");
    }
}
