package io.observer.recorder;

import io.observer.bus.EventBus;
import io.observer.event.Event;
import io.observer.event.EventFilter;
import io.observer.event.EventJson;
import io.observer.event.NameGlob;
import io.observer.event.Ticker;
import io.observer.log.ChannelOpener;
import io.observer.log.EventLog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;

/**
 * Writes the {@code observer.*} events of registered jobs to a timeline in each job's workspace, and answers with the
 * newest ones. Answers know of every event that was stored before the question. Any thread; nothing blocks but
 * {@link #open}.
 */
public final class ObserverRecorder {

    private static final Logger logger = LoggerFactory.getLogger(ObserverRecorder.class);

    private static final List<NameGlob> OBSERVER_EVENTS = List.of(new NameGlob("observer.*"));
    private static final EventFilter EVERYTHING = new EventFilter(Set.of(), OBSERVER_EVENTS);

    /** What all rings may hold together, and what may wait for all timelines together. */
    private static final long MAX_RING_BYTES = 64L << 20;

    private static final long MAX_PENDING_BYTES = 64L << 20;

    /** How many of the log's newest events are looked at, at least, besides the rings when all jobs are asked for. */
    private static final int NEWEST_OF_LOG = 200;

    private static final Duration UNREGISTERING_MAY_TAKE = Duration.ofMillis(1_500);

    /** As long as streams have for their end, which is at the same time. */
    private static final Duration CLOSING_MAY_TAKE = Duration.ofSeconds(3);

    private final RecorderSettings settings;
    private final EventLog log;
    private final Registrations registrations;
    private final Workspaces workspaces;
    private final Scheduler scheduler;
    private final Scheduler.Worker worker;
    private final Executor files;

    private final RecorderMetrics metrics = new RecorderMetrics();
    private final RecordedJobs jobs = new RecordedJobs(MAX_RING_BYTES, MAX_PENDING_BYTES);
    private final OpenFiles openFiles;
    private final LogHistory history;
    private final Recording recording;
    private final @Nullable EventFeed feed;

    private ObserverRecorder(
            RecorderSettings settings,
            EventLog log,
            EventBus bus,
            EventJson json,
            Scheduler scheduler,
            Executor files,
            ChannelOpener opener,
            Ticker ticker) {
        this.settings = settings;
        this.log = log;
        this.registrations = Registrations.load(settings.directory(), settings.maxJobs());
        this.workspaces = new Workspaces(settings.workspaceRoots());
        this.scheduler = scheduler;
        this.worker = scheduler.createWorker();
        this.files = files;
        this.openFiles = new OpenFiles(settings.maxOpenFiles());
        PathExclusion exclusion = new PathExclusion(settings.excludePatterns(), settings.fileName());
        this.history = new LogHistory(log, exclusion::excludes);
        RecorderNotices notices = new RecorderNotices(log, json, metrics);
        this.recording = new Recording(
                settings, jobs, exclusion, notices, metrics, workspaces, openFiles, worker, files, opener, ticker);
        this.feed = settings.enabled() ? new EventFeed(log, bus, EVERYTHING, worker, recording) : null;
    }

    /**
     * A recorder that goes on with the jobs that were registered with the one before it. Reads a file; call it while
     * starting, before anything is published.
     *
     * @param json makes the recorder's own events
     * @param scheduler runs the recorder; it keeps one worker of it
     * @param files runs what reads and writes files; a workspace that hangs keeps a thread of it
     */
    public static ObserverRecorder open(
            RecorderSettings settings,
            EventLog log,
            EventBus bus,
            EventJson json,
            Scheduler scheduler,
            Executor files,
            ChannelOpener opener,
            Ticker ticker) {
        ObserverRecorder recorder = new ObserverRecorder(settings, log, bus, json, scheduler, files, opener, ticker);
        recorder.start();
        return recorder;
    }

    /**
     * Has the events of a job recorded from now on; says the same again when it already is.
     *
     * @param workspace absolute path of the directory for the timeline; null for no timeline, or the one it has
     * @return {@link WorkspaceRefusedException}, {@link RegistrationConflictException} or
     *     {@link RegistrationStorageException} if not
     */
    public Mono<Registered> register(String job, @Nullable Path workspace) {
        EventFeed events = feed;
        if (events == null) {
            return Mono.error(new RegistrationConflictException(
                    "the recorder is off; start the server with observer.recorder.enabled=true"));
        }
        return onFiles(answer -> {
            boolean again = registrations.hasWorkspace(job);
            // One that the job has already may be away for a while.
            Path real = workspace == null ? null : again ? Workspaces.locate(workspace) : workspaces.admit(workspace);
            // What is stored first takes effect first.
            synchronized (registrations) {
                Registered registered = again ? registrations.require(job, real) : registrations.put(job, real);
                events.whenHandled(() -> {
                    recording.begin(job, registered.workspace(), events.handledThrough());
                    answer.success(registered);
                });
            }
        });
    }

    /**
     * Records a job no longer, once all that was published before is written.
     *
     * @return whether it was recorded; {@link RegistrationStorageException} if that cannot be changed
     */
    public Mono<Boolean> unregister(String job) {
        EventFeed events = feed;
        if (events == null) {
            return Mono.just(false);
        }
        return Mono.<Boolean>create(answer -> runOnFiles(answer, () -> {
                    synchronized (registrations) {
                        if (registrations.remove(job)) {
                            events.whenHandled(() -> recording.end(job, () -> answer.success(true)));
                        } else {
                            answer.success(false);
                        }
                    }
                }))
                .timeout(UNREGISTERING_MAY_TAKE, Mono.just(true), scheduler);
    }

    /** The job's registration, if it has one. */
    public Optional<Registered> registered(String job) {
        return settings.enabled() ? registrations.find(job) : Optional.empty();
    }

    /** The newest events of a job that are not excluded, newest first. */
    public Mono<List<Event>> recent(String job, int limit) {
        EventFilter filter = new EventFilter(Set.of(job), OBSERVER_EVENTS);
        return whenHandled(() -> {
            RecordedJob recorded = jobs.find(job);
            if (recorded == null) {
                return history.newest(filter, limit);
            }
            RecentEvents ring = recorded.recent();
            List<Event> newest = ring.newest(limit);
            if (ring.suffices(limit)) {
                return Mono.just(newest);
            }
            LogHistory.Place place = ring.older();
            return history.newest(filter, place, Math.max(limit, settings.ringSize()))
                    .flatMap(older -> onWorker(() -> {
                        jobs.fill(recorded, place, older);
                        return Stream.concat(newest.stream(), older.events().stream())
                                .limit(limit)
                                .toList();
                    }));
        });
    }

    /** The newest events of all jobs that are not excluded, newest first by timestamp, then by id. */
    public Mono<List<Event>> recent(int limit) {
        return whenHandled(() -> {
            TreeSet<Event> newest = new TreeSet<>(Comparator.comparingDouble(Event::timestamp)
                    .thenComparingLong(Event::id)
                    .reversed());
            jobs.all().forEach(job -> keep(newest, job.recent().newest(limit), limit));
            return history.newest(EVERYTHING, Math.max(NEWEST_OF_LOG, limit)).map(ofLog -> {
                keep(newest, ofLog, limit);
                return List.copyOf(newest);
            });
        });
    }

    /** How many jobs are recorded. */
    public int jobs() {
        return jobs.all().size();
    }

    /** Which timelines cannot be written, and why. */
    public List<String> faults() {
        return jobs.all().stream()
                .filter(job -> job.fault() != null)
                .map(job -> "recorder: " + job.jobId() + ": " + job.fault())
                .sorted()
                .toList();
    }

    /** Bytes that wait to be written. */
    public long pendingBytes() {
        return jobs.pendingBytes().get();
    }

    /** Timelines that are open. */
    public int openFiles() {
        return openFiles.count();
    }

    public RecorderMetrics metrics() {
        return metrics;
    }

    /**
     * Records what was stored until now, writes what is held back or waits, and ends. Needs a log that may be read and
     * takes nothing more. What cannot be written soon is warned of.
     */
    public Mono<Void> close() {
        EventFeed events = feed;
        if (events == null) {
            return Mono.empty();
        }
        return Mono.<Void>create(answer -> events.whenHandled(() -> {
                    events.close();
                    recording.endAll(answer::success);
                }))
                .timeout(CLOSING_MAY_TAKE, Mono.fromRunnable(() -> giveUp(events)), scheduler);
    }

    private void start() {
        if (feed == null) {
            return;
        }
        long now = log.bounds().lastId();
        registrations.all().forEach((job, workspace) -> {
            recording.begin(job, workspace.path(), now);
            if (!workspace.canBeNamed()) {
                recording.leaveOut(job);
            }
        });
        worker.schedulePeriodically(recording::tend, 1, 1, TimeUnit.SECONDS);
    }

    private void giveUp(EventFeed events) {
        events.close();
        logger.warn(
                "Some timelines were not written to their end; the log has all of it."
                        + " waiting_bytes={} recorded_through={} log_through={}",
                pendingBytes(),
                events.handledThrough(),
                log.bounds().lastId());
    }

    private static void keep(TreeSet<Event> newest, List<Event> candidates, int limit) {
        for (Event candidate : candidates) {
            newest.add(candidate);
            if (newest.size() > limit) {
                newest.pollLast();
            }
        }
    }

    /** Asks on the worker, once all that has been stored until now is handled there. */
    private <T> Mono<T> whenHandled(Supplier<Mono<T>> question) {
        EventFeed events = feed;
        if (events == null) {
            return Mono.defer(question);
        }
        return Mono.<Mono<T>>create(answer -> events.whenHandled(() -> answer.success(question.get())))
                .flatMap(asked -> asked);
    }

    private <T> Mono<T> onWorker(Supplier<T> work) {
        return Mono.create(answer -> worker.schedule(() -> answer.success(work.get())));
    }

    @FunctionalInterface
    private interface FileWork<T> {
        void answer(MonoSink<T> answer);
    }

    private <T> Mono<T> onFiles(FileWork<T> work) {
        return Mono.create(answer -> runOnFiles(answer, () -> work.answer(answer)));
    }

    /** Not a scheduler: disposing its tasks would interrupt them, and that closes files. */
    private void runOnFiles(MonoSink<?> answer, Runnable work) {
        files.execute(() -> {
            try {
                work.run();
            } catch (RuntimeException failure) {
                answer.error(failure);
            }
        });
    }
}
