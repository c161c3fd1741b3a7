package io.observer.web;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.observer.receive.EventReceiver;
import io.observer.web.api.FaultSource;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.context.SmartLifecycle;

/** Starts the receivers once the server is up, and ends them before the log is closed. */
final class Receivers implements SmartLifecycle, FaultSource {

    private final List<EventReceiver> receivers;
    private volatile boolean running;

    Receivers(List<EventReceiver> receivers, MeterRegistry registry) {
        this.receivers = List.copyOf(receivers);
        this.receivers.forEach(receiver -> bind(registry, receiver));
    }

    @Override
    public List<String> faults() {
        return receivers.stream()
                .map(EventReceiver::fault)
                .filter(Objects::nonNull)
                .toList();
    }

    /** The epochs of the logs whose events come here now. */
    Set<String> upstream() {
        return receivers.stream()
                .flatMap(receiver -> receiver.upstream().stream())
                .collect(Collectors.toSet());
    }

    @Override
    public void start() {
        running = true;
        receivers.forEach(EventReceiver::start);
    }

    @Override
    public void stop() {
        running = false;
        receivers.forEach(EventReceiver::close);
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }

    private static void bind(MeterRegistry registry, EventReceiver receiver) {
        Gauge.builder("observer.source.connected", receiver, r -> r.fault() == null ? 1 : 0)
                .description("1 while the source is connected")
                .tag("source", receiver.source())
                .register(registry);
        FunctionCounter.builder(
                        "observer.source.connections",
                        receiver,
                        r -> r.metrics().connections())
                .description("Connections made to the source")
                .tag("source", receiver.source())
                .register(registry);
        FunctionCounter.builder(
                        "observer.source.events", receiver, r -> r.metrics().events())
                .description("Events of the source that were stored")
                .tag("source", receiver.source())
                .register(registry);
        FunctionCounter.builder(
                        "observer.source.refused", receiver, r -> r.metrics().refused())
                .description("Events of the source that break a rule and were left out")
                .tag("source", receiver.source())
                .register(registry);
        FunctionCounter.builder(
                        "observer.source.garbled", receiver, r -> r.metrics().garbled())
                .description("Lines of the source that could not be read")
                .tag("source", receiver.source())
                .register(registry);
    }
}
