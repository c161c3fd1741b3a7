package io.observer.web;

import io.micrometer.core.instrument.MeterRegistry;
import io.observer.bus.EventBus;
import io.observer.event.EventJson;
import io.observer.event.Ticker;
import io.observer.log.ChannelOpener;
import io.observer.log.EventLog;
import io.observer.recorder.ObserverRecorder;
import io.observer.web.api.FaultSource;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** What the recorder is made of: a thread of its own, and threads for its files. */
@Configuration(proxyBeanMethods = false)
class RecorderWiring {

    /** More than there is work for: a workspace that hangs keeps one of them. */
    private static final int FILE_THREADS = 32;

    @Bean(destroyMethod = "dispose")
    Scheduler recorderScheduler() {
        return Schedulers.newSingle("observer-recorder", true);
    }

    @Bean(destroyMethod = "shutdown")
    ExecutorService recorderFiles() {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                FILE_THREADS,
                FILE_THREADS,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new NamedThreads("observer-recorder-file"));
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    @Bean(destroyMethod = "")
    ObserverRecorder observerRecorder(
            ObserverSettings settings,
            EventLog log,
            EventBus bus,
            Scheduler recorderScheduler,
            ExecutorService recorderFiles,
            MeterRegistry registry) {
        ObserverRecorder recorder = ObserverRecorder.open(
                settings.recorder().inDirectory(settings.dataDir()),
                log,
                bus,
                new EventJson(Clock.systemUTC()),
                recorderScheduler,
                recorderFiles,
                ChannelOpener.system(),
                Ticker.system());
        RecorderMeters.bind(registry, recorder);
        return recorder;
    }

    @Bean
    FaultSource recorderFaults(ObserverRecorder recorder) {
        return recorder::faults;
    }
}
