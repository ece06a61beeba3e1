package dev.imagerelay.adapters.telemetry;

import dev.imagerelay.domain.catalogue.UpstreamRoute;
import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.relay.RelayId;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A span of the server for every order, and below it one of the client for every call of an upstream, with the names
 * of OpenTelemetry's conventions for HTTP and for generative AI. The latter are in development, hence written down here
 * and in no other place. A caller's {@code traceparent} is taken up and goes no further: our upstreams are not its business.
 */
final class Spans {

    private static final String GENERATE = "generate_content"; // the nearest word of the conventions

    private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
    private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");
    private static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
    private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");
    private static final AttributeKey<String> HOST = AttributeKey.stringKey("server.address");
    private static final AttributeKey<String> OPERATION = AttributeKey.stringKey("gen_ai.operation.name");
    private static final AttributeKey<String> PROVIDER = AttributeKey.stringKey("gen_ai.provider.name");
    private static final AttributeKey<String> OUTPUT = AttributeKey.stringKey("gen_ai.output.type");
    private static final AttributeKey<String> MODEL = AttributeKey.stringKey("gen_ai.request.model");
    private static final AttributeKey<Long> COUNT = AttributeKey.longKey("gen_ai.request.choice.count");
    private static final AttributeKey<String> SIZE = AttributeKey.stringKey("gen_ai.request.image.size");
    private static final AttributeKey<String> STYLE = AttributeKey.stringKey("gen_ai.request.image.style");
    private static final AttributeKey<String> REQUEST = AttributeKey.stringKey("image_relay.request.id");
    private static final AttributeKey<String> UPSTREAM = AttributeKey.stringKey("image_relay.upstream");

    private static final TextMapGetter<Function<String, Optional<String>>> HEADERS = new Headers();

    private static final class Headers implements TextMapGetter<Function<String, Optional<String>>> {
        @Override
        public String get(Function<String, Optional<String>> headers, String name) {
            return headers.apply(name).orElse(null);
        }
    }

    private final Tracer tracer;

    Spans(OpenTelemetry traces) {
        tracer = traces.getTracer("dev.imagerelay");
    }

    /** Begins the span of an order; below that of an agent which knows the server, if there is one. */
    Context order(RelayId id, Function<String, Optional<String>> header) {
        Context current = Context.current();
        boolean known = Span.fromContext(current).getSpanContext().isValid();
        Context parent = known
                ? current
                : W3CTraceContextPropagator.getInstance().extract(current, header, HEADERS);
        Span span = tracer.spanBuilder("POST")
                .setParent(parent)
                .setSpanKind(known ? SpanKind.INTERNAL : SpanKind.SERVER)
                .setAttribute(METHOD, "POST")
                .setAttribute(REQUEST, id.value())
                .startSpan();
        return parent.with(span);
    }

    /** Ends the span of an order that was answered so. */
    static void end(Context order, String route, int status) {
        Span span = Span.fromContext(order);
        span.updateName("POST " + route);
        span.setAttribute(ROUTE, route);
        span.setAttribute(STATUS, (long) status);
        if (status >= 500) {
            span.setAttribute(ERROR, String.valueOf(status));
            span.setStatus(StatusCode.ERROR);
        }
        span.end();
    }

    /** Begins the span of a call, in the context of its order. */
    Span call(Context order, UpstreamRoute route, ImageOrder what, Optional<String> host) {
        String model = route.model().orElse(what.model().value());
        SpanBuilder span = tracer.spanBuilder(GENERATE + " " + model)
                .setParent(order)
                .setSpanKind(SpanKind.CLIENT)
                .setAttribute(OPERATION, GENERATE)
                .setAttribute(PROVIDER, "openai")
                .setAttribute(OUTPUT, "image")
                .setAttribute(MODEL, model)
                .setAttribute(UPSTREAM, route.upstream());
        host.ifPresent(name -> span.setAttribute(HOST, name));
        what.size().ifPresent(size -> span.setAttribute(SIZE, size.value()));
        what.style().ifPresent(style -> span.setAttribute(STYLE, style));
        if (what.images() > 1) {
            span.setAttribute(COUNT, (long) what.images());
        }
        return span.startSpan();
    }

    /** Ends the span of a call that came to that. */
    static void end(Span call, String outcome, boolean good) {
        if (!good) {
            call.setAttribute(ERROR, outcome);
            call.setStatus(StatusCode.ERROR);
        }
        call.end();
    }
}
