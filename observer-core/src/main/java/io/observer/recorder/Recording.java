package io.observer.recorder;

import io.observer.event.Event;
import io.observer.event.Ticker;
import io.observer.log.ChannelOpener;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/** What happens to each event, and to jobs that come and go. All of it on one worker. */
final class Recording implements EventFeed.Listener {

    /** What may be held back. */
    private static final int MAX_HELD = 50_000;

    private static final long MAX_HELD_BYTES = 16L << 20;

    private static final long MAX_PENDING_BYTES = 8L << 20;

    /** Timers are no finer than this, so that a flood of files does not become one of timers. */
    private static final long MIN_WAIT_NANOS = Duration.ofMillis(10).toNanos();

    private static final String UNNAMEABLE =
            "the locale of this server cannot name the workspace; start it with a UTF-8 one, such as LC_ALL=C.UTF-8";

    private final RecorderSettings settings;
    private final RecordedJobs jobs;
    private final PathExclusion exclusion;
    private final RecorderNotices notices;
    private final RecorderMetrics metrics;
    private final Workspaces workspaces;
    private final OpenFiles openFiles;
    private final Scheduler.Worker worker;
    private final Executor files;
    private final ChannelOpener opener;
    private final Ticker ticker;
    private final Coalescer coalescer;
    private boolean timerRuns;

    Recording(
            RecorderSettings settings,
            RecordedJobs jobs,
            PathExclusion exclusion,
            RecorderNotices notices,
            RecorderMetrics metrics,
            Workspaces workspaces,
            OpenFiles openFiles,
            Scheduler.Worker worker,
            Executor files,
            ChannelOpener opener,
            Ticker ticker) {
        this.settings = settings;
        this.jobs = jobs;
        this.exclusion = exclusion;
        this.notices = notices;
        this.metrics = metrics;
        this.workspaces = workspaces;
        this.openFiles = openFiles;
        this.worker = worker;
        this.files = files;
        this.opener = opener;
        this.ticker = ticker;
        this.coalescer = new Coalescer(settings.coalesceWindow(), MAX_HELD, MAX_HELD_BYTES, jobs::write);
    }

    @Override
    public void event(Event event) {
        RecordedJob job = jobs.find(event.jobId());
        if (job == null) {
            return;
        }
        String path = PathExclusion.pathOf(event);
        if (exclusion.excludes(event, path)) {
            metrics.addExcluded();
            return;
        }
        metrics.addRecorded();
        jobs.remember(job, event);
        if (job.timeline() != null) {
            coalescer.accept(event, path, ticker.nanos());
        }
    }

    @Override
    public void missed(long count) {
        notices.missed(count);
    }

    @Override
    public void unread(long count, Throwable failure) {
        notices.unread(count, failure);
    }

    @Override
    public void pause() {
        settle();
    }

    @Override
    public boolean isFull() {
        return jobs.mustWait();
    }

    /**
     * Begins to record a job, or gives one its workspace.
     *
     * @param since everything after this id will be heard of
     */
    void begin(String jobId, @Nullable Path workspace, long since) {
        RecordedJob job = jobs.find(jobId);
        if (job == null) {
            job = new RecordedJob(jobId, new RecentEvents(settings.ringSize(), since));
            jobs.add(job);
        }
        if (workspace != null && job.timeline() == null && settings.persistEvents()) {
            job.writeTo(timeline(jobId, workspace));
        }
    }

    /** Says of a job that its timeline cannot be written, as long as this server runs. */
    void leaveOut(String jobId) {
        RecordedJob job = jobs.find(jobId);
        if (job != null && settings.persistEvents()) {
            job.cannotWrite(UNNAMEABLE);
            notices.leftOut(jobId, UNNAMEABLE);
        }
    }

    /** Lets go of a job; {@code ended} runs when its timeline is written and closed. */
    void end(String jobId, Runnable ended) {
        RecordedJob job = jobs.find(jobId);
        if (job == null) {
            ended.run();
            return;
        }
        coalescer.flush(jobId);
        jobs.remove(job);
        close(job, ended);
    }

    /** Writes and closes all timelines; {@code ended} runs when that is done. */
    void endAll(Runnable ended) {
        List<RecordedJob> all = List.copyOf(jobs.all());
        AtomicInteger left = new AtomicInteger(all.size() + 1);
        Runnable one = () -> {
            if (left.decrementAndGet() == 0) {
                ended.run();
            }
        };
        for (RecordedJob job : all) {
            coalescer.flush(job.jobId());
            close(job, one);
        }
        one.run();
    }

    /** Looks after the files; to be called every now and then. */
    void tend() {
        jobs.all().stream().map(RecordedJob::timeline).filter(Objects::nonNull).forEach(JobTimeline::tend);
    }

    private static void close(RecordedJob job, Runnable closed) {
        JobTimeline timeline = job.timeline();
        if (timeline == null) {
            closed.run();
        } else {
            timeline.close(closed);
        }
    }

    private JobTimeline timeline(String jobId, Path workspace) {
        TimelineFile file = new TimelineFile(
                workspaces, workspace, settings.fileName(), settings.maxTimelineBytes(), opener, openFiles);
        return new JobTimeline(
                jobId, file, MAX_PENDING_BYTES, files, this::later, ticker, jobs.pendingBytes(), notices);
    }

    private void later(Runnable task, Duration wait) {
        worker.schedule(task, wait.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void writeDue() {
        timerRuns = false;
        coalescer.writeDue(ticker.nanos());
        settle();
    }

    /** Has lines written, and a timer running if some are held back. */
    private void settle() {
        jobs.wake();
        Long wait = timerRuns ? null : coalescer.nanosUntilDue(ticker.nanos());
        if (wait != null) {
            timerRuns = true;
            worker.schedule(this::writeDue, Math.max(wait, MIN_WAIT_NANOS), TimeUnit.NANOSECONDS);
        }
    }
}
