package io.observer.web.cli;

import io.observer.web.cli.run.WorkspaceWatcher;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code observer watch}: publishes the changes of files for a job that something else runs. */
@Command(
        name = "watch",
        description = {
            "Publishes the changes of files in a workspace as events of a job, until Ctrl-C.",
            "While the server is away the events wait.",
        },
        footer = {
            "  observer watch --job build --workspace .",
            "  observer watch --job docs --workspace docs --exclude '*.tmp'",
        })
final class WatchCommand implements Callable<Integer> {

    private static final Duration LAST_CHANGES = Duration.ofSeconds(1);
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final Console console;

    @Option(
            names = "--job",
            required = true,
            paramLabel = "JOB",
            converter = NameConverter.class,
            description = "The job of the events.")
    private String job = "";

    @Mixin
    private final WorkspaceOption workspace = new WorkspaceOption();

    @Mixin
    private final ServerOption server = new ServerOption();

    WatchCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        Path directory = workspace.directory();
        ServerClient client = server.client();
        JobFeed feed = new JobFeed(client, job, directory, console);
        Observations observations = new Observations(feed, console);
        try (WorkspaceWatcher watcher = watch(directory, observations)) {
            feed.start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(watcher, observations, feed), "last-words"));
            console.note("watching " + directory + "; follow it at " + client.page(job));
            new CountDownLatch(1).await();
            return ExitCode.FINE;
        }
    }

    private WorkspaceWatcher watch(Path directory, Observations observations) {
        try {
            return workspace.watch(directory, observations::of);
        } catch (IOException unwatchable) {
            throw new CommandFailed("cannot watch " + directory + ": " + Reason.of(unwatchable));
        }
    }

    /** Ctrl-C: what has happened until now is still told. */
    private static void end(WorkspaceWatcher watcher, Observations observations, JobFeed feed) {
        try {
            if (!watcher.settle(LAST_CHANGES)) {
                observations.lastChangesUnseen();
            }
            feed.finish(LAST_WORDS);
            watcher.close();
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }
}
