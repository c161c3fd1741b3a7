package io.observer.web;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.observer.web.guard.BodyBudget;
import io.observer.web.guard.ConnectionLimit;

/** Shows what clients take of the server as meters. */
final class EdgeMeters {

    private EdgeMeters() {}

    static void bind(MeterRegistry registry, ConnectionLimit connections, BodyBudget bodies) {
        Gauge.builder("observer.connections.open", connections, ConnectionLimit::open)
                .description("Connections open now")
                .register(registry);
        FunctionCounter.builder("observer.connections.refused", connections, ConnectionLimit::refused)
                .description("Connections turned away for want of room")
                .register(registry);
        Gauge.builder("observer.bodies.held.bytes", bodies, BodyBudget::heldBytes)
                .description("Bytes of request bodies whose rest is still to come, the first 16 KiB of each aside")
                .register(registry);
    }
}
