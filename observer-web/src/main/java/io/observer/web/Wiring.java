package io.observer.web;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.observer.bus.EventBus;
import io.observer.event.EventJson;
import io.observer.event.Ticker;
import io.observer.job.JobDirectory;
import io.observer.log.ChannelOpener;
import io.observer.log.DisabledEventLog;
import io.observer.log.EventLog;
import io.observer.log.EventOutput;
import io.observer.log.FileEventLog;
import io.observer.log.MemoryEventLog;
import io.observer.recorder.ObserverRecorder;
import io.observer.stream.DaemonEventBridge;
import io.observer.web.api.EarlierHistory;
import io.observer.web.api.FaultSource;
import io.observer.web.api.OperationsHandler;
import io.observer.web.api.Pages;
import io.observer.web.api.Publishing;
import io.observer.web.api.Routes;
import io.observer.web.express.Express;
import io.observer.web.guard.AllowedNames;
import io.observer.web.guard.BodyBudget;
import io.observer.web.guard.ConnectionLimit;
import io.observer.web.sse.SseConnections;
import io.observer.web.sse.StreamHandler;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** What is made of what: log → jobs and bus → bridge → routes. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ObserverSettings.class)
class Wiring {

    @Bean
    JobDirectory jobDirectory(ObserverSettings settings) {
        return new JobDirectory(settings.log().maxJobs());
    }

    @Bean
    EventBus eventBus(ObserverSettings settings) {
        return new EventBus(
                settings.bus().maxQueueSize(), settings.stream().queueBytes().toBytes());
    }

    @Bean(destroyMethod = "dispose")
    Scheduler logScheduler() {
        return Schedulers.newSingle("observer-log");
    }

    /** Reads segments: a thread a core, whose tasks nobody interrupts. */
    @Bean(destroyMethod = "shutdown")
    ExecutorService logReading() {
        return Executors.newFixedThreadPool(
                Runtime.getRuntime().availableProcessors(), new NamedThreads("observer-log-read"));
    }

    @Bean(destroyMethod = "")
    EventLog eventLog(
            ObserverSettings settings,
            Scheduler logScheduler,
            ExecutorService logReading,
            JobDirectory jobs,
            EventBus bus) {
        // Jobs first: whoever is shown an event finds its effect there.
        EventOutput output = stored -> {
            jobs.accept(stored);
            bus.publish(stored);
        };
        ObserverSettings.Log log = settings.log();
        int maxQueue = log.maxQueue();
        return switch (LogBackend.of(log.backend())) {
            case MEMORY ->
                new MemoryEventLog(newEpoch(), log.inMemory(), Ticker.system(), logScheduler, maxQueue, output);
            case DISABLED -> new DisabledEventLog(newEpoch(), logScheduler, maxQueue, output);
            case FILE -> {
                EventLog opened = FileEventLog.open(
                        log.inFiles(settings.dataDir()),
                        Ticker.system(),
                        Wiring::newEpoch,
                        ChannelOpener.system(),
                        logScheduler,
                        logReading,
                        maxQueue,
                        output);
                jobs.restore(opened.takeJobsFound());
                yield opened;
            }
            case REDIS -> RedisBackend.open(settings, Wiring::newEpoch, jobs::restore, output);
        };
    }

    @Bean
    DaemonEventBridge daemonEventBridge(EventLog log, EventBus bus, JobDirectory jobs) {
        DaemonEventBridge bridge =
                new DaemonEventBridge(log, bus, jobs, Schedulers.parallel(), Schedulers.parallel(), Ticker.system());
        log.listen(new LogFollowers(jobs, bus, bridge));
        return bridge;
    }

    @Bean
    PrometheusMeterRegistry meterRegistry(
            EventLog log,
            EventBus bus,
            DaemonEventBridge bridge,
            ConnectionLimit connections,
            BodyBudget bodies,
            ObserverSettings settings) {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        ServerMetrics.bind(registry, log, bus, bridge);
        EdgeMeters.bind(registry, connections, bodies);
        if (LogBackend.of(settings.log().backend()) == LogBackend.REDIS) {
            RedisBackend.bind(registry, log);
        }
        return registry;
    }

    @Bean
    SseConnections sseConnections(DaemonEventBridge bridge, EventLog log, ObserverSettings settings) {
        return new SseConnections(
                bridge,
                log,
                Version.current(),
                Clock.systemUTC(),
                settings.stream().writeStall(),
                settings.stream().linger());
    }

    @Bean
    Publishing publishing(EventLog log, PrometheusMeterRegistry registry) {
        return new Publishing(log, new EventJson(Clock.systemUTC()), registry);
    }

    @Bean
    Pages pages(EventLog log, JobDirectory jobs) {
        return new Pages(log, jobs);
    }

    @Bean
    StreamHandler streamHandler(DaemonEventBridge bridge, SseConnections connections, ObserverSettings settings) {
        ObserverSettings.Streams stream = settings.stream();
        return new StreamHandler(bridge, connections, stream.maxConnections(), stream.heartbeat());
    }

    @Bean
    Routes routes(
            EventLog log,
            JobDirectory jobs,
            Publishing publishing,
            Pages pages,
            PrometheusMeterRegistry registry,
            StreamHandler streams,
            ObserverRecorder recorder,
            EarlierHistory earlier,
            OperationsHandler operations,
            List<FaultSource> faults) {
        return new Routes(log, jobs, publishing, pages, registry, streams, recorder, earlier, operations, faults);
    }

    @Bean
    RouterFunction<ServerResponse> router(Routes routes) {
        return routes.router();
    }

    @Bean
    Express express(
            Publishing publishing,
            Pages pages,
            StreamHandler streams,
            ObserverSettings settings,
            AllowedNames hosts,
            BodyBudget bodies) {
        return new Express(
                hosts, bodies, publishing, pages, streams, settings.http().idleTimeout());
    }

    /** A name for a log that keeps no past; long enough that no two starts share one. */
    private static String newEpoch() {
        return Long.toString(new SecureRandom().nextLong(36L * 36 * 36 * 36 * 36 * 36 * 36 * 36), 36);
    }
}
