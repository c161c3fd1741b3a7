package io.observer.web.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code observer stats}: what is known of the observed operations. */
@Command(
        name = "stats",
        description = "Shows how observed operations went, and where they keep failing.",
        footer = {
            "  observer stats",
            "  observer stats --json | jq '.clusters[] | select(.state == \"open\")'",
        })
final class StatsCommand implements Callable<Integer> {

    private final Console console;

    @Option(names = "--json", description = "Print one JSON object: the figures, with the clusters among them.")
    private boolean json;

    @Mixin
    private final ServerOption server = new ServerOption();

    StatsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        ServerClient client = server.client();
        String stats = get(client, "/v1/observer/stats");
        String clusters = get(client, "/v1/observer/clusters");
        JsonObject figures = Json.object(stats);
        StatsTables tables = new StatsTables(figures, Json.array(clusters));
        if (json) {
            console.print(joined(stats.strip(), clusters.strip()));
        } else {
            tables.lines().forEach(console::print);
        }
        console.flush();
        return ExitCode.FINE;
    }

    /** One object on one line; what the server sent is not changed otherwise. */
    private static String joined(String stats, String clusters) {
        return stats.substring(0, stats.length() - 1) + ",\"clusters\":" + clusters + "}";
    }

    private static String get(ServerClient client, String path) {
        try {
            return client.get(new Query(path));
        } catch (ServerUnavailable gone) {
            throw gone.given();
        }
    }
}
