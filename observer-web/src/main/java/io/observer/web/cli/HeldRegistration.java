package io.observer.web.cli;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The registration of a job with the recorder for as long as its command runs. One that was there before stays
 * afterwards, unless it was left behind by a run that was killed: what is in the way of that kind is ended first.
 */
final class HeldRegistration {

    private static final int CONFLICT = 409;

    private final ServerClient server;
    private final String job;
    private final @Nullable Path workspace;
    private final Consumer<String> notes;
    private final boolean abandonedBefore;
    private final RunMark mark;
    private boolean ours;

    HeldRegistration(ServerClient server, String job, @Nullable Path workspace, Consumer<String> notes) {
        this.server = server;
        this.job = job;
        this.workspace = workspace;
        this.notes = notes;
        this.abandonedBefore = RunMark.isAbandoned(server.page(job));
        this.mark = RunMark.hold(server.page(job));
    }

    /** Registers the job, or says why there will be no timeline of it. */
    void begin() throws ServerUnavailable {
        Registration answer = server.register(job, workspace);
        if (answer instanceof Registration.Refused refused
                && refused.problem().status() == CONFLICT
                && endAbandoned()) {
            answer = server.register(job, workspace);
        }
        if (answer instanceof Registration.Refused refused) {
            notes.accept("there will be no timeline of this job: "
                    + refused.problem().sentence());
        }
        ours = answer instanceof Registration.Made || (answer instanceof Registration.WasThere && abandonedBefore);
    }

    /** Ends the registration if it is the run's own. */
    void end() throws ServerUnavailable {
        if (ours) {
            server.unregister(job);
        }
    }

    /** The command runs no more. */
    void letGo() {
        mark.close();
    }

    /** Ends registrations in the way whose run was killed, and answers whether there were any. */
    private boolean endAbandoned() throws ServerUnavailable {
        boolean any = false;
        try {
            for (String known : Json.array(server.get(new Query("/v1/jobs")))) {
                JsonObject other = Json.object(known);
                if (isInTheWay(other) && isAbandoned(other.text("job_id"))) {
                    end(other);
                    any = true;
                }
            }
        } catch (CommandFailed | MalformedJson unknown) {
            // Then the refusal stands.
        }
        return any;
    }

    private boolean isInTheWay(JsonObject other) {
        boolean sameWorkspace = workspace != null && other.text("workspace").equals(workspace.toString());
        return "true".equals(other.json("recording"))
                && (sameWorkspace || other.text("job_id").equals(job));
    }

    private boolean isAbandoned(String other) {
        return other.equals(job) ? abandonedBefore : RunMark.isAbandoned(server.page(other));
    }

    private void end(JsonObject abandoned) throws ServerUnavailable {
        String name = abandoned.text("job_id");
        notes.accept("the run of job " + name + " was killed; its registration ends now");
        server.unregister(name);
        if (abandoned.text("state").equals("running") && !name.equals(job)) {
            byte[] failed = new PublishDefaults(name, null)
                    .event("job.failed", "{\"exit_code\":null,\"reason\":\"its run was killed\"}", Clock.systemUTC());
            server.publish((new String(failed, StandardCharsets.UTF_8) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        RunMark.hold(server.page(name)).close();
    }
}
