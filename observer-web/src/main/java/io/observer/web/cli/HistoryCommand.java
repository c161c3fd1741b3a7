package io.observer.web.cli;

import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code observer history}: prints what the log keeps, oldest first, page by page. */
@Command(
        name = "history",
        description = "Prints the events that the log keeps, oldest first.",
        footer = {
            "  observer history --job build --limit 5000",
            "  observer history --filter 'job.*' --json",
            "  observer history --since k3f9x2-42",
        })
final class HistoryCommand implements Callable<Integer> {

    private static final int PAGE = 1000;

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

    @Option(
            names = "--since",
            paramLabel = "CURSOR",
            description = "Begin after this cursor or id; by default with the earliest event.")
    private @Nullable String since;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = {"Print at most N events.", "Default: ${DEFAULT-VALUE}"})
    private int limit = 100;

    @Option(names = "--json", description = "Print each event as its JSON, one a line.")
    private boolean json;

    @Mixin
    private final ServerOption server = new ServerOption();

    HistoryCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (limit < 1) {
            throw new ParameterException(spec.commandLine(), "--limit must be 1 or more, not " + limit);
        }
        ServerClient client = server.client();
        EventPrinter printer = new EventPrinter(console, json, ZoneId.systemDefault());
        String cursor = since;
        int left = limit;
        boolean more = true;
        while (more && left > 0) {
            JsonObject page = page(client, cursor, Math.min(left, PAGE));
            List<String> events = Json.array(page.members().getOrDefault("events", "[]"));
            sayGap(page);
            events.forEach(printer::print);
            console.flush();
            left -= events.size();
            String next = page.text("cursor");
            more = "true".equals(page.json("has_more")) && !next.equals(cursor);
            cursor = next;
        }
        if (more) {
            console.note("there is more; go on with --since " + cursor);
        }
        return ExitCode.FINE;
    }

    private JsonObject page(ServerClient client, @Nullable String cursor, int size) {
        String path = job == null ? "/v1/events" : "/v1/jobs/" + job + "/events";
        try {
            return Json.object(client.get(
                    new Query(path).with("since", cursor).with("limit", size).with("event", filter)));
        } catch (ServerUnavailable gone) {
            throw gone.given();
        }
    }

    private void sayGap(JsonObject page) {
        String gap = page.json("gap");
        if (gap != null) {
            console.note(GapNotice.of(Json.object(gap)));
        }
    }
}
