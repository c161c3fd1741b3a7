package io.observer.web.cli;

import io.observer.event.Ticker;
import io.observer.web.cli.Backlog.Dropped;
import io.observer.web.cli.Backlog.Kind;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The way of one job's events to the server, on a thread of its own. Whoever publishes never waits: while the server is
 * away or slow, events wait in a {@link Backlog}. The job is registered with the recorder first and, if it was not
 * registered before, until its last event is sent.
 */
final class JobFeed {

    private static final long CAPACITY = 48L << 20;
    private static final Duration LINGER = Duration.ofMillis(50);

    private final HeldRegistration registration;
    private final Console console;
    private final PublishDefaults defaults;
    private final Outage outage;
    private final Backlog backlog;
    private final PublishReport report;
    private final BatchSender sender;
    private final Thread thread;
    private long lost;

    /** @param workspace where the recorder is to keep the job's timeline, or null for none */
    JobFeed(ServerClient server, String job, @Nullable Path workspace, Console console) {
        this.registration = new HeldRegistration(server, job, workspace, console::note);
        this.console = console;
        this.defaults = new PublishDefaults(job, null);
        this.outage = new Outage(Outage.ENDLESS, Ticker.system(), ThreadLocalRandom.current(), console::note);
        this.backlog = new Backlog(CAPACITY, LINGER, this::notice);
        this.report = new PublishReport(console);
        this.sender = new BatchSender(server, counted(backlog), outage, report);
        this.thread = new Thread(this::send, "events");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Hands over an event that happens now. */
    void publish(Kind kind, String event, String data) {
        backlog.put(kind, defaults.event(event, data, Clock.systemUTC()));
    }

    /**
     * Waits until everything is sent, and says what could not be.
     *
     * @param patience how long to go on trying while the server is away
     */
    void finish(Duration patience) throws InterruptedException {
        backlog.close();
        outage.endWithin(patience);
        sender.tryNow();
        thread.join();
        registration.letGo();
        for (List<QueuedEvent> left = backlog.take(); !left.isEmpty(); left = backlog.take()) {
            left.forEach(event -> report.read());
        }
        if (lost > 0) {
            console.note(lost + " events were dropped, most of them lines of output: the server was away or slower");
        }
        report.printMissing();
    }

    private void send() {
        try {
            register();
            sender.run();
            registration.end();
        } catch (CommandFailed given) {
            console.note(given.getMessage());
        } catch (ServerUnavailable gone) {
            console.note("the registration of the job stays: " + gone.getMessage());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void register() throws InterruptedException {
        while (true) {
            try {
                registration.begin();
                outage.over();
                return;
            } catch (ServerUnavailable failure) {
                if (failure.given().exitCode() != ExitCode.UNREACHABLE) {
                    console.note("there will be no timeline of this job: " + failure.getMessage());
                    return;
                }
                sender.pause(failure);
            }
        }
    }

    /** What is taken to be sent counts as read, so that the report can tell what was not. */
    private Batches counted(Batches batches) {
        return new Batches() {

            @Override
            public List<QueuedEvent> take() throws InterruptedException {
                List<QueuedEvent> batch = batches.take();
                batch.forEach(event -> report.read());
                return batch;
            }

            @Override
            public void close() {
                batches.close();
            }
        };
    }

    private byte[] notice(Dropped dropped) {
        lost += dropped.lines() + dropped.changes();
        String data = "{\"lines\":" + dropped.lines() + ",\"events\":" + dropped.changes() + "}";
        return defaults.event("observer.dropped", data, Clock.systemUTC());
    }
}
