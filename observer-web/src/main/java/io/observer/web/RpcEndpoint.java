package io.observer.web;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.observer.web.rpc.RpcMetrics;
import io.observer.web.rpc.RpcServer;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/** Opens the RPC socket once the server is up, and closes it when every subscription has been told the end. */
final class RpcEndpoint implements SmartLifecycle {

    private final Optional<Supplier<RpcServer>> starting;
    private final MeterRegistry registry;
    private volatile @Nullable RpcServer server;

    /** @param starting starts the server, if there is to be one */
    RpcEndpoint(Optional<Supplier<RpcServer>> starting, MeterRegistry registry) {
        this.starting = starting;
        this.registry = registry;
    }

    @Override
    public void start() {
        starting.ifPresent(start -> {
            RpcServer started = start.get();
            server = started;
            bind(registry, started.metrics());
        });
    }

    @Override
    public void stop() {
        RpcServer started = server;
        if (started != null) {
            started.close();
        }
        server = null;
    }

    @Override
    public boolean isRunning() {
        return server != null;
    }

    /** Just after {@link ShutdownSequence}, which ends the subscriptions; before that, when all starts. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE - 1;
    }

    private static void bind(MeterRegistry registry, RpcMetrics metrics) {
        Gauge.builder("observer.rpc.connections", metrics, RpcMetrics::connections)
                .description("Connections of the RPC socket that are open")
                .register(registry);
        Gauge.builder("observer.rpc.subscribers", metrics, RpcMetrics::subscribers)
                .description("Subscriptions of the RPC socket that are open")
                .register(registry);
        FunctionCounter.builder("observer.rpc.answered", metrics, RpcMetrics::answered)
                .description("Requests of the RPC socket that had their answer")
                .register(registry);
        FunctionCounter.builder("observer.rpc.refused", metrics, RpcMetrics::refused)
                .description("Requests of the RPC socket that were answered with an error")
                .register(registry);
        FunctionCounter.builder("observer.rpc.turned.away", metrics, RpcMetrics::turnedAway)
                .description("Connections of the RPC socket closed at once because too many were open")
                .register(registry);
    }
}
