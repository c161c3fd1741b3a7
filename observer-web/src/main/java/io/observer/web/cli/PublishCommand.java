package io.observer.web.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code observer publish}: sends one event given by flags, or what comes on standard input.
 *
 * <p>Nothing that was read is lost while the server is away. It may come twice, though: when a connection breaks after
 * a batch was sent and before it was answered, the batch is sent again.
 */
@Command(
        name = "publish",
        description = {
            "Publishes one event, or the events on standard input: JSON, one event a line, or plain lines with --lines.",
            "While the server cannot be reached it keeps what it has read and tries again. When a connection breaks"
                    + " before an answer has come, events may be published twice.",
        },
        footer = {
            "  observer publish --job build --event job.started",
            "  observer publish --job build --event build.step --data '{\"n\":1}'",
            "  observer publish < events.jsonl",
            "  mvn -B verify 2>&1 | observer publish --job build --lines",
            "  observer publish --job app --lines --follow app.log",
        })
final class PublishCommand implements Callable<Integer> {

    private static final Duration LINGER = Duration.ofMillis(50);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final Console console;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--job",
            paramLabel = "JOB",
            converter = NameConverter.class,
            description = "The job of the event, or of each event on standard input that names none.")
    private @Nullable String job;

    @Option(
            names = "--event",
            paramLabel = "NAME",
            converter = NameConverter.class,
            description = "Publish one event of this name, and leave standard input alone.")
    private @Nullable String event;

    @Option(names = "--data", paramLabel = "JSON", description = "The event's data, a JSON object.")
    private @Nullable String data;

    @Option(
            names = "--sheet",
            paramLabel = "N",
            description = "The step of the job, used like --job; 0 means the job as a whole.")
    private @Nullable Integer sheet;

    @Option(names = "--lines", description = "Make each line on standard input an event 'log.line'.")
    private boolean lines;

    @Option(
            names = "--follow",
            paramLabel = "FILE",
            description = {
                "Publish what is in a file and whatever is added to it, until Ctrl-C, instead of standard input.",
                "Another file that takes its name is read as well, and one that is cut from its start again.",
            })
    private @Nullable Path follow;

    @Mixin
    private final RetryOption retry = new RetryOption();

    @Mixin
    private final ServerOption server = new ServerOption();

    PublishCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        check();
        PublishDefaults defaults = new PublishDefaults(job, sheet);
        byte[] json = event == null ? null : defaults.event(event, data(), Clock.systemUTC());
        PublishReport report = new PublishReport(console);
        BatchQueue queue = new BatchQueue(LINGER);
        BatchSender sender = new BatchSender(server.client(), queue, retry.outage(console), report);
        InputReader input = new InputReader(input(), lines, defaults, queue, report);
        Thread lastWords = new Thread(() -> interrupted(sender, report), "last-words");
        Runtime.getRuntime().addShutdownHook(lastWords);
        if (json == null) {
            input.start();
        } else {
            report.read();
            queue.put(new QueuedEvent(QueuedEvent.NO_LINE, json));
            queue.close();
        }
        int exitCode = send(sender, input, report);
        report.print();
        forget(lastWords);
        return exitCode;
    }

    private InputStream input() {
        return follow == null ? console.in() : new FollowedFile(follow, LOOK_AGAIN);
    }

    private int send(BatchSender sender, InputReader input, PublishReport report) {
        try {
            sender.run();
        } catch (CommandFailed failed) {
            console.note(failed.getMessage());
            return failed.exitCode();
        }
        IOException unreadable = input.failure();
        if (unreadable != null) {
            console.note("cannot read " + (follow == null ? "standard input" : follow) + ": " + Reason.of(unreadable));
            return ExitCode.FAILED;
        }
        return report.hasRefused() ? ExitCode.FAILED : ExitCode.FINE;
    }

    private void check() {
        if (event == null && data != null) {
            throw new ParameterException(spec.commandLine(), "--data needs --event: which event does it belong to?");
        }
        if (follow != null && (event != null || Files.isDirectory(follow))) {
            throw new ParameterException(
                    spec.commandLine(),
                    event != null ? "--event and --follow exclude each other" : "--follow must be a file");
        }
        if (event != null && lines) {
            throw new ParameterException(spec.commandLine(), "--event and --lines exclude each other");
        }
        if (data != null && data.indexOf('\uFFFD') >= 0 && !isUtf8(System.getProperty("sun.jnu.encoding"))) {
            // The JDK has lost them already: better no event than one with holes.
            throw new ParameterException(
                    spec.commandLine(),
                    "this locale has no such characters as --data holds; set LC_ALL=C.UTF-8, or use standard input");
        }
        if (sheet != null && sheet < 0) {
            throw new ParameterException(spec.commandLine(), "--sheet must be 0 or more, not " + sheet);
        }
    }

    private static boolean isUtf8(@Nullable String encoding) {
        return "UTF-8".equalsIgnoreCase(encoding);
    }

    /** A line break between the parts of the data must not end the event's line. */
    private String data() {
        if (data == null) {
            return "null";
        }
        String line = data.strip().replace('\n', ' ').replace('\r', ' ');
        try {
            if (!line.equals("null")) {
                Json.object(line);
            }
            return line;
        } catch (MalformedJson wrong) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--data must be a JSON object, such as '{\"path\":\"src/A.java\"}' (" + wrong.getMessage() + ")",
                    wrong);
        }
    }

    /** Ctrl-C: what was read goes out if it can at once, and the counts are told. */
    private void interrupted(BatchSender sender, PublishReport report) {
        try {
            if (!sender.finishWithin(LAST_WORDS)) {
                console.note("stopped before the server had everything");
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
        report.print();
    }

    private static void forget(Thread lastWords) {
        try {
            Runtime.getRuntime().removeShutdownHook(lastWords);
        } catch (IllegalStateException alreadyEnding) {
            // The counts are out, so there is nothing left to say.
        }
    }
}
