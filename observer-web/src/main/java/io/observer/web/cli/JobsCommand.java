package io.observer.web.cli;

import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code observer jobs}: the jobs that the server knows, the most recently active first. */
@Command(
        name = "jobs",
        description = "Lists the jobs, the most recently active first.",
        footer = {
            "  observer jobs",
            "  observer jobs --json | jq -r 'select(.state == \"failed\").job_id'",
        })
final class JobsCommand implements Callable<Integer> {

    private final Console console;

    @Option(names = "--json", description = "Print each job as its JSON, one a line.")
    private boolean json;

    @Mixin
    private final ServerOption server = new ServerOption();

    JobsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        List<String> jobs = jobs(server.client());
        if (json) {
            jobs.forEach(console::print);
        } else {
            JobsTable.of(jobs, Clock.systemUTC()).forEach(console::print);
        }
        console.flush();
        return ExitCode.FINE;
    }

    private static List<String> jobs(ServerClient client) {
        try {
            return Json.array(client.get(new Query("/v1/jobs")));
        } catch (ServerUnavailable gone) {
            throw gone.given();
        }
    }
}
