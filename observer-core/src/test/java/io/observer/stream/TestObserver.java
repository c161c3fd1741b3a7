package io.observer.stream;

import io.observer.bus.EventBus;
import io.observer.event.EventDraft;
import io.observer.event.EventJson;
import io.observer.event.Ticker;
import io.observer.job.JobDirectory;
import io.observer.log.Appended;
import io.observer.log.EventLog;
import io.observer.log.EventOutput;
import io.observer.log.MemoryEventLog;
import io.observer.log.Retention;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** A log, the jobs, a bus and a bridge, put together as a server does it. */
class TestObserver {

    static final String EPOCH = "k3f9x2";
    static final String BUILD = "build-7";
    static final String DEPLOY = "deploy-1";

    /** What waits for one reader at most, as a server has it by default. */
    static final int BUFFER_EVENTS = 1_000;

    private static final long BUFFER_BYTES = 1 << 20;
    private static final EventJson JSON =
            new EventJson(Clock.fixed(Instant.ofEpochSecond(1_732_152_419L), ZoneOffset.UTC));

    final JobDirectory jobs = new JobDirectory(1_000);
    final EventBus bus;
    final EventLog log;
    final DaemonEventBridge bridge;

    private Runnable whenStored = () -> {};

    /**
     * @param log makes the log, given what it hands stored events to
     * @param scheduler runs readers and their timers
     */
    TestObserver(Function<EventOutput, EventLog> log, int bufferEvents, Scheduler scheduler, Ticker ticker) {
        this.bus = new EventBus(bufferEvents, BUFFER_BYTES);
        this.log = log.apply(stored -> {
            whenStored.run();
            jobs.accept(stored);
            bus.publish(stored);
        });
        this.bridge = new DaemonEventBridge(this.log, bus, jobs, scheduler, scheduler, ticker);
    }

    static Function<EventOutput, EventLog> memoryLog(Retention retention, Scheduler writing, Ticker ticker) {
        return output -> new MemoryEventLog(EPOCH, retention, ticker, writing, 1_000_000, output);
    }

    /** {@code action} happens when events are in the log and nobody has heard of them yet. */
    void whenStored(Runnable action) {
        whenStored = action;
    }

    /** Publishes events of these names, one after the other. */
    void publish(String job, String... names) {
        for (String name : names) {
            publishAtOnce(draft(job, name));
        }
    }

    /** Publishes {@code count} events of one name, one after the other. */
    void publishMany(int count, String job, String name) {
        EventDraft draft = draft(job, name);
        for (int n = 0; n < count; n++) {
            publishAtOnce(draft);
        }
    }

    /** Publishes all {@code drafts} as one batch. */
    void publishAtOnce(EventDraft... drafts) {
        append(Arrays.asList(drafts)).block();
    }

    Mono<Appended> append(List<EventDraft> drafts) {
        return log.append(drafts);
    }

    static EventDraft draft(String job, String name) {
        return draft(job, name, "null");
    }

    static EventDraft draft(String job, String name, String data) {
        String json = "{\"job_id\":\"%s\",\"event\":\"%s\",\"data\":%s}".formatted(job, name, data);
        return JSON.parseJson(json.getBytes(StandardCharsets.UTF_8)).drafts().get(0);
    }
}
