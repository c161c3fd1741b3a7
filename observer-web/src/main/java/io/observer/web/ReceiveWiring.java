package io.observer.web;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.observer.event.EventJson;
import io.observer.log.EventLog;
import io.observer.receive.DaemonHistory;
import io.observer.receive.DaemonSocketReceiver;
import io.observer.receive.EventReceiver;
import io.observer.receive.SourceListener;
import io.observer.recorder.PathExclusion;
import io.observer.recorder.RecorderSettings;
import io.observer.stream.DaemonEventBridge;
import io.observer.web.api.EarlierHistory;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Where events come from besides publishers: a daemon, if one is named. */
@Configuration(proxyBeanMethods = false)
class ReceiveWiring {

    private static final int QUESTIONS_AT_ONCE = 4;
    private static final int QUESTIONS_WAITING = 100;
    private static final Mono<List<byte[]>> NOTHING = Mono.just(List.of());

    @Bean
    Receivers receivers(
            ObserverSettings settings, EventLog log, DaemonEventBridge bridge, PrometheusMeterRegistry registry) {
        List<EventReceiver> receivers = settings.daemon().daemon(settings.dataDir()).stream()
                .<EventReceiver>map(daemon -> new DaemonSocketReceiver(
                        daemon, log, listener(bridge), Clock.systemUTC(), RandomGenerator.getDefault()))
                .toList();
        return new Receivers(receivers, registry);
    }

    @Bean(destroyMethod = "dispose")
    Scheduler daemonQuestions() {
        return Schedulers.newBoundedElastic(QUESTIONS_AT_ONCE, QUESTIONS_WAITING, "observer-daemon-ask", 60, true);
    }

    @Bean
    EarlierHistory earlierHistory(
            ObserverSettings settings,
            Scheduler daemonQuestions,
            // Asked for late: Spring stops what depends on a lifecycle with it, and then does not wait for its phase.
            ObjectProvider<Receivers> receivers) {
        RecorderSettings recorder = settings.recorder().inDirectory(settings.dataDir());
        PathExclusion exclusion = new PathExclusion(recorder.excludePatterns(), recorder.fileName());
        return settings.daemon()
                .daemon(settings.dataDir())
                .map(daemon -> new DaemonHistory(
                        daemon,
                        new EventJson(Clock.systemUTC()),
                        draft -> exclusion.excludes(draft.at(1)),
                        daemonQuestions))
                .<EarlierHistory>map(history -> (job, limit) -> isAway(receivers) ? NOTHING : history.ofJob(job, limit))
                .orElse((job, limit) -> NOTHING);
    }

    private static boolean isAway(ObjectProvider<Receivers> receivers) {
        return receivers.stream().anyMatch(all -> !all.faults().isEmpty());
    }

    private static SourceListener listener(DaemonEventBridge bridge) {
        return new SourceListener() {

            @Override
            public void connected(String source) {
                bridge.sourceConnected(source);
            }

            @Override
            public void disconnected(String source, Duration retryIn) {
                bridge.sourceDisconnected(source, Math.max(1, Math.round(retryIn.toMillis() / 1_000.0)));
            }
        };
    }
}
