package io.observer.web;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.observer.recorder.ObserverRecorder;
import io.observer.recorder.RecorderMetrics;
import java.util.function.ToDoubleFunction;

/** Shows what the recorder does as meters. */
final class RecorderMeters {

    private RecorderMeters() {}

    static void bind(MeterRegistry registry, ObserverRecorder recorder) {
        gauge(registry, recorder, "jobs", "Jobs that are recorded", ObserverRecorder::jobs);
        gauge(
                registry,
                recorder,
                "degraded",
                "Timelines that cannot be written now",
                r -> r.faults().size());
        gauge(registry, recorder, "pending.bytes", "Bytes that wait to be written", ObserverRecorder::pendingBytes);
        gauge(registry, recorder, "open.files", "Timelines that are open", ObserverRecorder::openFiles);
        RecorderMetrics metrics = recorder.metrics();
        counter(registry, metrics, "recorded", "Events of recorded jobs", RecorderMetrics::recorded);
        counter(registry, metrics, "excluded", "Events that a pattern kept out", RecorderMetrics::excluded);
        counter(registry, metrics, "written", "Lines written to timelines", RecorderMetrics::written);
        counter(registry, metrics, "failures", "Writes that failed and are tried again", RecorderMetrics::failures);
        counter(registry, metrics, "lost", "Lines that no timeline has", RecorderMetrics::lost);
        counter(registry, metrics, "missed", "Events that were gone before they were seen", RecorderMetrics::missed);
    }

    private static void gauge(
            MeterRegistry registry,
            ObserverRecorder recorder,
            String name,
            String description,
            ToDoubleFunction<ObserverRecorder> value) {
        Gauge.builder("observer.recorder." + name, recorder, value)
                .description(description)
                .register(registry);
    }

    private static void counter(
            MeterRegistry registry,
            RecorderMetrics metrics,
            String name,
            String description,
            ToDoubleFunction<RecorderMetrics> value) {
        FunctionCounter.builder("observer.recorder." + name, metrics, value)
                .description(description)
                .register(registry);
    }
}
