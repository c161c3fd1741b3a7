package io.observer.web;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.observer.log.EventLog;
import io.observer.recorder.ObserverRecorder;
import io.observer.stream.DaemonEventBridge;
import io.observer.web.api.FaultSource;
import io.observer.web.rpc.RpcServer;
import io.observer.web.rpc.RpcSettings;
import io.observer.web.rpc.RpcState;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.scheduler.Schedulers;

/** The server as a daemon to others, if a socket is named. */
@Configuration(proxyBeanMethods = false)
class RpcWiring {

    @Bean
    RpcEndpoint rpcEndpoint(
            ObserverSettings settings,
            EventLog log,
            DaemonEventBridge bridge,
            ObserverRecorder recorder,
            // Asked for late: Spring stops what depends on a lifecycle with it, and then does not wait for its phase.
            ObjectProvider<FaultSource> faults,
            ObjectProvider<Receivers> receivers,
            PrometheusMeterRegistry registry) {
        Supplier<List<String>> degraded = () -> Stream.concat(
                        Stream.ofNullable(log.health().fault()),
                        faults.stream().flatMap(part -> part.faults().stream()))
                .toList();
        Supplier<Set<String>> sources =
                () -> receivers.stream().flatMap(all -> all.upstream().stream()).collect(Collectors.toSet());
        RpcState state = new RpcState(Version.current(), degraded, sources);
        return new RpcEndpoint(
                settings.daemon().rpc(settings.stream()).map(rpc -> () -> start(rpc, log, bridge, recorder, state)),
                registry);
    }

    private static RpcServer start(
            RpcSettings settings, EventLog log, DaemonEventBridge bridge, ObserverRecorder recorder, RpcState state) {
        try {
            return RpcServer.start(
                    settings,
                    log,
                    bridge,
                    recorder,
                    state,
                    Clock.systemUTC(),
                    Schedulers.parallel(),
                    new NamedThreads("observer-rpc"));
        } catch (IOException refused) {
            throw new IllegalArgumentException(
                    "observer.daemon.rpc-socket is " + settings.socket() + ", where no socket can be made: "
                            + refused.getMessage() + "; choose another with --rpc-socket",
                    refused);
        }
    }
}
