package io.observer.web.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command {@code observer} itself, which holds the others and turns whatever goes wrong into one sentence. */
@Command(
        name = "observer",
        description = "Publishes the events of running jobs, keeps them in order and streams them to readers.",
        scope = ScopeType.INHERIT,
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        usageHelpAutoWidth = true,
        sortOptions = false,
        sortSynopsis = false,
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:fine",
            "1:failed",
            "2:the command line is wrong",
            "3:the server cannot be reached",
        })
final class ObserverCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    private ObserverCommand() {}

    /** Runs the command that {@code args} name and answers its exit code. */
    static int execute(Console console, Map<String, String> environment, String... args) {
        CommandLine observer = new CommandLine(new ObserverCommand());
        Map<String, Supplier<?>> commands = commands(console);
        String named = args.length == 0 ? "" : args[0];
        commands.forEach((name, command) -> {
            // To learn what all of them take costs more time than most take to do it.
            if (name.equals(named) || !commands.containsKey(named)) {
                observer.addSubcommand(command.get());
            }
        });
        // Not an annotation, which the other commands would inherit.
        observer.getCommandSpec()
                .usageMessage()
                .footer(
                        "  observer serve",
                        "  observer run -- mvn -q verify",
                        "  mvn -B verify 2>&1 | observer publish --job build --lines",
                        "  observer tail --job build");
        return observer.setDefaultValueProvider(urlFrom(environment))
                .setOut(console.outWriter())
                .setErr(console.errWriter())
                .setParameterExceptionHandler((wrong, rest) -> {
                    console.note(UsageError.sentence(wrong));
                    return ExitCode.USAGE;
                })
                .setExecutionExceptionHandler((failure, command, parsed) -> failed(console, failure))
                .execute(args);
    }

    private static Map<String, Supplier<?>> commands(Console console) {
        Map<String, Supplier<?>> commands = new LinkedHashMap<>();
        commands.put("serve", ServeCommand::new);
        // What follows the name of the command to run are its own arguments.
        commands.put("run", () -> new CommandLine(new RunCommand(console)).setStopAtPositional(true));
        commands.put("watch", () -> new WatchCommand(console));
        commands.put("publish", () -> new PublishCommand(console));
        commands.put("tail", () -> new TailCommand(console));
        commands.put("history", () -> new HistoryCommand(console));
        commands.put("jobs", () -> new JobsCommand(console));
        commands.put("stats", () -> new StatsCommand(console));
        return commands;
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "a command is missing: serve, run, watch, publish, tail, history, jobs or stats");
    }

    /** {@code OBSERVER_URL} stands in for a {@code --url} that is not given. */
    private static IDefaultValueProvider urlFrom(Map<String, String> environment) {
        return argument -> {
            String url = environment.getOrDefault("OBSERVER_URL", "");
            boolean wanted = argument instanceof OptionSpec option
                    && option.longestName().equals("--url");
            return wanted && !url.isBlank() ? url : null;
        };
    }

    private static int failed(Console console, Exception failure) throws Exception {
        if (failure instanceof CommandFailed expected) {
            console.note(expected.getMessage());
            return expected.exitCode();
        }
        if (failure instanceof OutputClosed closed) {
            return closed.report(console);
        }
        if (failure instanceof MalformedJson malformed) {
            console.note("the server's answer is not what an Observer sends (" + malformed.getMessage()
                    + "); is the URL right?");
            return ExitCode.FAILED;
        }
        throw failure;
    }
}
