package io.observer.web;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.observer.event.Ticker;
import io.observer.log.ChannelOpener;
import io.observer.log.EventLog;
import io.observer.operation.ClusterChange;
import io.observer.operation.FailureCluster;
import io.observer.operation.JournalOpenException;
import io.observer.operation.OperationJson;
import io.observer.operation.OperationStore;
import io.observer.web.api.FaultSource;
import io.observer.web.api.OperationsHandler;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.client.HttpClient;

/** The observed operations: journal and figures, their route handler, the webhook. */
@Configuration(proxyBeanMethods = false)
class OperationsWiring {

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    @Bean(destroyMethod = "dispose")
    Scheduler operationsScheduler() {
        return Schedulers.newSingle("observer-operations");
    }

    /** Who is told of clusters besides the log; nobody unless configured. */
    @Bean
    Consumer<ClusterChange> clusterListener(ObserverSettings settings, PrometheusMeterRegistry registry) {
        Optional<URI> url = settings.operations().webhook();
        return url.isEmpty() ? change -> {} : webhook(url.get(), registry);
    }

    @Bean(destroyMethod = "")
    OperationStore operationStore(
            ObserverSettings settings,
            EventLog log,
            Scheduler operationsScheduler,
            Consumer<ClusterChange> clusterListener) {
        try {
            return OperationStore.open(
                    settings.operations().in(settings.dataDir()),
                    log,
                    Clock.systemUTC(),
                    Ticker.system(),
                    ChannelOpener.system(),
                    operationsScheduler,
                    clusterListener);
        } catch (JournalOpenException failure) {
            throw new IllegalArgumentException("observer.operations.journal: " + failure.getMessage(), failure);
        }
    }

    @Bean
    OperationsHandler operationsHandler(OperationStore store, PrometheusMeterRegistry registry) {
        bind(registry, store);
        return new OperationsHandler(store, new OperationJson(Clock.systemUTC()));
    }

    @Bean
    FaultSource operationFaults(OperationStore store) {
        return store::faults;
    }

    private static Webhook webhook(URI url, MeterRegistry registry) {
        Webhook webhook = new Webhook(url, HttpClient.create(), FIRST_PAUSE, Schedulers.parallel());
        FunctionCounter.builder("observer.webhook.told", webhook, Webhook::told)
                .description("Changes of failure clusters that the webhook took")
                .register(registry);
        FunctionCounter.builder("observer.webhook.lost", webhook, Webhook::lost)
                .description("Changes of failure clusters that the webhook never got")
                .register(registry);
        return webhook;
    }

    private static void bind(MeterRegistry registry, OperationStore store) {
        FunctionCounter.builder(
                        "observer.operations", store, s -> s.stats().lifetime().successes())
                .description("Operations recorded in this place")
                .tag("outcome", "success")
                .register(registry);
        FunctionCounter.builder(
                        "observer.operations", store, s -> s.stats().lifetime().failures())
                .description("Operations recorded in this place")
                .tag("outcome", "failure")
                .register(registry);
        FunctionCounter.builder("observer.operations.unpublished", store, OperationStore::unpublished)
                .description("Events about operations that the log did not take")
                .register(registry);
        Gauge.builder("observer.operations.queue.depth", store, OperationStore::queueDepth)
                .description("Operations that wait to be recorded")
                .register(registry);
        Gauge.builder("observer.operations.clusters.open", store, OperationsWiring::openClusters)
                .description("Failure clusters that are open")
                .register(registry);
    }

    private static double openClusters(OperationStore store) {
        return store.clusters().stream().filter(FailureCluster::open).count();
    }
}
