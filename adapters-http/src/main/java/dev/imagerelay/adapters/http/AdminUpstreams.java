package dev.imagerelay.adapters.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.imagerelay.application.port.in.ListUpstreams;
import dev.imagerelay.domain.report.UpstreamStatus;
import io.javalin.http.Context;

/** How the upstreams do. */
final class AdminUpstreams {

    private final ListUpstreams upstreams;

    AdminUpstreams(ListUpstreams upstreams) {
        this.upstreams = upstreams;
    }

    Answer list(Context ctx, String who) {
        return JsonAnswer.ok(AdminJson.page(upstreams.upstreams(), AdminUpstreams::json));
    }

    private static JsonNode json(UpstreamStatus status) {
        return JsonAnswer.object()
                .put("name", status.name())
                .put("host", status.host())
                .put("in_flight", status.inFlight())
                .put("most_in_flight", status.mostInFlight())
                .put("state", AdminJson.word(status.state()))
                .put("failures", status.failures())
                .put("since", status.since().toString());
    }
}
