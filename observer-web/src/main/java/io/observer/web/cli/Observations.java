package io.observer.web.cli;

import io.observer.web.cli.Backlog.Kind;
import io.observer.web.cli.run.ProcessEvent;
import io.observer.web.cli.run.WorkspaceEvent;

/** Words what is seen of a job's files and processes as events. */
final class Observations {

    private final JobFeed feed;
    private final Console console;

    Observations(JobFeed feed, Console console) {
        this.feed = feed;
        this.console = console;
    }

    void of(WorkspaceEvent seen) {
        if (seen instanceof WorkspaceEvent.FileCreated file) {
            publish("observer.file_created", path(file.path()));
        } else if (seen instanceof WorkspaceEvent.FileModified file) {
            publish("observer.file_modified", path(file.path()));
        } else if (seen instanceof WorkspaceEvent.FileDeleted file) {
            publish("observer.file_deleted", path(file.path()));
        } else if (seen instanceof WorkspaceEvent.Rescanned rescan) {
            publish("observer.rescan", "{\"reason\":\"overflow\",\"changes\":" + rescan.changes() + "}");
        } else if (seen instanceof WorkspaceEvent.Limited limit) {
            console.note("not everything is watched, only " + limit.directories() + " directories: " + limit.reason());
            publish(
                    "observer.watch_limited",
                    "{\"directories\":" + limit.directories() + ",\"reason\":" + Json.quote(limit.reason()) + "}");
        }
    }

    /** The changes of the last moment were not seen in time, and are not told any more. */
    void lastChangesUnseen() {
        String reason = "the last changes of files were not seen in time";
        console.note(reason);
        publish("observer.watch_limited", "{\"directories\":null,\"reason\":" + Json.quote(reason) + "}");
    }

    void of(ProcessEvent seen) {
        if (seen instanceof ProcessEvent.Spawned process) {
            publish(
                    "observer.process_spawned",
                    "{\"pid\":" + process.pid() + ",\"name\":" + Json.quote(process.name()) + "}");
        } else if (seen instanceof ProcessEvent.Exited process) {
            String role = process.main() ? "main" : "child";
            String code = process.exitCode() == null ? "" : ",\"exit_code\":" + process.exitCode();
            publish("observer.process_exited", "{\"pid\":" + process.pid() + ",\"role\":\"" + role + "\"" + code + "}");
        }
    }

    private void publish(String event, String data) {
        feed.publish(Kind.CHANGE, event, data);
    }

    private static String path(String path) {
        return "{\"path\":" + Json.quote(path) + "}";
    }
}
