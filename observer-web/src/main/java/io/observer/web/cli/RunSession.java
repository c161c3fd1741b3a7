package io.observer.web.cli;

import io.observer.event.Ticker;
import io.observer.web.cli.Backlog.Kind;
import io.observer.web.cli.run.ProcessTree;
import io.observer.web.cli.run.WorkspaceWatcher;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A command from its start to its end, with everything that is told of it. */
final class RunSession {

    private static final String LOCALE = "LC_ALL";

    /** What {@link #LOCALE} was before the start script set it. */
    private static final String LOCALE_BEFORE = "observer.lc_all";

    private static final int CANNOT_RUN = 126;
    private static final int NO_SUCH_COMMAND = 127;

    private static final Duration LOOK_AT_LINES = Duration.ofMillis(50);
    private static final Duration LOOK_AT_PROCESSES = Duration.ofMillis(250);

    /** For what is still in the pipes; beyond that they are held open by a program left behind. */
    private static final Duration LAST_OUTPUT = Duration.ofSeconds(1);

    /** For a file system that does not answer; as long as it does, the last changes are waited for. */
    private static final Duration LAST_CHANGES = Duration.ofSeconds(5);

    private static final int LONGEST_COMMAND = 1_000;

    private final Console console;
    private final JobFeed feed;
    private final Observations observations;
    private final CommandSignals signals;
    private final Ticker ticker = Ticker.system();

    RunSession(Console console, JobFeed feed, Observations observations, CommandSignals signals) {
        this.console = console;
        this.feed = feed;
        this.observations = observations;
        this.signals = signals;
    }

    /** Says that the job begins, before anything else is seen of it. */
    void begin(List<String> command, Path workspace) {
        feed.publish(
                Kind.STATE,
                "job.started",
                "{\"command\":" + Json.quote(shown(command)) + ",\"workspace\":" + Json.quote(workspace.toString())
                        + "}");
    }

    /**
     * Runs the command to its end, and answers its exit code.
     *
     * @param watcher of the command's files, or null if they are not watched
     */
    int run(List<String> command, @Nullable WorkspaceWatcher watcher) throws InterruptedException {
        long began = ticker.nanos();
        int exitCode;
        try {
            Process process = start(command);
            signals.handTo(process);
            exitCode = follow(process, RunCommand.program(command.get(0)));
        } catch (IOException refused) {
            exitCode = notStarted(command.get(0), refused);
        }
        if (watcher != null && !watcher.settle(LAST_CHANGES)) {
            watcher.close();
            observations.lastChangesUnseen();
        }
        BigDecimal seconds = BigDecimal.valueOf((ticker.nanos() - began) / 1_000_000, 3);
        feed.publish(
                Kind.STATE,
                ending(exitCode),
                "{\"exit_code\":" + exitCode + ",\"duration_seconds\":" + seconds.toPlainString() + "}");
        return exitCode;
    }

    /** In the environment of the user, with which the start script may have been at odds for the sake of the JVM. */
    private static Process start(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectInput(Redirect.INHERIT);
        String locale = System.getProperty(LOCALE_BEFORE);
        if (locale != null && locale.isEmpty()) {
            builder.environment().remove(LOCALE);
        } else if (locale != null) {
            builder.environment().put(LOCALE, locale);
        }
        return builder.start();
    }

    private int follow(Process process, String program) throws InterruptedException {
        ProcessTree processes = new ProcessTree(process.toHandle(), program, observations::of);
        OutputLines outLines = lines("stdout");
        OutputLines errLines = lines("stderr");
        OutputCopy out = copy("stdout", process.getInputStream(), console.rawOut(), outLines);
        OutputCopy err = copy("stderr", process.getErrorStream(), console.rawErr(), errLines);
        ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(RunSession::daemon);
        try {
            every(looks, LOOK_AT_LINES, outLines::flushHalf);
            every(looks, LOOK_AT_LINES, errLines::flushHalf);
            every(looks, LOOK_AT_PROCESSES, processes::look);
            int exitCode = process.waitFor();
            out.end(LAST_OUTPUT);
            err.end(LAST_OUTPUT);
            processes.end(exitCode);
            return exitCode;
        } finally {
            looks.shutdownNow();
        }
    }

    private int notStarted(String program, IOException refused) {
        String reason = String.valueOf(refused.getMessage());
        // ENOENT, as Java 17 says it and as Java 25 does.
        boolean missing = reason.contains("error=2,") || reason.contains("error: 2 ");
        console.note("cannot run '" + program + "': " + (missing ? "there is no such command" : reason));
        return missing ? NO_SUCH_COMMAND : CANNOT_RUN;
    }

    private String ending(int exitCode) {
        if (signals.anyReceived()) {
            return "job.cancelled";
        }
        return exitCode == 0 ? "job.completed" : "job.failed";
    }

    private OutputLines lines(String stream) {
        return new OutputLines(stream, ticker, data -> feed.publish(Kind.LINE, "log.line", data));
    }

    private static OutputCopy copy(String name, InputStream in, OutputStream out, OutputLines lines) {
        OutputCopy copy = new OutputCopy(name, in, out, lines);
        copy.start();
        return copy;
    }

    private static void every(ScheduledExecutorService looks, Duration pause, Runnable look) {
        var unused = looks.scheduleWithFixedDelay(look, pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "looks");
        thread.setDaemon(true);
        return thread;
    }

    private static String shown(List<String> command) {
        String line = String.join(" ", command);
        return line.length() <= LONGEST_COMMAND ? line : line.substring(0, LONGEST_COMMAND) + "…";
    }
}
