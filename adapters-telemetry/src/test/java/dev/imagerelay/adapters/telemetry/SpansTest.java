package dev.imagerelay.adapters.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.imagerelay.domain.relay.UpstreamFailure;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every order is a span, every call of an upstream one below it, by the conventions' names. */
class SpansTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00f067aa0ba902b7";

    private final Watched gateway = new Watched();

    @Test
    void anOrderGoesOnWithItsCallersTrace() {
        gateway.upstream = (id, route, order, body, previews) -> {
            assertEquals(TRACE, Span.current().getSpanContext().getTraceId(), "for an agent that watches the client");
            return Watched.pictures(2);
        };

        gateway.order(Watched.order().times(2).styled("vivid"), Optional.of("00-" + TRACE + "-" + PARENT + "-01"), 200);

        List<SpanData> spans = gateway.traces.getSpans();
        assertEquals(2, spans.size());
        SpanData call = spans.get(0);
        SpanData order = spans.get(1);
        assertEquals("POST /v1/images/generations", order.getName());
        assertEquals(SpanKind.SERVER, order.getKind());
        assertEquals(TRACE, order.getTraceId());
        assertEquals(PARENT, order.getParentSpanId());
        assertEquals(Map.of(
                        "http.request.method", "POST",
                        "http.route", "/v1/images/generations",
                        "http.response.status_code", "200",
                        "image_relay.request.id", "req_00000000000000000000000000000001"),
                attributes(order));
        assertEquals("generate_content painter", call.getName());
        assertEquals(SpanKind.CLIENT, call.getKind());
        assertEquals(order.getSpanId(), call.getParentSpanId());
        assertEquals(Map.of(
                        "gen_ai.operation.name", "generate_content",
                        "gen_ai.provider.name", "openai",
                        "gen_ai.output.type", "image",
                        "gen_ai.request.model", "painter",
                        "gen_ai.request.choice.count", "2",
                        "gen_ai.request.image.size", "2K",
                        "gen_ai.request.image.style", "vivid",
                        "server.address", "north.example",
                        "image_relay.upstream", "north"),
                attributes(call));
        assertEquals(StatusData.unset(), call.getStatus());
        assertFalse(Span.current().getSpanContext().isValid(), "nothing is left behind on the thread");
    }

    @Test
    void aFailedCallSaysHowItFailedAndTheNextIsNamedAsThatUpstreamKnowsTheModel() {
        gateway.upstream = (id, route, order, body, previews) -> route.upstream().equals("north")
                ? Watched.failure(UpstreamFailure.UNREACHABLE)
                : Watched.failure(UpstreamFailure.TIMED_OUT);

        gateway.order(Watched.order(), Optional.empty(), 504);

        List<SpanData> spans = gateway.traces.getSpans();
        assertEquals(
                List.of("generate_content painter", "generate_content paint-1", "POST /v1/images/generations"),
                spans.stream().map(SpanData::getName).toList());
        assertEquals(
                List.of("unreachable", "timed_out", "504"),
                spans.stream().map(span -> attributes(span).get("error.type")).toList());
        assertEquals(
                List.of(StatusData.error(), StatusData.error(), StatusData.error()),
                spans.stream().map(SpanData::getStatus).toList());
    }

    @Test
    void nonsenseInPlaceOfATraceBeginsANewOne() {
        gateway.order(Watched.order(), Optional.of("00-" + TRACE + "-nonsense"), 200);

        SpanData order = gateway.traces.getSpans().get(1);
        assertEquals("0000000000000000", order.getParentSpanId());
        assertFalse(order.getTraceId().equals(TRACE));
    }

    @Test
    void belowAnAgentsOwnSpanOfTheServerAnOrderIsAnInnerOne() {
        Span agents = gateway.traces.getOpenTelemetry().getTracer("agent").spanBuilder("POST").startSpan();
        Scope scope = agents.makeCurrent();
        try {
            gateway.order(Watched.order(), Optional.of("00-" + TRACE + "-" + PARENT + "-01"), 200);
        } finally {
            scope.close();
        }

        SpanData order = gateway.traces.getSpans().get(1);
        assertEquals(SpanKind.INTERNAL, order.getKind());
        assertEquals(agents.getSpanContext().getSpanId(), order.getParentSpanId());
    }

    private static Map<String, String> attributes(SpanData span) {
        return span.getAttributes().asMap().entrySet().stream()
                .collect(Collectors.toMap(entry -> entry.getKey().getKey(), entry -> entry.getValue().toString()));
    }
}
