package dev.imagerelay.adapters.telemetry;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line of the log for one order, as words of the form {@code key=value}; what is not known is left out. */
final class OrderLine {

    static final String LOGGER = "dev.imagerelay.relays";

    private static final Logger LOG = LoggerFactory.getLogger(LOGGER);

    private final StringBuilder text = new StringBuilder(400);

    private OrderLine() {}

    /** Writes it if anybody wants it, at the level info. */
    static void write(Order order, int status, long now) {
        if (LOG.isInfoEnabled()) {
            LOG.info(text(order, status, now));
        }
    }

    static String text(Order order, int status, long now) {
        OrderLine line = new OrderLine();
        line.add("request", order.id());
        order.asked().ifPresent(line::add);
        if (order.calledUpstream()) {
            line.add("upstream", order.upstream());
        }
        line.add("status", status);
        order.verdict().ifPresent(line::add);
        if (order.calledUpstream()) {
            line.add("upstream_ms", millis(order.upstreamNanos()));
        }
        line.add("total_ms", millis(now - order.began()));
        SpanContext trace = Span.fromContext(order.context()).getSpanContext();
        if (trace.isValid()) {
            line.add("trace", trace.getTraceId());
        }
        return line.text.toString();
    }

    private void add(Order.Asked asked) {
        add("account", asked.caller().account());
        add("key", asked.caller().keyPrefix());
        add("model", asked.labels().model());
        add("size", asked.labels().size());
        add("quality", asked.labels().quality());
        add("n", asked.images());
        add("streamed", asked.streamed());
    }

    private void add(Verdict verdict) {
        add("outcome", verdict.outcome());
        verdict.code().ifPresent(code -> add("code", code));
        add("images", verdict.images());
        add("charged", verdict.charged());
        add("replayed", verdict.isReplayed());
    }

    private void add(String key, Object value) {
        text.append(text.isEmpty() ? "" : " ").append(key).append('=').append(value);
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }
}
