package io.observer.web.cli;

import io.observer.recorder.PathExclusion;
import io.observer.web.cli.run.WorkspaceEvent;
import io.observer.web.cli.run.WorkspaceWatcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Which files to watch. */
final class WorkspaceOption {

    /** The timeline that the recorder leaves in a workspace. */
    private static final String TIMELINE = ".marianne-observer.jsonl";

    private static final List<String> ALWAYS =
            List.of(".git/", "__pycache__/", "node_modules/", ".venv/", "*.pyc", "observer-data/");

    @Spec(Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--workspace",
            paramLabel = "DIR",
            description = {"The directory whose files are watched.", "Default: the working directory"})
    private Path directory = Path.of("");

    @Option(
            names = "--exclude",
            paramLabel = "PATTERN",
            description = {
                "A path that is not watched, such as 'target/' or '*.tmp'; may be given several times.",
                "Never watched: .git/ __pycache__/ node_modules/ .venv/ *.pyc observer-data/",
            })
    private final List<String> excluded = new ArrayList<>();

    /** The real path of the workspace. */
    Path directory() {
        if (!Files.isDirectory(directory)) {
            throw new ParameterException(
                    command.commandLine(), "--workspace must be a directory, and '" + directory + "' is none");
        }
        try {
            return directory.toRealPath();
        } catch (IOException unreachable) {
            throw new ParameterException(
                    command.commandLine(),
                    "--workspace '" + directory + "' cannot be reached: " + Reason.of(unreachable),
                    unreachable);
        }
    }

    WorkspaceWatcher watch(Path workspace, Consumer<WorkspaceEvent> sink) throws IOException {
        List<String> patterns = new ArrayList<>(ALWAYS);
        patterns.addAll(excluded);
        return WorkspaceWatcher.start(workspace, new PathExclusion(patterns, TIMELINE), sink);
    }
}
