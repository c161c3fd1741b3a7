package io.observer.web.cli;

import io.observer.web.cli.run.WorkspaceWatcher;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code observer run}: runs a command as a job, and publishes what it writes, which files change, which processes run. */
@Command(
        name = "run",
        description = {
            "Runs a command as a job: publishes its output, the changes of files in its workspace, its processes and",
            "how it ended. What the command reads and writes passes through unchanged, and so do Ctrl-C and SIGTERM.",
            "The server being away neither stops the command nor slows it.",
        },
        footer = {
            "  observer run -- mvn -q verify",
            "  observer run --job nightly --exclude target/ -- sh -c 'make clean && make'",
        },
        exitCodeList = {
            "n:that of the command; 128 and the signal's number if a signal ended it",
            "2:the command line is wrong",
            "126:the command cannot be run",
            "127:there is no such command",
        })
final class RunCommand implements Callable<Integer> {

    private static final int LONGEST_NAME = 100;
    private static final int SUFFIX_BASE = 36;

    private final Console console;

    @Option(
            names = "--job",
            paramLabel = "JOB",
            converter = NameConverter.class,
            description = {"The name of the job.", "Default: the command's name and a short suffix"})
    private @Nullable String job;

    @Mixin
    private final WorkspaceOption workspace = new WorkspaceOption();

    @Option(
            names = "--retry-for",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = {
                "How long to go on trying to send what is left when the command has ended.",
                "Default: 5s",
            })
    private Duration retryFor = Duration.ofSeconds(5);

    @Mixin
    private final ServerOption server = new ServerOption();

    @Parameters(arity = "1..*", paramLabel = "COMMAND", description = "The command and its arguments, best after '--'.")
    private List<String> command = List.of();

    RunCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        Path directory = workspace.directory();
        String name = job == null ? nameFor(command.get(0)) : job;
        ServerClient client = server.client();
        JobFeed feed = new JobFeed(client, name, directory, console);
        Observations observations = new Observations(feed, console);
        console.note("follow it at " + client.page(name));
        try (CommandSignals signals = CommandSignals.take()) {
            RunSession session = new RunSession(console, feed, observations, signals);
            session.begin(command, directory);
            feed.start();
            int exitCode = run(session, directory, observations);
            signals.handBack();
            feed.finish(retryFor);
            return exitCode;
        }
    }

    private int run(RunSession session, Path directory, Observations observations) throws InterruptedException {
        try (@Nullable WorkspaceWatcher watcher = watch(directory, observations)) {
            return session.run(command, watcher);
        }
    }

    private @Nullable WorkspaceWatcher watch(Path directory, Observations observations) {
        try {
            return workspace.watch(directory, observations::of);
        } catch (IOException unwatchable) {
            console.note("the files of " + directory + " are not watched: " + Reason.of(unwatchable));
            return null;
        }
    }

    /** {@code make} of {@code /usr/bin/make}. */
    static String program(String command) {
        return command.substring(command.lastIndexOf('/') + 1);
    }

    /** {@code mvn-k3f9}: what runs, and which time. */
    static String nameFor(String command) {
        String program = program(command)
                .replaceAll("[^A-Za-z0-9._-]+", "-")
                .replaceAll("\\.{2,}", ".")
                .replaceAll("^[._-]+", "");
        String shown = program.isEmpty() ? "job" : program.substring(0, Math.min(program.length(), LONGEST_NAME));
        int most = SUFFIX_BASE * SUFFIX_BASE * SUFFIX_BASE * SUFFIX_BASE;
        String suffix = Integer.toString(ThreadLocalRandom.current().nextInt(most), SUFFIX_BASE);
        return shown + "-" + "0".repeat(4 - suffix.length()) + suffix;
    }
}
