package io.observer.web.cli;

import java.time.ZoneId;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code observer tail}: prints events as they come, and resumes by itself when the connection is lost. */
@Command(
        name = "tail",
        description = {
            "Prints events as they come, and goes on where it was when the connection is lost.",
            "What had to be passed over is said on standard error.",
        },
        footer = {
            "  observer tail --job build --last 20",
            "  observer tail --filter 'job.*,monitor.*'",
            "  observer tail --job build --until-finished && echo built",
            "  observer tail --json | jq .event",
        })
final class TailCommand implements Callable<Integer> {

    private static final int MOST = 1000;

    private final Console console;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--job",
            paramLabel = "JOB",
            converter = NameConverter.class,
            description = "Only the events of this job.")
    private @Nullable String job;

    @Option(
            names = "--filter",
            paramLabel = "GLOBS",
            description = "Only events whose names match one of these, such as 'job.*,observer.file_*'.")
    private @Nullable String filter;

    @ArgGroup
    private Start start = new Start();

    @Option(names = "--json", description = "Print each event as its JSON, one a line.")
    private boolean json;

    @Option(
            names = "--until-finished",
            description = "End with the job: with exit code 0 if it completed, 1 if it failed or was cancelled.")
    private boolean untilFinished;

    @Mixin
    private final RetryOption retry = new RetryOption();

    @Mixin
    private final ServerOption server = new ServerOption();

    TailCommand(Console console) {
        this.console = console;
    }

    /** Where to begin; without either, with what comes next. */
    static final class Start {

        @Option(names = "--last", paramLabel = "N", description = "Begin with the newest N events, at most 1000.")
        private @Nullable Integer last;

        @Option(
                names = "--since",
                paramLabel = "CURSOR",
                description = "Begin after this cursor or id, or with 'earliest'.")
        private @Nullable String since;
    }

    @Override
    public Integer call() {
        check();
        ServerClient client = server.client();
        Outage outage = retry.outage(console);
        EventPrinter printer = new EventPrinter(console, json, ZoneId.systemDefault());
        TailFrames frames = new TailFrames(console, printer, outage, untilFinished);
        TailSession session = new TailSession(client, query(), console, frames, outage);
        session.run();
        if (job == null || !untilFinished) {
            return ExitCode.FINE;
        }
        String told = frames.finalStatus();
        return exitCode(told == null ? session.stateOf(job) : told);
    }

    private void check() {
        if (untilFinished && job == null) {
            throw new ParameterException(spec.commandLine(), "--until-finished needs --job: which job should finish?");
        }
        if (start.last != null && (start.last < 0 || start.last > MOST)) {
            throw new ParameterException(spec.commandLine(), "--last must be 0 to 1000, not " + start.last);
        }
    }

    private Query query() {
        Query query = new Query(job == null ? "/v1/events/stream" : "/v1/jobs/" + job + "/events/stream");
        if (job != null && !untilFinished) {
            query.with("follow", true);
        }
        return query.with("event", filter).with("last", start.last).with("since", start.since);
    }

    private static int exitCode(String state) {
        return state.equals("completed") ? ExitCode.FINE : ExitCode.FAILED;
    }
}
