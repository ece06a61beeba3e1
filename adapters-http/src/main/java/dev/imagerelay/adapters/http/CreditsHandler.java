package dev.imagerelay.adapters.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.imagerelay.application.port.in.ReadCredits;
import dev.imagerelay.domain.account.Caller;
import dev.imagerelay.domain.ledger.Grant;
import dev.imagerelay.domain.ledger.LedgerEntry;
import dev.imagerelay.domain.ledger.Statement;
import dev.imagerelay.domain.ledger.Totals;
import dev.imagerelay.domain.report.UsageRow;
import io.javalin.http.Context;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** Tells callers what they have left, and where the rest went. */
final class CreditsHandler {

    private static final int USUAL_PAGE = 50;
    private static final int USUAL_DAYS = 30;

    private final Callers callers;
    private final ReadCredits readCredits;

    CreditsHandler(Callers callers, ReadCredits readCredits) {
        this.callers = callers;
        this.readCredits = readCredits;
    }

    Answer totals(Context ctx) {
        return callers.identify(ctx.req()).answer(caller -> JsonAnswer.ok(json(readCredits.totals(caller))));
    }

    private static ObjectNode json(Totals totals) {
        return JsonAnswer.object()
                .put("available", totals.balance().available().decimal())
                .put("held", totals.balance().held().decimal())
                .put("granted", totals.granted().decimal())
                .put("spent", totals.spent().decimal())
                .put("expired", totals.expired().decimal());
    }

    Answer entries(Context ctx) {
        return callers.identify(ctx.req())
                .then(caller -> page(ctx, caller))
                .answer(statement -> JsonAnswer.ok(json(statement)));
    }

    /** What came in and what is left of it, in the order in which it is spent; without what is used up. */
    Answer grants(Context ctx) {
        return callers.identify(ctx.req()).answer(caller -> list(JsonAnswer.array(
                readCredits.grants(caller).stream().filter(grant -> !isUsedUp(grant)).toList(), CreditsHandler::json)));
    }

    private static boolean isUsedUp(Grant grant) {
        return grant.available().isZero() && grant.held().isZero();
    }

    /** Without what the seller needs it for. */
    private static JsonNode json(Grant grant) {
        return AdminJson.grant(grant).without(List.of("priority", "external_id"));
    }

    /** What was charged by day and model. */
    Answer usage(Context ctx) {
        return callers.identify(ctx.req())
                .then(caller -> number(ctx, "days", ReadCredits.MOST_DAYS)
                        .then(days -> Reading.read(readCredits.usage(caller, (int) days.orElse(USUAL_DAYS)))))
                .answer(rows -> list(JsonAnswer.array(rows, CreditsHandler::json)));
    }

    private static ObjectNode json(UsageRow row) {
        return JsonAnswer.object()
                .put("day", row.period().toString().substring(0, 10))
                .put("model", row.group().get(0))
                .put("orders", row.relays())
                .put("images", row.delivered())
                .put("charged", row.charged().decimal())
                .put("refunded", row.refunded().decimal());
    }

    private static JsonAnswer list(ArrayNode data) {
        return JsonAnswer.ok(JsonAnswer.object().put("object", "list").set("data", data));
    }

    private Reading<Statement> page(Context ctx, Caller caller) {
        return number(ctx, "limit", ReadCredits.MOST_ENTRIES)
                .then(limit -> number(ctx, "before", Long.MAX_VALUE)
                        .then(before -> Reading.read(
                                readCredits.entries(caller, before, (int) limit.orElse(USUAL_PAGE)))));
    }

    private static Reading<OptionalLong> number(Context ctx, String name, long most) {
        String sent = ctx.queryParam(name);
        if (sent == null) {
            return Reading.read(OptionalLong.empty());
        }
        if (sent.matches("[0-9]{1,18}")) {
            long number = Long.parseLong(sent);
            if (number >= 1 && number <= most) {
                return Reading.read(OptionalLong.of(number));
            }
        }
        return Reading.refused(ApiError.invalidRequest(
                        400, "Invalid '" + name + "': " + ApiError.quoted(sent) + ". It is a whole number from 1 to "
                                + most + ".")
                .code("invalid_value")
                .param(name));
    }

    private static ObjectNode json(Statement statement) {
        List<Statement.Line> lines = statement.lines();
        ObjectNode page = JsonAnswer.object().put("object", "list");
        page.set("data", JsonAnswer.array(lines, CreditsHandler::json));
        return page.put("has_more", statement.more())
                .put("next", statement.more() ? lines.get(lines.size() - 1).number() : null);
    }

    static ObjectNode json(Statement.Line line) {
        LedgerEntry entry = line.entry();
        ObjectNode json = JsonAnswer.object()
                .put("number", line.number())
                .put("kind", entry.kind().name().toLowerCase(Locale.ROOT))
                .put("amount", entry.amount().decimal())
                .put("grant", entry.grant().toString())
                .put("relay", entry.relay().map(Object::toString).orElse(null))
                .put("at", entry.at().toString());
        entry.note().ifPresentOrElse(
                note -> json.putObject("note").put("who", note.who()).put("reason", note.reason()),
                () -> json.putNull("note"));
        return json;
    }
}
