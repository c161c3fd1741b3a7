package io.observer.web.cli;

import static io.observer.web.cli.FakeServer.json;
import static io.observer.web.cli.FakeServer.problem;
import static org.assertj.core.api.Assertions.assertThat;

import io.observer.web.cli.FakeServer.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("observer run")
@Timeout(60)
class RunCommandTest {

    private static final Answer STORED =
            json(201, "{\"count\":1,\"first_id\":1,\"last_id\":1,\"cursor\":\"k3f9x2-1\"}");
    private static final Answer REGISTERED = json(201, "{\"job_id\":\"b\",\"recording\":true,\"workspace\":null}");

    @TempDir
    private Path workspace;

    @Test
    void registers_the_job_tells_its_story_and_ends_the_registration() throws Exception {
        String directory = workspace.toRealPath().toString();
        String script = "echo out; echo x > " + directory + "/file; exit 3";
        try (FakeServer server = FakeServer.answering(REGISTERED, STORED, STORED, STORED, STORED, STORED)) {
            CommandRun run = run(server, "--job", "b", "--", "sh", "-c", script);

            assertThat(run.exitCode()).isEqualTo(3);
            assertThat(run.out()).isEqualTo("out\n");
            assertThat(run.errLines()).containsExactly("observer: follow it at " + server.url() + "/jobs/b");
            assertThat(server.request(0).method()).isEqualTo("PUT");
            assertThat(server.request(0).target()).isEqualTo("/v1/jobs/b");
            assertThat(server.request(0).body()).isEqualTo("{\"workspace\":\"" + directory + "\"}");
            FakeServer.Request last = server.request(server.requests().size() - 1);
            assertThat(last.method()).isEqualTo("DELETE");
            assertThat(events(server))
                    .startsWith(
                            "job.started {\"command\":\"sh -c " + script + "\",\"workspace\":\"" + directory + "\"}")
                    .contains("log.line {\"stream\":\"stdout\",\"line\":\"out\"}")
                    .contains("observer.file_created {\"path\":\"file\"}")
                    .anyMatch(event -> event.matches("observer\\.process_spawned \\{\"pid\":\\d+,\"name\":\"sh\"}"))
                    .anyMatch(event -> event.matches(
                            "observer\\.process_exited \\{\"pid\":\\d+,\"role\":\"main\",\"exit_code\":3}"))
                    .last()
                    .asString()
                    .matches("job\\.failed \\{\"exit_code\":3,\"duration_seconds\":\\d+\\.\\d{3}}");
        }
    }

    @Test
    void says_that_the_job_began_before_anything_else() throws Exception {
        Files.createDirectories(workspace.resolve("d/".repeat(210)));
        try (FakeServer server = FakeServer.answering(REGISTERED, STORED, STORED, STORED, STORED)) {
            run(server, "--job", "b", "true");

            assertThat(events(server).get(0)).startsWith("job.started ");
            assertThat(events(server).get(1)).startsWith("observer.watch_limited {\"directories\":201,");
        }
    }

    @Test
    void leaves_a_registration_that_was_there_before() {
        try (FakeServer server = FakeServer.answering(json(200, "{}"), STORED, STORED, STORED)) {
            CommandRun run = run(server, "--job", "b", "true");

            assertThat(run.exitCode()).isZero();
            assertThat(server.requests()).extracting(FakeServer.Request::method).doesNotContain("DELETE");
            assertThat(events(server)).last().asString().startsWith("job.completed {\"exit_code\":0,");
        }
    }

    @Test
    void runs_without_a_timeline_if_the_recorder_refuses() {
        String taken = "{\"title\":\"Conflict\",\"status\":409,\"detail\":\"the workspace is that of job a\"}";
        try (FakeServer server = FakeServer.answering(problem(409, taken), json(200, "[]"), STORED, STORED, STORED)) {
            CommandRun run = run(server, "--job", "b", "true");

            assertThat(run.exitCode()).isZero();
            assertThat(run.errLines())
                    .contains("observer: there will be no timeline of this job: the workspace is that of job a");
            assertThat(events(server)).hasSizeGreaterThan(1);
        }
    }

    @Test
    void runs_undisturbed_without_a_server_and_says_what_it_could_not_send() {
        CommandRun run = CommandRun.observer(
                "run",
                "--url",
                "http://127.0.0.1:1",
                "--retry-for",
                "0",
                "--workspace",
                workspace.toString(),
                "sh",
                "-c",
                "echo out; echo err >&2; exit 4");

        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.out()).isEqualTo("out\n");
        assertThat(run.errLines())
                .contains("err")
                .anyMatch(line -> line.matches("observer: \\d+ events could not be sent"));
    }

    @Test
    void gives_up_publishing_but_not_the_command_if_there_is_no_observer_at_the_url() {
        try (FakeServer stranger = FakeServer.answering(json(404, "{}"), json(404, "{}"))) {
            CommandRun run = run(stranger, "sh", "-c", "echo out; exit 5");

            assertThat(run.exitCode()).isEqualTo(5);
            assertThat(run.err()).contains("is the URL right?").contains("could not be sent");
        }
    }

    @Test
    void answers_like_a_shell_if_there_is_no_such_command() {
        try (FakeServer server = FakeServer.answering(REGISTERED, STORED, STORED, STORED)) {
            CommandRun run = run(server, "--job", "b", "--", "no-such-command", "--flag");

            assertThat(run.exitCode()).isEqualTo(127);
            assertThat(run.err()).contains("cannot run 'no-such-command': there is no such command");
            assertThat(events(server)).hasSize(2).last().asString().startsWith("job.failed {\"exit_code\":127,");
        }
    }

    @Test
    void answers_like_a_shell_if_the_command_may_not_be_run() throws Exception {
        Path file = Files.writeString(workspace.resolve("script"), "exit 0");
        try (FakeServer server = FakeServer.answering(REGISTERED, STORED, STORED, STORED)) {
            assertThat(run(server, "--", file.toString()).exitCode()).isEqualTo(126);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            mvn                  | mvn-[0-9a-z]{4}
            /usr/bin/make        | make-[0-9a-z]{4}
            ./run tests.sh       | run-tests.sh-[0-9a-z]{4}
            ../.hidden..thing    | hidden.thing-[0-9a-z]{4}
            /                    | job-[0-9a-z]{4}
            """)
    void names_the_job_after_the_command(String command, String name) {
        assertThat(RunCommand.nameFor(command)).matches(name);
    }

    private CommandRun run(FakeServer server, String... arguments) {
        List<String> all = new ArrayList<>(
                List.of("run", "--url", server.url(), "--workspace", workspace.toString(), "--retry-for", "0"));
        all.addAll(Arrays.asList(arguments));
        return CommandRun.observer(all.toArray(String[]::new));
    }

    /** Name and data of everything that was published. */
    private static List<String> events(FakeServer server) {
        return server.requests().stream()
                .filter(request -> request.method().equals("POST"))
                .flatMap(request -> request.lines().stream())
                .map(Json::object)
                .map(event -> event.text("event") + " " + event.json("data"))
                .toList();
    }
}
