package io.observer.web;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.observer.bus.EventBus;
import io.observer.log.EventLog;
import io.observer.log.Gap;
import io.observer.stream.DaemonEventBridge;
import io.observer.stream.StreamMetrics;
import io.observer.stream.StreamMetrics.ResumeResult;
import java.util.Locale;

/** Shows the counters of the core, and the process, as meters. */
final class ServerMetrics {

    private ServerMetrics() {}

    static void bind(MeterRegistry registry, EventLog log, EventBus bus, DaemonEventBridge bridge) {
        bindLog(registry, log);
        bindBus(registry, bus);
        bindStreams(registry, bridge);
        bindProcess(registry);
    }

    private static void bindLog(MeterRegistry registry, EventLog log) {
        Gauge.builder("observer.log.queue.depth", log, EventLog::queueDepth)
                .description("Events that wait to be stored")
                .register(registry);
        FunctionCounter.builder(
                        "observer.log.damaged.lines", log, l -> l.health().damagedLines())
                .description("Lines found, on opening or reading, that do not hold their event")
                .register(registry);
        Gauge.builder("observer.log.up", log, l -> l.health().fault() == null ? 1 : 0)
                .description("1 while events can be stored")
                .register(registry);
        Gauge.builder("observer.log.last.id", log, l -> l.bounds().lastId())
                .description("Newest id given")
                .register(registry);
        Gauge.builder(
                        "observer.log.retained",
                        log,
                        l -> l.bounds().lastId() - l.bounds().firstId() + 1)
                .description("Events that can still be read")
                .register(registry);
    }

    private static void bindBus(MeterRegistry registry, EventBus bus) {
        Gauge.builder("observer.bus.subscribers", bus, EventBus::subscribers)
                .description("Subscribers of live events")
                .register(registry);
        FunctionCounter.builder("observer.bus.dropped", bus, EventBus::dropped)
                .description("Events dropped from the buffers of slow subscribers")
                .register(registry);
        FunctionCounter.builder("observer.bus.failures", bus, EventBus::failures)
                .description("Times a subscriber failed on an event")
                .register(registry);
    }

    private static void bindStreams(MeterRegistry registry, DaemonEventBridge bridge) {
        StreamMetrics streams = bridge.metrics();
        Gauge.builder("observer.streams.open", bridge, DaemonEventBridge::openStreams)
                .description("Streams open now")
                .register(registry);
        FunctionCounter.builder("observer.events.delivered", streams, StreamMetrics::delivered)
                .description("Events given to stream readers")
                .register(registry);
        for (Gap.Reason reason : Gap.Reason.values()) {
            FunctionCounter.builder("observer.events.dropped", streams, s -> s.dropped(reason))
                    .description("Events that stream readers were told they missed")
                    .tag("reason", reason.wireName())
                    .register(registry);
        }
        for (ResumeResult result : ResumeResult.values()) {
            FunctionCounter.builder("observer.resumes", streams, s -> s.resumes(result))
                    .description("Streams that began at a cursor")
                    .tag("result", result.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
    }

    /** The JVM's collectors live as long as the process, so nothing is closed here. */
    @SuppressWarnings("resource")
    private static void bindProcess(MeterRegistry registry) {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmGcMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
    }
}
