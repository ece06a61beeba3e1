package dev.imagerelay.adapters.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * The meters of one gateway, with those of its JVM. What is counted for every order is found by a key of its own, which
 * costs a fraction of what it costs Micrometer to find a meter by its tags.
 */
final class Meters {

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics garbage = new JvmGcMetrics();
    private final Map<Record, Timer> timers = new ConcurrentHashMap<>();
    private final Map<Record, Counter> counters = new ConcurrentHashMap<>();

    Meters() {
        List.<MeterBinder>of(
                        new JvmMemoryMetrics(), garbage, new JvmThreadMetrics(), new ProcessorMetrics(),
                        new FileDescriptorMetrics(), new UptimeMetrics())
                .forEach(binder -> binder.bindTo(registry));
    }

    /** The timer of that key, made when it is first asked for. */
    <K extends Record> Timer timed(K key, Function<K, Timer> make) {
        Timer timer = timers.get(key);
        return timer != null ? timer : timers.computeIfAbsent(key, missing -> make.apply(key));
    }

    /** The counter of that key, made when it is first asked for. */
    <K extends Record> Counter counted(K key, Function<K, Counter> make) {
        Counter counter = counters.get(key);
        return counter != null ? counter : counters.computeIfAbsent(key, missing -> make.apply(key));
    }

    Timer timer(String name, String description, Duration[] buckets, Tags tags) {
        return Timer.builder(name(name))
                .description(description)
                .serviceLevelObjectives(buckets)
                .tags(tags)
                .register(registry);
    }

    Counter counter(String name, String description, Tags tags) {
        return Counter.builder(name(name)).description(description).tags(tags).register(registry);
    }

    void gauge(String name, String description, Supplier<Number> value, String... tags) {
        Gauge.builder(name(name), value).description(description).tags(tags).register(registry);
    }

    /** Gauges whose labels change. */
    MultiGauge gauges(String name, String description) {
        return MultiGauge.builder(name(name)).description(description).register(registry);
    }

    /** A counter that somebody else counts. */
    <T> void count(String name, String description, Supplier<T> source, ToDoubleFunction<T> value) {
        FunctionCounter.builder(name(name), this, meters -> value.applyAsDouble(source.get()))
                .description(description)
                .register(registry);
    }

    String scrape() {
        return registry.scrape();
    }

    void close() {
        garbage.close();
        registry.close();
    }

    private static String name(String name) {
        return "image.relay." + name;
    }
}
