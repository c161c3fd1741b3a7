package io.observer.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SseProxy;
import io.observer.e2e.kit.SsePublisher;
import io.observer.e2e.kit.SsePublisher.Published;
import io.observer.e2e.kit.SseRecorder;
import io.observer.e2e.kit.Starting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Observer's own commands as a user runs them: their output, what they say on stderr, and their exit codes. */
class CommandLineIT {

    private static ObserverServer server;
    private static SsePublisher publisher;

    @BeforeAll
    static void start() {
        server = ObserverServer.start();
        publisher = new SsePublisher(server);
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @Test
    void publish_sends_the_event_of_its_flags_and_history_shows_it() {
        try (Starting publish = run("publish", "--job", "flags", "--event", "sheet.started", "--data", "{\"n\": 1}")) {
            assertThat(publish.exitCode()).as("%s", publish).isZero();
        }
        try (Starting history = run("history", "--job", "flags", "--json")) {
            assertThat(history.exitCode()).as("%s", history).isZero();
            assertThat(history.stdout())
                    .matches("\\{\"id\":[0-9]+,\"job_id\":\"flags\",\"sheet_num\":0,"
                            + "\"event\":\"sheet.started\",\"data\":\\{\"n\":1},\"timestamp\":[0-9.]+}\n");
        }
        try (Starting history = run("history", "--job", "flags")) {
            assertThat(history.exitCode()).as("%s", history).isZero();
            assertThat(history.stdout()).contains("flags").contains("sheet.started");
        }
    }

    @Test
    void publish_takes_events_from_its_input_as_they_come_and_counts_them() {
        try (SseRecorder reader = SseRecorder.open(server, "/v1/jobs/piped/events/stream");
                Starting publish = run("publish")) {
            reader.next("hello");

            publish.type(SsePublisher.event("piped", "sheet.started", "{\"n\":1}") + "\n");
            assertThat(reader.next("sheet.started").payload("n")).isEqualTo(1);

            publish.type(SsePublisher.event("piped", "sheet.started", "{\"n\":2}") + "\n\n");
            publish.type(SsePublisher.event("piped", "sheet.started", "{\"n\":3}"))
                    .endInput();
            assertThat(reader.next("sheet.started").payload("n")).isEqualTo(2);
            assertThat(reader.next("sheet.started").payload("n")).isEqualTo(3);

            assertThat(publish.exitCode()).as("%s", publish).isZero();
            assertThat(publish.stdout()).isEmpty();
            assertThat(publish.stderr()).contains("3");
        }
    }

    @Test
    void publish_makes_each_line_of_a_build_an_event() {
        try (SseRecorder reader = SseRecorder.open(server, "/v1/jobs/build/events/stream");
                Starting publish = run("publish", "--job", "build", "--lines")) {
            reader.next("hello");

            publish.type("""
                    [INFO] Building "Observer" \\ 1.0
                    \t10 % – größer
                    """).endInput();

            assertThat(reader.next("log.line").json().required("data").toString())
                    .isEqualTo("{\"line\":\"[INFO] Building \\\"Observer\\\" \\\\ 1.0\"}");
            assertThat(reader.next("log.line")
                            .json()
                            .required("data")
                            .required("line")
                            .asString())
                    .isEqualTo("\t10 % – größer");
            assertThat(publish.exitCode()).as("%s", publish).isZero();
            assertThat(publish.stderr()).contains("2");
        }
    }

    @Test
    void publish_loses_nothing_it_has_read_while_it_cannot_reach_the_server() {
        try (SseRecorder reader = SseRecorder.open(server, "/v1/jobs/outage/events/stream");
                SseProxy proxy = SseProxy.before(server)) {
            reader.next("hello");
            proxy.down();
            try (Starting publish = ObserverServer.launch(
                    "publish",
                    "--job",
                    "outage",
                    "--lines",
                    "--url",
                    proxy.url().toString())) {
                publish.type(lines(1, 2000)).endInput();
                proxy.awaitRefusal();
                proxy.up();

                assertThat(publish.exitCode()).as("%s", publish).isZero();
                assertThat(reader.next(2000))
                        .extracting(frame ->
                                frame.json().required("data").required("line").asString())
                        .containsExactlyElementsOf(lines(1, 2000).lines().toList());
            }
        }
    }

    @Test
    void publish_says_which_events_were_refused_and_fails() {
        try (Starting publish = run("publish")) {
            publish.type(SsePublisher.event("refused", "sheet.started", "{\"n\":1}") + "\n");
            publish.type(SsePublisher.event("refused", "hello", "{\"n\":2}") + "\n");
            publish.type(SsePublisher.event("refused", "sheet.started", "{\"n\":3}") + "\n");
            publish.endInput();

            assertThat(publish.exitCode()).as("%s", publish).isEqualTo(1);
            assertThat(publish.stderr()).contains("hello").contains("2");
        }
        try (SseRecorder reader = SseRecorder.open(server, "/v1/jobs/refused/events/stream?since=0")) {
            reader.next("hello");
            assertThat(reader.next("sheet.started").payload("n")).isEqualTo(1);
            assertThat(reader.next("sheet.started").payload("n")).isEqualTo(3);
            reader.next("caught_up");
        }
    }

    @Test
    void tail_prints_events_as_they_stand_on_the_wire_and_resumes_by_itself() {
        List<Published> all = new ArrayList<>(publisher.publish("tailed", 1, 5));
        try (SseProxy proxy = SseProxy.before(server);
                Starting tail = ObserverServer.launch(
                        "tail",
                        "--job",
                        "tailed",
                        "--last",
                        "2",
                        "--json",
                        "--url",
                        proxy.url().toString())) {
            awaitOutput(tail, all.subList(3, 5));

            all.add(publisher.publish("tailed", 6));
            awaitOutput(tail, all.subList(3, 6));

            proxy.cut();
            all.addAll(publisher.publish("tailed", 7, 30));
            awaitOutput(tail, all.subList(3, 30));
            assertThat(proxy.lastEventIds()).first().isEqualTo(all.get(5).cursor());
        }
    }

    @Test
    void tail_follows_a_job_through_its_runs_and_all_jobs_through_a_filter() {
        Published before = publisher.publish("runs", 0);
        try (Starting ofTheJob = run("tail", "--job", "runs", "--since", before.cursor(), "--json");
                Starting filtered = run("tail", "--filter", "job.*", "--since", before.cursor(), "--json")) {
            List<Published> all = publisher.publishAll(List.of(
                    SsePublisher.event("runs", "job.started", "null"),
                    SsePublisher.event("runs", "job.failed", "null"),
                    SsePublisher.event("runs", "log.line", "null"),
                    SsePublisher.event("runs", "job.resuming", "null")));
            awaitOutput(ofTheJob, all);
            awaitOutput(filtered, List.of(all.get(0), all.get(1), all.get(3)));

            Published again = publisher.publish("runs", "job.completed", "null");
            awaitOutput(ofTheJob, Stream.concat(all.stream(), Stream.of(again)).toList());
            awaitOutput(filtered, List.of(all.get(0), all.get(1), all.get(3), again));
        }
    }

    @ParameterizedTest
    @CsvSource({"completed, 0", "failed, 1", "cancelled, 1"})
    void tail_until_finished_exits_as_the_job_did(String status, int code) {
        String job = "until-" + status;
        List<Published> all = new ArrayList<>(publisher.publish(job, 1, 3));
        try (Starting tail = run("tail", "--job", job, "--since", "0", "--until-finished", "--json")) {
            awaitOutput(tail, all);
            assertThat(tail.isRunning()).isTrue();

            all.add(publisher.publish(job, "job." + status, "null"));

            assertThat(tail.exitCode()).as("%s", tail).isEqualTo(code);
            assertThat(tail.stdout()).isEqualTo(output(all));
        }
    }

    @Test
    void tail_until_finished_of_a_job_that_has_finished_already_ends_at_once() {
        publisher.publish("already", "job.failed", "null");
        try (Starting tail = run("tail", "--job", "already", "--until-finished", "--json")) {
            assertThat(tail.exitCode()).as("%s", tail).isEqualTo(1);
            assertThat(tail.stdout()).isEmpty();
        }
    }

    @Test
    void tail_says_what_was_passed_over_beside_its_output() {
        Published newest = publisher.publish("passed-over", 1);
        try (Starting tail = run("tail", "--job", "passed-over", "--since", "another-1", "--json")) {
            awaitOutput(tail, List.of(newest));
            assertThat(tail.stderr()).isNotBlank();
        }
    }

    @Test
    void jobs_lists_what_the_log_knows() {
        publisher.publish("listed", "job.started", "null");
        publisher.publish("listed-too", "job.failed", "null");
        try (Starting jobs = run("jobs")) {
            assertThat(jobs.exitCode()).as("%s", jobs).isZero();
            assertThat(jobs.stdout().lines())
                    .anySatisfy(line -> assertThat(line).contains("listed ", "running"))
                    .anySatisfy(line -> assertThat(line).contains("listed-too", "failed"));
        }
    }

    @Test
    void a_server_that_is_not_there_is_exit_code_3() {
        String url = "http://127.0.0.1:" + unusedPort();
        // All at once, since two of them keep trying for a second.
        try (Starting publish = ObserverServer.launch(
                        "publish", "--job", "a", "--event", "b.c", "--retry-for", "1s", "--url", url);
                Starting tail = ObserverServer.launch("tail", "--retry-for", "1s", "--url", url);
                Starting history = ObserverServer.launch("history", "--url", url);
                Starting jobs = ObserverServer.launch("jobs", "--url", url)) {
            for (Starting command : List.of(publish, tail, history, jobs)) {
                assertThat(command.exitCode()).as("%s", command).isEqualTo(3);
                assertThat(command.stderr()).isNotBlank().doesNotContain("Exception", "\tat ");
                assertThat(command.stdout()).isEmpty();
            }
        }
    }

    @Test
    void what_could_not_be_sent_is_counted() {
        try (Starting publish = ObserverServer.launch(
                "publish", "--lines", "--retry-for", "1s", "--url", "http://127.0.0.1:" + unusedPort())) {
            publish.type(lines(1, 7)).endInput();
            assertThat(publish.exitCode()).as("%s", publish).isEqualTo(3);
            assertThat(publish.stderr()).contains("7");
        }
    }

    @Test
    void a_wrong_use_is_exit_code_2() {
        try (Starting tail = ObserverServer.launch("tail", "--no-such-option")) {
            assertThat(tail.exitCode()).as("%s", tail).isEqualTo(2);
            assertThat(tail.stderr()).contains("--no-such-option");
        }
    }

    /** Runs a client command against the server. */
    private static Starting run(String... arguments) {
        return ObserverServer.launch(Stream.concat(
                        Arrays.stream(arguments),
                        Stream.of("--url", server.url().toString()))
                .toArray(String[]::new));
    }

    private static void awaitOutput(Starting command, List<Published> events) {
        String expected = output(events);
        Awaitility.await("%d events of %s".formatted(events.size(), command))
                .until(() -> command.stdout().length() >= expected.length() || !command.isRunning());
        assertThat(command.stdout()).as(command::stderr).isEqualTo(expected);
    }

    private static String output(List<Published> events) {
        StringBuilder output = new StringBuilder();
        events.forEach(event -> output.append(event.json()).append('\n'));
        return output.toString();
    }

    private static String lines(int from, int to) {
        StringBuilder lines = new StringBuilder();
        IntStream.rangeClosed(from, to)
                .forEach(n -> lines.append("line ").append(n).append('\n'));
        return lines.toString();
    }

    private static int unusedPort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
