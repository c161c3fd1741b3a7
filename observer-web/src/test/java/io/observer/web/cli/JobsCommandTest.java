package io.observer.web.cli;

import static io.observer.web.cli.FakeServer.json;
import static io.observer.web.cli.FakeServer.problem;
import static io.observer.web.cli.FakeServer.with;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("observer jobs")
class JobsCommandTest {

    private static final String JOBS = """
            [{"job_id":"build-7","state":"running","events":412,"last_timestamp":1e11,"last_event":"job.started"},
             {"job_id":"web", "state":"completed"}]""";

    @Test
    void prints_a_table() {
        try (FakeServer server = FakeServer.answering(json(200, JOBS))) {
            CommandRun run = CommandRun.observer("jobs", "--url", server.url());

            assertThat(run.exitCode()).isZero();
            assertThat(run.outLines()).element(1).asString().matches("build-7 +running +412 +0s +job.started");
            assertThat(server.request(0).target()).isEqualTo("/v1/jobs");
        }
    }

    @Test
    void prints_each_job_as_it_came_with_json() {
        try (FakeServer server = FakeServer.answering(json(200, JOBS))) {
            CommandRun run = CommandRun.observer("jobs", "--json", "--url", server.url() + "/");

            assertThat(run.outLines())
                    .containsExactly(
                            "{\"job_id\":\"build-7\",\"state\":\"running\",\"events\":412,\"last_timestamp\":1e11,"
                                    + "\"last_event\":\"job.started\"}",
                            "{\"job_id\":\"web\", \"state\":\"completed\"}");
            assertThat(server.request(0).target()).isEqualTo("/v1/jobs");
        }
    }

    @Test
    void finds_a_server_behind_a_path() {
        try (FakeServer server = FakeServer.answering(json(200, "[]"))) {
            CommandRun.observer("jobs", "--url", server.url() + "/observer/");

            assertThat(server.request(0).target()).isEqualTo("/observer/v1/jobs");
        }
    }

    @Test
    void ends_with_3_when_nobody_listens() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }

        CommandRun run = CommandRun.observer("jobs", "--url", "http://127.0.0.1:" + port);

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err())
                .isEqualToNormalizingNewlines("observer: cannot reach the server at http://127.0.0.1:" + port
                        + " (connection refused); start one with 'observer serve' or name another with --url\n");
    }

    @Test
    void ends_with_1_and_the_servers_words_when_it_is_refused() {
        String notAllowed = """
                {"type":"about:blank","title":"Misdirected","status":421,"detail":"Host 'x\u202e' is not allowed"}""";
        try (FakeServer server = FakeServer.answering(problem(421, notAllowed))) {
            CommandRun run = CommandRun.observer("jobs", "--url", server.url());

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.errLines()).containsExactly("observer: Host 'x\\u202e' is not allowed");
        }
    }

    @Test
    void says_when_the_url_is_somebody_else() {
        try (FakeServer server = FakeServer.answering(
                with(200, "text/html", "<html>"), with(404, "text/html", "<html>"), with(302, "text/html", ""))) {
            for (int i = 0; i < 3; i++) {
                CommandRun run = CommandRun.observer("jobs", "--url", server.url());

                assertThat(run.exitCode()).isEqualTo(1);
                assertThat(run.errLines()).singleElement().asString().endsWith("is the URL right?");
            }
        }
    }
}
