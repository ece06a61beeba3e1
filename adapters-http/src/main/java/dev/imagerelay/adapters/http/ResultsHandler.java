package dev.imagerelay.adapters.http;

import dev.imagerelay.application.port.in.ReadResult;
import dev.imagerelay.domain.relay.RelayId;
import io.javalin.http.Context;
import java.util.Map;

/** Gives callers once more what they have paid for. */
final class ResultsHandler {

    private final Callers callers;
    private final ReadResult readResult;

    ResultsHandler(Callers callers, ReadResult readResult) {
        this.callers = callers;
        this.readResult = readResult;
    }

    /** What is not the caller's is answered like what is not there. */
    Answer one(Context ctx) {
        String asked = ctx.pathParam("id");
        return callers.identify(ctx.req()).answer(caller -> RelayId.read(asked)
                .flatMap(relay -> readResult.result(caller, relay))
                .<Answer>map(body -> new RelayedAnswer(200, body, Map.of()))
                .orElseGet(() -> ApiError.invalidRequest(
                                404, "There is no result " + ApiError.quoted(asked) + ". It is named by the"
                                        + " x-request-id of images that were paid for, and is kept for a while only.")
                        .code("result_not_found")));
    }
}
