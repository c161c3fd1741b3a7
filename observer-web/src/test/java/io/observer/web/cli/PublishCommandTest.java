package io.observer.web.cli;

import static io.observer.web.cli.FakeServer.hangUp;
import static io.observer.web.cli.FakeServer.json;
import static io.observer.web.cli.FakeServer.problem;
import static io.observer.web.cli.FakeServer.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.observer.web.cli.FakeServer.Answer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("observer publish")
@Timeout(60)
class PublishCommandTest {

    private static final Answer STORED =
            json(201, "{\"count\":1,\"first_id\":1,\"last_id\":1,\"cursor\":\"k3f9x2-1\"}");

    @Test
    void publishes_one_event_given_by_flags() {
        try (FakeServer server = FakeServer.answering(STORED)) {
            CommandRun run = CommandRun.observer(
                    "publish",
                    "--job",
                    "build",
                    "--sheet",
                    "2",
                    "--event",
                    "job.started",
                    "--data",
                    "{\"a\":\n1.0}",
                    "--url",
                    server.url());

            assertThat(run.exitCode()).isZero();
            assertThat(run.errLines()).containsExactly("published 1 event");
            assertThat(run.out()).isEmpty();
            assertThat(server.request(0).method()).isEqualTo("POST");
            assertThat(server.request(0).target()).isEqualTo("/v1/events");
            assertThat(server.request(0).contentType()).isEqualTo("application/x-ndjson");
            assertThat(server.request(0).body())
                    .matches(
                            "\\{\"job_id\":\"build\",\"sheet_num\":2,\"event\":\"job\\.started\",\"data\":\\{\"a\": 1\\.0},"
                                    + "\"timestamp\":\\d+\\.\\d{3}}\n");
        }
    }

    @Test
    void publishes_json_lines_as_they_are_and_skips_blank_ones() {
        try (FakeServer server = FakeServer.answering(STORED)) {
            CommandRun run = CommandRun.withInput("""
                            {"event":"a","data":{"n": 1.0}}

                            {"event":"b","job_id":"x"}\r
                              \t
                            {"event":"c"}""").run("publish", "--url", server.url());

            assertThat(run.exitCode()).isZero();
            assertThat(run.errLines()).containsExactly("published 3 events");
            assertThat(server.request(0).lines())
                    .containsExactly(
                            "{\"event\":\"a\",\"data\":{\"n\": 1.0}}",
                            "{\"event\":\"b\",\"job_id\":\"x\"}",
                            "{\"event\":\"c\"}");
        }
    }

    @Test
    void gives_events_without_a_job_the_one_that_was_named() {
        try (FakeServer server = FakeServer.answering(STORED)) {
            CommandRun.withInput("{\"event\":\"a\"}\n{\"event\":\"b\",\"job_id\":\"mine\"}\n")
                    .run("publish", "--job", "build", "--url", server.url());

            assertThat(server.request(0).lines())
                    .containsExactly("{\"job_id\":\"build\",\"event\":\"a\"}", "{\"event\":\"b\",\"job_id\":\"mine\"}");
        }
    }

    @Test
    void makes_plain_lines_events() {
        byte[] input = "[INFO] \"Grüße\"\n\n\u001b[1mbold\n".getBytes(StandardCharsets.UTF_8);
        try (FakeServer server = FakeServer.answering(STORED)) {
            CommandRun run = CommandRun.withInput(input).run("publish", "--lines", "--job", "b", "--url", server.url());

            assertThat(run.errLines()).containsExactly("published 2 events");
            assertThat(server.request(0).lines())
                    .extracting(event -> event.replaceFirst("\"timestamp\":\\d+\\.\\d{3}", "…"))
                    .containsExactly(
                            "{\"job_id\":\"b\",\"event\":\"log.line\",\"data\":{\"line\":\"[INFO] \\\"Grüße\\\"\"},…}",
                            "{\"job_id\":\"b\",\"event\":\"log.line\",\"data\":{\"line\":\"\\u001B[1mbold\"},…}");
        }
    }

    @Test
    void sends_what_has_come_while_the_rest_is_still_being_made() throws Exception {
        try (FakeServer server = FakeServer.answering(STORED, STORED);
                PipedOutputStream build = new PipedOutputStream()) {
            PipedInputStream in = new PipedInputStream(build);
            CompletableFuture<CommandRun> publish = CompletableFuture.supplyAsync(
                    () -> CommandRun.withInput(in).run("publish", "--lines", "--url", server.url()));
            build.write("first\n".getBytes(StandardCharsets.UTF_8));
            build.flush();
            await().untilAsserted(() -> assertThat(server.requests()).hasSize(1));
            build.write("second\n".getBytes(StandardCharsets.UTF_8));
            build.close();

            assertThat(publish.get().errLines()).containsExactly("published 2 events");
            assertThat(server.request(0).body()).contains("first").doesNotContain("second");
        }
    }

    @Test
    void sends_batches_in_order() {
        try (FakeServer server = FakeServer.answering(STORED, STORED, STORED, STORED, STORED, STORED)) {
            CommandRun run = CommandRun.withInput(events(3500)).run("publish", "--url", server.url());

            assertThat(run.errLines()).containsExactly("published 3500 events");
            assertThat(server.requests())
                    .allSatisfy(batch -> assertThat(batch.lines()).hasSizeLessThanOrEqualTo(1000));
            assertThat(server.requests().stream().map(FakeServer.Request::body).collect(Collectors.joining()))
                    .isEqualTo(events(3500));
        }
    }

    @Test
    void tries_again_until_the_server_takes_it_and_loses_nothing() {
        String closing = "{\"detail\":\"the server is shutting down\"}";
        try (FakeServer server =
                FakeServer.answering(hangUp(), problem(503, closing), problem(429, "{}"), STORED, STORED)) {
            CommandRun run = CommandRun.withInput(events(1500)).run("publish", "--url", server.url());

            assertThat(run.exitCode()).isZero();
            assertThat(run.errLines())
                    .hasSize(3)
                    .first()
                    .asString()
                    .startsWith("observer: cannot reach the server at")
                    .endsWith("; trying again for 30 s");
            assertThat(run.errLines()).element(1).isEqualTo("observer: connected again");
            assertThat(run.errLines()).element(2).isEqualTo("published 1500 events");
            assertThat(server.requests().subList(0, 4))
                    .extracting(FakeServer.Request::body)
                    .containsOnly(events(1000));
        }
    }

    @Test
    void waits_for_a_server_that_starts_later() throws Exception {
        int port = freePort();
        CompletableFuture<CommandRun> publish = CompletableFuture.supplyAsync(
                () -> CommandRun.withInput(events(3)).run("publish", "--url", "http://127.0.0.1:" + port));
        try (FakeServer server = FakeServer.answeringAt(port, STORED)) {
            CommandRun run = publish.get();

            assertThat(run.exitCode()).isZero();
            assertThat(run.err()).endsWith("published 3 events" + System.lineSeparator());
            assertThat(server.request(0).body()).isEqualTo(events(3));
        }
    }

    @Test
    void ends_with_3_and_counts_what_it_could_not_send() throws Exception {
        CommandRun run = CommandRun.withInput(events(3))
                .run("publish", "--retry-for", "300ms", "--url", "http://127.0.0.1:" + freePort());

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.errLines()).hasSize(4);
        assertThat(run.errLines().get(0)).endsWith("(connection refused); trying again for 300 ms");
        assertThat(run.errLines().get(1)).contains("(connection refused)").contains("observer serve");
        assertThat(run.errLines().subList(2, 4)).containsExactly("published 0 events", "3 events could not be sent");
    }

    @Test
    void ends_with_1_when_the_log_stays_full() {
        String full = "{\"detail\":\"the log cannot be written\"}";
        try (FakeServer server = FakeServer.answering(problem(507, full))) {
            CommandRun run = CommandRun.withInput(events(1)).run("publish", "--retry-for", "0", "--url", server.url());

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err())
                    .contains("answered 507: the log cannot be written")
                    .contains("1 event could not be sent");
        }
    }

    @Test
    void leaves_out_the_lines_the_server_refuses_and_names_them() {
        String refusal = """
                {"title":"Bad Request","status":400,"detail":"2 of 5 events are wrong","errors":[
                  {"line":2,"field":"event","detail":"must not be empty"},
                  {"line":4,"field":null,"detail":"is not JSON"},
                  {"line":4,"field":"data","detail":"is not JSON either"}]}""";
        try (FakeServer server = FakeServer.answering(problem(400, refusal), STORED)) {
            CommandRun run = CommandRun.withInput("""
                            {"event":"a"}

                            {"event":""}
                            {"event":"c"}
                            nonsense
                            {"event":"e"}
                            """).run("publish", "--url", server.url());

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.errLines())
                    .containsExactly(
                            "observer: line 3 was refused: event must not be empty",
                            "observer: line 5 was refused: is not JSON",
                            "published 3 events",
                            "2 events refused");
            assertThat(server.request(1).lines())
                    .containsExactly("{\"event\":\"a\"}", "{\"event\":\"c\"}", "{\"event\":\"e\"}");
        }
    }

    @Test
    void sends_nothing_again_when_every_line_was_refused() {
        String refusal =
                "{\"detail\":\"wrong\",\"errors\":[{\"line\":1,\"field\":\"id\",\"detail\":\"is given by the log\"}]}";
        try (FakeServer server = FakeServer.answering(problem(400, refusal))) {
            CommandRun run = CommandRun.withInput("{\"id\":1}").run("publish", "--url", server.url());

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.errLines())
                    .containsExactly(
                            "observer: line 1 was refused: id is given by the log",
                            "published 0 events",
                            "1 event refused");
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void finds_the_line_that_is_minded_when_the_server_does_not_name_it() {
        Answer minds = (exchange, request) -> (request.body().contains("\"n\":5}")
                        ? problem(413, "{\"detail\":\"an event is too large\"}")
                        : STORED)
                .to(exchange, request);
        try (FakeServer server = FakeServer.answering(minds, minds, minds, minds, minds, minds, minds)) {
            CommandRun run = CommandRun.withInput(events(8)).run("publish", "--url", server.url());

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.errLines())
                    .containsExactly(
                            "observer: line 5 was refused: an event is too large",
                            "published 7 events",
                            "1 event refused");
        }
    }

    @Test
    void says_what_was_wrong_with_the_one_event() {
        String refusal = """
                {"detail":"the event is wrong","errors":[{"line":1,"field":"event","detail":"'hello' is reserved"}]}""";
        try (FakeServer server = FakeServer.answering(problem(400, refusal))) {
            CommandRun run = CommandRun.observer("publish", "--event", "hello", "--url", server.url());

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.errLines())
                    .containsExactly(
                            "observer: the event was refused: event 'hello' is reserved",
                            "published 0 events",
                            "1 event refused");
        }
    }

    @Test
    void does_not_even_keep_a_line_that_no_server_would_take() {
        String input = "{\"event\":\"a\"}\n{\"event\":\"" + "x".repeat(2 << 20) + "\"}\n{\"event\":\"c\"}\n";
        try (FakeServer server = FakeServer.answering(STORED, STORED)) {
            CommandRun run = CommandRun.withInput(input).run("publish", "--url", server.url());

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err())
                    .contains("line 2 was refused: it is longer than 1 MiB")
                    .contains("published 2 events");
        }
    }

    @Test
    void stops_at_once_when_the_server_refuses_it_altogether() {
        try (FakeServer server = FakeServer.answering(problem(421, "{\"detail\":\"Host 'x' is not allowed\"}"))) {
            CommandRun run = CommandRun.withInput(events(2)).run("publish", "--url", server.url());

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.errLines())
                    .containsExactly(
                            "observer: Host 'x' is not allowed", "published 0 events", "2 events could not be sent");
        }
    }

    @Test
    void says_when_the_url_is_somebody_else() {
        try (FakeServer server = FakeServer.answering(with(400, "text/html", "<html>"))) {
            CommandRun run = CommandRun.withInput(events(2)).run("publish", "--url", server.url());

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err()).contains("is the URL right?").contains("2 events could not be sent");
        }
    }

    @Test
    void sends_what_it_read_before_its_input_broke_and_ends_with_1() {
        InputStream broken = new InputStream() {

            private final InputStream begin = new ByteArrayInputStream(events(2).getBytes(StandardCharsets.UTF_8));

            @Override
            public int read() throws IOException {
                int next = begin.read();
                if (next < 0) {
                    throw new IOException("Input/output error");
                }
                return next;
            }
        };
        try (FakeServer server = FakeServer.answering(STORED, STORED)) {
            CommandRun run = CommandRun.withInput(broken).run("publish", "--url", server.url());

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.errLines())
                    .contains("observer: cannot read standard input: Input/output error", "published 2 events");
        }
    }

    @Test
    void is_fine_with_nothing_to_publish() {
        CommandRun run = CommandRun.withInput("\n \n").run("publish", "--url", "http://127.0.0.1:1");

        assertThat(run.exitCode()).isZero();
        assertThat(run.errLines()).containsExactly("published 0 events");
    }

    private static String events(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(n -> "{\"event\":\"e\",\"n\":" + n + "}\n")
                .collect(Collectors.joining());
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }
}
