package io.observer.e2e.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.observer.e2e.kit.HttpApi;
import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.Program;
import io.observer.e2e.kit.SseProxy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Real commands under {@code observer run}. */
@Timeout(120)
class RunIT {

    private static ObserverServer server;

    @TempDir
    private Path workspace;

    @BeforeAll
    static void start() {
        server = ObserverServer.start("--observer.log.max-entries=1000000", "--observer.log.max-bytes=512MB");
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @Test
    void tells_the_story_of_a_command_from_start_to_end() {
        String script =
                "echo hello; echo trouble >&2; mkdir -p out/deep; echo 1 > out/deep/a.txt; mv out/deep/a.txt out/b.txt;"
                        + " mkdir node_modules; touch node_modules/x; sleep 0.6; rm out/b.txt; exit 3";
        try (ObservedCommand run = run("story", "sh", "-c", script)) {
            assertThat(run.exitCode()).as("%s", run).isEqualTo(3);
            assertThat(run.stdout()).isEqualTo("hello\n");
            assertThat(run.stderr()).isEqualTo("""
                    observer: follow it at %s/jobs/story
                    trouble
                    """.formatted(server.url()));
        }

        Story story = Story.of(server, "story");
        assertThat(story.names()).first().isEqualTo("job.started");
        assertThat(story.lines("stdout")).containsExactly("hello");
        assertThat(story.lines("stderr")).containsExactly("trouble");
        assertThat(story.paths("observer.file_created"))
                .contains("out/b.txt")
                .noneMatch(path -> path.startsWith("node_modules"));
        assertThat(story.paths("observer.file_deleted")).contains("out/b.txt");
        assertThat(story.dataOf("observer.process_spawned"))
                .extracting(data -> data.get("name").asString())
                .startsWith("sh")
                .contains("sleep");
        JsonNode exited = story.dataOf("observer.process_exited").stream()
                .filter(data -> data.get("role").asString().equals("main"))
                .findFirst()
                .orElseThrow();
        assertThat(exited.get("exit_code").asInt()).isEqualTo(3);
        assertThat(story.last().get("event").asString()).isEqualTo("job.failed");
        assertThat(story.last().get("data").get("exit_code").asInt()).isEqualTo(3);
        assertThat(story.last().get("data").get("duration_seconds").asDouble()).isGreaterThan(0.5);
    }

    @Test
    void leaves_a_timeline_in_the_workspace_and_lets_go_of_it() throws IOException {
        for (String job : List.of("first", "second")) {
            try (ObservedCommand run = run(job, "sh", "-c", "echo 1 > " + job + ".txt")) {
                assertThat(run.exitCode()).as("%s", run).isZero();
                assertThat(run.stderr()).doesNotContain("no timeline");
            }
        }

        assertThat(Files.readAllLines(workspace.resolve(".marianne-observer.jsonl")))
                .anyMatch(line -> line.contains("\"job_id\":\"first\"") && line.contains("first.txt"))
                .anyMatch(line -> line.contains("\"job_id\":\"second\"") && line.contains("second.txt"))
                .noneMatch(line -> line.contains(".marianne-observer.jsonl"));
    }

    @Test
    void passes_standard_input_through() {
        try (ObservedCommand run = run("cat", "cat")) {
            run.type("what is typed\n");
            await().untilAsserted(() -> assertThat(run.stdout()).isEqualTo("what is typed\n"));
            run.endInput();

            assertThat(run.exitCode()).as("%s", run).isZero();
        }
        assertThat(Story.of(server, "cat").lines("stdout")).containsExactly("what is typed");
    }

    @Test
    void shows_a_question_before_it_is_answered() {
        try (ObservedCommand run = run("ask", "sh", "-c", "printf 'Sure? '; read answer; echo \"got $answer\"")) {
            await().ignoreExceptions()
                    .untilAsserted(() ->
                            assertThat(Story.of(server, "ask").lines("stdout")).containsExactly("Sure? "));
            run.type("yes\n");

            assertThat(run.exitCode()).as("%s", run).isZero();
            assertThat(run.stdout()).isEqualTo("Sure? got yes\n");
        }
        assertThat(Story.of(server, "ask").lines("stdout")).containsExactly("Sure? ", "got yes");
    }

    @Test
    void binary_output_passes_unchanged_and_survives_as_replacement_characters() throws IOException {
        byte[] binary = new byte[1 << 20];
        for (int i = 0; i < binary.length; i++) {
            binary[i] = (byte) (i * 31 + (i >> 8));
        }
        Files.write(workspace.resolve("binary"), binary);
        try (ObservedCommand run = run("binary", "cat", "binary")) {
            assertThat(run.exitCode()).isZero();
            assertThat(run.stdoutBytes()).isEqualTo(binary);
        }
        assertThat(Story.of(server, "binary").lines("stdout")).isNotEmpty().anyMatch(line -> line.contains("\uFFFD"));
    }

    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143", "HUP, 129"})
    void a_signal_reaches_the_command_and_the_job_is_cancelled(String signal, int exitCode) {
        String job = "signal-" + signal;
        try (ObservedCommand run = run(job, "sh", "-c", "echo ready; exec sleep 60")) {
            await().untilAsserted(() -> assertThat(run.stdout()).isEqualTo("ready\n"));
            run.signal(signal);

            assertThat(run.exitCode()).as("%s", run).isEqualTo(exitCode);
        }
        JsonNode last = Story.of(server, job).last();
        assertThat(last.get("event").asString()).isEqualTo("job.cancelled");
        assertThat(last.get("data").get("exit_code").asInt()).isEqualTo(exitCode);
    }

    @Test
    void ctrl_c_of_a_terminal_reaches_the_command_once() {
        assumeThat(Path.of("/usr/bin/script")).exists();
        String script =
                "trap 'echo interrupted' INT; echo ready; until read answer; do :; done; echo \"got $answer\"; exit 7";
        try (ObservedCommand run = ObservedCommand.startInTerminal(
                workspace, "run", "--job", "tty", "--url", server.url().toString(), "--", "sh", "-c", script)) {
            await().untilAsserted(() -> assertThat(run.stdout()).contains("ready\r\n"));
            run.type("\u0003");
            await().untilAsserted(() -> assertThat(run.stdout()).contains("interrupted\r\n"));
            run.type("yes\n");

            assertThat(run.exitCode()).as("%s", run).isEqualTo(7);
        }
        Story story = Story.of(server, "tty");
        assertThat(story.lines("stdout")).containsExactly("ready", "interrupted", "got yes");
        assertThat(story.last().get("event").asString()).isEqualTo("job.cancelled");
    }

    @Test
    void ctrl_c_of_a_terminal_reaches_a_command_that_has_left_its_group() {
        assumeThat(Path.of("/usr/bin/script")).exists();
        String script = "trap 'echo interrupted; exit 7' INT; echo ready; while :; do sleep 0.1; done";
        try (ObservedCommand run = ObservedCommand.startInTerminal(
                workspace,
                "run",
                "--job",
                "group",
                "--url",
                server.url().toString(),
                "--",
                "timeout",
                "60",
                "sh",
                "-c",
                script)) {
            await().untilAsserted(() -> assertThat(run.stdout()).contains("ready\r\n"));
            run.type("\u0003");

            assertThat(run.exitCode()).as("%s", run).isEqualTo(7);
        }
        Story story = Story.of(server, "group");
        assertThat(story.lines("stdout")).containsExactly("ready", "interrupted");
        assertThat(story.last().get("event").asString()).isEqualTo("job.cancelled");
    }

    @Test
    void a_command_that_handles_a_signal_has_the_time_it_takes() {
        String script =
                "trap 'echo cleaning; sleep 0.5; echo clean; exit 7' INT; echo ready; while :; do sleep 0.1; done";
        try (ObservedCommand run = run("trap", "sh", "-c", script)) {
            await().untilAsserted(() -> assertThat(run.stdout()).isEqualTo("ready\n"));
            run.signal("INT");

            assertThat(run.exitCode()).as("%s", run).isEqualTo(7);
        }
        Story story = Story.of(server, "trap");
        assertThat(story.lines("stdout")).containsExactly("ready", "cleaning", "clean");
        assertThat(story.last().get("event").asString()).isEqualTo("job.cancelled");
    }

    @Test
    void a_program_that_is_left_behind_does_not_keep_it() {
        try (ObservedCommand run = run("fork", "sh", "-c", "sleep 30 & echo forked")) {
            assertThat(run.exitCode()).as("%s", run).isZero();
            assertThat(run.stdout()).isEqualTo("forked\n");
        }
        Story story = Story.of(server, "fork");
        assertThat(story.lines("stdout")).containsExactly("forked");
        assertThat(story.last().get("event").asString()).isEqualTo("job.completed");
    }

    @Test
    void a_reader_that_has_seen_enough_ends_the_command_as_a_pipe_does() throws Exception {
        String read = throughPipe("sh -c 'yes; echo $? > code'", "head -n 3");

        assertThat(read).isEqualTo("y\ny\ny\n");
        await().untilAsserted(() -> assertThat(workspace.resolve("code")).hasContent("141"));
    }

    @Test
    void a_reader_that_is_slow_gets_everything() throws Exception {
        assertThat(throughPipe("head -c 400000 /dev/zero", "{ sleep 2; wc -c; }"))
                .isEqualTo("400000\n");
    }

    /** What {@code reader} makes of the output of {@code command}. */
    private String throughPipe(String command, String reader) throws Exception {
        Process pipe = inShell("\"$@\" run --url " + server.url() + " -- " + command + " | " + reader);
        return new String(pipe.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Runs a script in which {@code "$@"} stands for {@code observer}. */
    private Process inShell(String script) throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", script, "sh"));
        command.addAll(Program.java(List.of()));
        return new ProcessBuilder(command)
                .directory(workspace.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    @Test
    void loses_no_line_of_a_flood_that_it_does_not_say_it_dropped() {
        assertNothingLost(server, 300_000);
    }

    @Test
    @Tag("long")
    void loses_no_line_of_two_million_that_it_does_not_say_it_dropped() {
        try (ObserverServer keeping = ObserverServer.start("--log", "file")) {
            assertNothingLost(keeping, 2_000_000);
        }
    }

    private void assertNothingLost(ObserverServer to, int lines) {
        String url = to.url().toString();
        String script = "yes | head -n " + lines;
        try (ObservedCommand run =
                ObservedCommand.start(workspace, "run", "--job", "flood", "--url", url, "--", "sh", "-c", script)) {
            assertThat(run.exitCode()).as("%s", run).isZero();
            assertThat(run.stdoutBytes()).hasSize(2 * lines);
        }
        Story besides = Story.of(to, "flood", "job.*,observer.*");
        long dropped = besides.dataOf("observer.dropped").stream()
                .mapToLong(data -> data.get("lines").asLong())
                .sum();
        long events = new HttpApi(to).json("/v1/jobs/flood").get("events").asLong();
        assertThat(events - besides.events().size() + dropped).isEqualTo(lines);
    }

    @Test
    void the_command_runs_on_while_the_server_is_away_and_everything_comes_when_it_is_back() {
        try (SseProxy proxy = SseProxy.before(server)) {
            proxy.down();
            String script = "for i in $(seq 1 500); do echo $i; done; echo done > file; read again; exit 5";
            try (ObservedCommand run = ObservedCommand.start(
                    workspace, "run", "--job", "away", "--url", proxy.url().toString(), "--", "sh", "-c", script)) {
                await().untilAsserted(
                                () -> assertThat(workspace.resolve("file")).exists());
                proxy.awaitRefusal();
                proxy.up();
                run.endInput();

                assertThat(run.exitCode()).as("%s", run).isEqualTo(5);
            }
        }
        Story story = Story.of(server, "away");
        assertThat(story.lines("stdout"))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 500).mapToObj(String::valueOf).toList());
        assertThat(story.names())
                .startsWith("job.started")
                .endsWith("job.failed")
                .contains("observer.file_created");
    }

    @Test
    void never_fails_because_of_the_server() {
        try (ObservedCommand run = ObservedCommand.start(
                workspace,
                "run",
                "--url",
                "http://127.0.0.1:1",
                "--retry-for",
                "0",
                "--",
                "sh",
                "-c",
                "echo on; exit 6")) {
            assertThat(run.exitCode()).as("%s", run).isEqualTo(6);
            assertThat(run.stdout()).isEqualTo("on\n");
            assertThat(run.stderr()).contains("could not be sent");
        }
    }

    @Test
    void events_of_the_last_moment_come_before_the_end() {
        try (ObservedCommand run = run("last", "sh", "-c", "for i in $(seq 1 300); do echo $i > f$i; done")) {
            assertThat(run.exitCode()).as("%s", run).isZero();
        }
        Story story = Story.of(server, "last");
        assertThat(story.paths("observer.file_created")).hasSize(300).doesNotHaveDuplicates();
        assertThat(story.names()).last().isEqualTo("job.completed");
    }

    @Test
    void events_of_a_workspace_that_is_deleted_and_made_again_come_before_the_end_too() throws IOException {
        Files.createFile(Files.createDirectory(workspace.resolve("target")).resolve("old"));
        try (ObservedCommand run = ObservedCommand.start(
                workspace,
                "run",
                "--job",
                "events-again",
                "--workspace",
                "target",
                "--url",
                server.url().toString(),
                "--",
                "sh",
                "-c",
                "rm -r target; mkdir target; echo 1 > target/new")) {
            assertThat(run.exitCode()).as("%s", run).isZero();
        }
        Story story = Story.of(server, "events-again");
        assertThat(story.paths("observer.file_deleted")).contains("old");
        assertThat(story.paths("observer.file_created")).contains("new");
        assertThat(story.names()).last().isEqualTo("job.completed");
    }

    @Test
    void what_the_system_could_not_tell_is_looked_up_and_said() throws IOException {
        int more = 1_000 + mostEventsOfTheSystem();
        // Few enough in each for what Java remembers of a directory.
        Set<String> files =
                IntStream.range(0, more).mapToObj(i -> "d" + i / 400 + "/f" + i).collect(Collectors.toSet());
        for (int i = 0; i <= more / 400; i++) {
            Files.createDirectory(workspace.resolve("d" + i));
        }
        Path replaced = Files.createDirectory(workspace.resolve("replaced"));
        try (ObservedCommand run = run("overflow", "sh", "-c", "echo ready; read go; echo 1 > replaced/late")) {
            await().untilAsserted(() -> assertThat(run.stdout()).isEqualTo("ready\n"));
            run.hold();
            for (String file : files) {
                Files.createFile(workspace.resolve(file));
            }
            Files.delete(replaced);
            Files.createDirectory(replaced);
            run.goOn();
            await().untilAsserted(() -> assertThat(new HttpApi(server)
                            .json("/v1/jobs/overflow/observer?limit=5")
                            .toString())
                    .contains("observer.rescan"));
            run.type("go\n");

            assertThat(run.exitCode()).as("%s", run).isZero();
        }
        Story story = Story.of(server, "overflow");
        files.add("replaced/late");
        assertThat(story.paths("observer.file_created")).containsExactlyInAnyOrderElementsOf(files);
        assertThat(story.paths("observer.file_deleted")).isEmpty();
        assertThat(story.dataOf("observer.rescan").get(0).get("reason").asString())
                .isEqualTo("overflow");
    }

    /** How many events Linux keeps of all directories together. */
    private static int mostEventsOfTheSystem() throws IOException {
        int most;
        try (InputStream setting = Files.newInputStream(Path.of("/proc/sys/fs/inotify/max_queued_events"))) {
            // Whole in one read; there is no second one.
            byte[] digits = new byte[32];
            most = Integer.parseInt(new String(digits, 0, setting.read(digits), StandardCharsets.US_ASCII).strip());
        }
        assumeThat(most).as("events to create, one file each").isLessThan(100_000);
        return most;
    }

    @Test
    void a_clone_of_a_repository_is_seen_file_by_file() throws Exception {
        Path origin = Files.createDirectory(workspace.resolve("origin"));
        sh(
                origin,
                "git init -q . && mkdir -p src/a && for i in 1 2 3; do echo $i > src/a/$i.txt; done && git add ."
                        + " && git -c user.name=a -c user.email=a@b commit -q -m one");
        try (ObservedCommand run = run("clone", "git", "clone", "-q", "origin", "copy")) {
            assertThat(run.exitCode()).as("%s", run).isZero();
        }
        assertThat(Story.of(server, "clone").paths("observer.file_created"))
                .contains("copy/src/a/1.txt", "copy/src/a/2.txt", "copy/src/a/3.txt")
                .noneMatch(path -> path.contains(".git/"));
    }

    @Test
    void a_run_that_was_killed_is_in_nobodys_way() throws IOException {
        try (ObservedCommand killed = run("killed", "sh", "-c", "echo ready; exec sleep 60")) {
            await().untilAsserted(() -> assertThat(new HttpApi(server)
                            .json("/v1/jobs/killed")
                            .get("recording")
                            .asBoolean())
                    .isTrue());
            killed.signal("KILL");
            assertThat(killed.exitCode()).isEqualTo(137);
        }

        try (ObservedCommand next = run("next", "true")) {
            assertThat(next.exitCode()).isZero();
            assertThat(next.stderr()).contains("the run of job killed was killed; its registration ends now");
        }

        JsonNode job = new HttpApi(server).json("/v1/jobs/killed");
        assertThat(job.get("state").asString()).isEqualTo("failed");
        assertThat(job.get("recording").asBoolean()).isFalse();
        assertThat(workspace.resolve(".marianne-observer.jsonl")).content().contains("\"job_id\":\"next\"");
    }

    @Test
    void a_program_that_is_left_behind_and_goes_on_talking_does_not_keep_it() {
        try (ObservedCommand run = run("talk", "sh", "-c", "while :; do echo more; sleep 0.05; done & echo forked")) {
            assertThat(run.exitCode()).as("%s", run).isZero();
        }
        assertThat(Story.of(server, "talk").lines("stdout")).contains("forked");
        assertThat(Story.of(server, "talk").last().get("event").asString()).isEqualTo("job.completed");
    }

    @Test
    void what_is_ignored_stays_ignored() throws Exception {
        Process run = inShell("trap '' HUP; exec \"$@\" run --job hup --url " + server.url()
                + " -- sh -c 'echo ready; read x; exit 3'");
        assertThat(run.getInputStream().readNBytes(6)).asString().isEqualTo("ready\n");
        sh(workspace, "kill -HUP " + run.pid());
        run.getOutputStream().write('\n');
        run.getOutputStream().close();

        assertThat(run.waitFor()).isEqualTo(3);
        assertThat(Story.of(server, "hup").last().get("event").asString()).isEqualTo("job.failed");
    }

    @Test
    void the_registration_ends_with_the_job() {
        try (ObservedCommand run = run("registered", "true")) {
            assertThat(run.exitCode()).isZero();
        }
        JsonNode job = new HttpApi(server).json("/v1/jobs/registered");
        assertThat(job.get("state").asString()).isEqualTo("completed");
        assertThat(job.get("recording").asBoolean()).isFalse();
    }

    private ObservedCommand run(String job, String... command) {
        List<String> all = new ArrayList<>(
                List.of("run", "--job", job, "--url", server.url().toString(), "--"));
        all.addAll(Arrays.asList(command));
        return ObservedCommand.start(workspace, all.toArray(String[]::new));
    }

    private static void sh(Path directory, String script) throws Exception {
        Process process = new ProcessBuilder("sh", "-c", script)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(output).isZero();
    }
}
