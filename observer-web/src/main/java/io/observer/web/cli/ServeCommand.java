package io.observer.web.cli;

import io.observer.web.ObserverServer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** {@code observer serve}: turns flags into settings and starts the server; the one command that leads to Spring. */
@Command(
        name = "serve",
        description = {
            "Starts the server; it says its URL on standard output once it is ready.",
            "Any setting may be given as --observer.<key>=<value>, and log levels as",
            "--logging.level.<name>=<level>.",
        },
        footer = {
            "  observer serve",
            "  observer serve --port 0 --log memory --observer.log.max-entries=50000",
        },
        exitCodeList = {
            "0:stopped as it was told to",
            "1:cannot start: a bad setting, or the port or data directory is in use",
            "2:the command line is wrong",
        })
final class ServeCommand implements Callable<Integer> {

    private static final Pattern SETTING =
            Pattern.compile("--(?:observer|logging\\.level)\\.[^=\\s]+=.*", Pattern.DOTALL);
    private static final int MAX_PORT = 65_535;

    private final ToIntFunction<List<String>> server;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            description = {"The address to listen on.", "Default: 127.0.0.1"})
    private @Nullable String host;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = {"The port; 0 picks a free one.", "Default: 3219"})
    private @Nullable Integer port;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = {"The directory for everything that is kept.", "Default: ./observer-data"})
    private @Nullable String dataDir;

    @Option(
            names = "--log",
            paramLabel = "BACKEND",
            description = {
                "Where events are kept: 'file' (default) on disk, 'memory' until the server stops,",
                "'redis' for several servers together, 'disabled' nowhere."
            })
    private @Nullable String log;

    @Option(
            names = "--daemon-socket",
            paramLabel = "PATH",
            description = "The Unix socket of a conductor daemon whose events are taken in as well.")
    private @Nullable String daemonSocket;

    @Option(
            names = "--rpc-socket",
            paramLabel = "PATH",
            description = "A Unix socket on which other programs may ask and subscribe as they would at such a daemon.")
    private @Nullable String rpcSocket;

    @Unmatched
    private final List<String> rest = new ArrayList<>();

    ServeCommand() {
        // A lambda, unlike a method reference, leaves the server's classes alone until it is called.
        this(settings -> ObserverServer.run(settings));
    }

    ServeCommand(ToIntFunction<List<String>> server) {
        this.server = server;
    }

    @Override
    public Integer call() {
        return server.applyAsInt(settings());
    }

    private List<String> settings() {
        if (port != null && (port < 0 || port > MAX_PORT)) {
            throw new ParameterException(spec.commandLine(), "--port must be 0 to 65535, not " + port);
        }
        List<String> settings = new ArrayList<>();
        add(settings, "host", host);
        add(settings, "port", port);
        add(settings, "data-dir", dataDir);
        add(settings, "log.backend", log);
        add(settings, "daemon.socket", daemonSocket);
        add(settings, "daemon.rpc-socket", rpcSocket);
        for (String setting : rest) {
            if (!SETTING.matcher(setting).matches()) {
                throw new ParameterException(
                        spec.commandLine(),
                        "unknown argument '" + setting + "'; a setting is given as --observer.<key>=<value>");
            }
            settings.add(setting);
        }
        return List.copyOf(settings);
    }

    private static void add(List<String> settings, String key, @Nullable Object value) {
        if (value != null) {
            settings.add("--observer." + key + "=" + value);
        }
    }
}
