package io.observer.web.cli;

import static io.observer.web.cli.FakeServer.json;
import static io.observer.web.cli.FakeServer.nothingLeft;
import static io.observer.web.cli.FakeServer.problem;
import static io.observer.web.cli.FakeServer.stream;
import static io.observer.web.cli.FakeServer.with;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("observer tail")
@Timeout(60)
class TailCommandTest {

    private static final String HELLO = """
            retry: 10
            event: hello
            id: k3f9x2-41
            data: {"cursor":"k3f9x2-41","epoch":"k3f9x2","heartbeat_seconds":30,"durability":"none","version":"1"}

            """;

    private static final String STARTED = """
            event: job.started
            id: k3f9x2-42
            data: {"id":42,"job_id":"build","sheet_num":0,"event":"job.started","data":{"n":1.0},"timestamp":1.5}

            """;

    private static final String COMPLETED = """
            event: job.completed
            id: k3f9x2-43
            data: {"id":43,"job_id":"build","sheet_num":0,"event":"job.completed","data":null,"timestamp":2}

            """;

    private static final String FINISHED = """
            event: job_finished
            id: k3f9x2-43
            data: {"job_id":"build","final_status":"%s"}

            """;

    @Test
    void prints_events_as_they_were_on_the_wire_and_nothing_else_with_json() {
        String control = """
                event: caught_up
                id: k3f9x2-41
                data: {"cursor":"k3f9x2-41"}

                event: heartbeat
                id: k3f9x2-43
                data: {"timestamp":1.0,"cursor":"k3f9x2-43","dropped":0}

                """;
        try (FakeServer server = FakeServer.answering(stream(HELLO + STARTED + control + COMPLETED), nothingLeft())) {
            CommandRun run = CommandRun.observer("tail", "--json", "--url", server.url());

            assertThat(run.exitCode()).isZero();
            assertThat(run.outLines()).containsExactly("""
                            {"id":42,"job_id":"build","sheet_num":0,"event":"job.started","data":{"n":1.0},"timestamp":1.5}""", """
                            {"id":43,"job_id":"build","sheet_num":0,"event":"job.completed","data":null,"timestamp":2}""");
        }
    }

    @Test
    void prints_events_for_people() {
        try (FakeServer server = FakeServer.answering(stream(HELLO + STARTED + COMPLETED), nothingLeft())) {
            CommandRun run = CommandRun.observer("tail", "--url", server.url());

            assertThat(run.out())
                    .matches("\\d\\d:\\d\\d:01\\.500 build job\\.started \\{\"n\":1\\.0}\n"
                            + "\\d\\d:\\d\\d:02\\.000 build job\\.completed\n");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            tail                                        | /v1/events/stream
            tail --last 5                               | /v1/events/stream?last=5
            tail --since earliest --filter job.*,x?     | /v1/events/stream?event=job.*%2Cx%3F&since=earliest
            tail --job build                            | /v1/jobs/build/events/stream?follow=true
            tail --job build --last 0 --filter a        | /v1/jobs/build/events/stream?follow=true&event=a&last=0
            """)
    void asks_for_what_was_asked_for(String line, String target) {
        try (FakeServer server = FakeServer.answering(nothingLeft())) {
            CommandRun run = CommandRun.observer((line + " --url " + server.url()).split(" +"));

            assertThat(run.exitCode()).isZero();
            assertThat(server.request(0).target()).isEqualTo(target);
        }
    }

    @Test
    void goes_on_after_the_last_event_when_the_connection_is_lost() {
        try (FakeServer server = FakeServer.answering(
                problem(503, "{}"),
                stream(HELLO + STARTED + "event: job.compl"),
                stream(HELLO + COMPLETED),
                nothingLeft())) {
            CommandRun run = CommandRun.observer("tail", "--json", "--last", "1", "--url", server.url());

            assertThat(run.outLines()).hasSize(2);
            assertThat(server.requests())
                    .extracting(FakeServer.Request::lastEventId)
                    .containsExactly("", "", "k3f9x2-42", "k3f9x2-43");
            assertThat(run.errLines().get(0)).contains(" answered 503").endsWith("; trying again for 30 s");
            assertThat(run.errLines().subList(1, 4))
                    .containsExactly(
                            "observer: connected again",
                            "observer: the server closed the stream; trying again for 30 s",
                            "observer: connected again");
        }
    }

    @Test
    void goes_on_from_where_a_quiet_stream_was() {
        String heartbeat = """
                event: heartbeat
                id: k3f9x2-99
                data: {"timestamp":1.0,"cursor":"k3f9x2-99","dropped":0}

                """;
        try (FakeServer server = FakeServer.answering(stream(HELLO + heartbeat), nothingLeft())) {
            CommandRun.observer("tail", "--filter", "job.*", "--url", server.url());

            assertThat(server.request(1).lastEventId()).isEqualTo("k3f9x2-99");
        }
    }

    @Test
    void connects_again_after_a_shutdown_and_while_the_server_is_full() {
        String stopped = "event: bridge_stopped\ndata: {}\n\n";
        String busy = "retry: 20\nevent: busy\ndata: {}\n\n";
        try (FakeServer server = FakeServer.answering(
                stream(HELLO + stopped), stream(busy), stream(busy), stream(HELLO), nothingLeft())) {
            CommandRun run = CommandRun.observer("tail", "--retry-for", "5s", "--url", server.url());

            assertThat(run.exitCode()).isZero();
            assertThat(run.err())
                    .contains("the server is shutting down; trying again for 5 s")
                    .contains("the server has no room for another stream; trying again for 5 s");
            assertThat(server.requests()).hasSize(5);
        }
    }

    @Test
    void connects_again_when_the_heartbeat_stays_away() {
        try (FakeServer server = FakeServer.answering()) {
            server.then(server.silentAfter(HELLO.replace("\"heartbeat_seconds\":30", "\"heartbeat_seconds\":0.1")));
            server.then(nothingLeft());
            CommandRun run = CommandRun.observer("tail", "--url", server.url());

            assertThat(run.exitCode()).isZero();
            assertThat(run.err()).contains("the stream was silent for 250 ms");
            assertThat(server.request(1).lastEventId()).isEqualTo("k3f9x2-41");
        }
    }

    @Test
    void says_gaps_and_sources_on_standard_error() {
        String frames = """
                event: gap
                id: k3f9x2-99
                data: {"reason":"slow","from":50,"to":99,"dropped":50}

                event: source_disconnected
                data: {"source":"daemon","retry_in_seconds":5}

                event: source_connected
                data: {"source":"daemon"}

                """;
        try (FakeServer server = FakeServer.answering(stream(HELLO + frames), nothingLeft())) {
            CommandRun run = CommandRun.observer("tail", "--json", "--url", server.url());

            assertThat(run.out()).isEmpty();
            assertThat(run.errLines())
                    .startsWith(
                            "observer: gap: 50 events (ids 50 to 99) passed over, because this reader was too slow",
                            "observer: the source daemon went away",
                            "observer: the source daemon is connected again");
            assertThat(server.request(1).lastEventId()).isEqualTo("k3f9x2-99");
        }
    }

    @ParameterizedTest
    @CsvSource({"completed,0", "failed,1", "cancelled,1"})
    void ends_with_the_job_and_its_result(String finalStatus, int exitCode) {
        try (FakeServer server = FakeServer.answering()) {
            server.then(server.silentAfter(HELLO + STARTED + FINISHED.formatted(finalStatus) + COMPLETED));
            CommandRun run = CommandRun.observer("tail", "--job", "build", "--until-finished", "--url", server.url());

            assertThat(run.exitCode()).isEqualTo(exitCode);
            assertThat(run.outLines()).hasSize(1);
            assertThat(server.requests()).hasSize(1);
            assertThat(server.request(0).target()).isEqualTo("/v1/jobs/build/events/stream");
        }
    }

    @ParameterizedTest
    @CsvSource({"completed,0", "failed,1"})
    void asks_how_the_job_ended_when_the_connection_was_lost_just_before_that_was_said(String state, int exitCode) {
        try (FakeServer server = FakeServer.answering(
                stream(HELLO + STARTED),
                nothingLeft(),
                json(200, "{\"job_id\":\"build\",\"state\":\"" + state + "\"}"))) {
            CommandRun run = CommandRun.observer("tail", "--job", "build", "--until-finished", "--url", server.url());

            assertThat(run.exitCode()).isEqualTo(exitCode);
            assertThat(server.request(2).target()).isEqualTo("/v1/jobs/build");
        }
    }

    @Test
    void asks_again_how_the_job_ended_when_the_server_is_away_just_then() {
        try (FakeServer server = FakeServer.answering(
                stream(HELLO + STARTED),
                nothingLeft(),
                json(503, "{\"detail\":\"starting\"}"),
                json(200, "{\"job_id\":\"build\",\"state\":\"completed\"}"))) {
            CommandRun run = CommandRun.observer("tail", "--job", "build", "--until-finished", "--url", server.url());

            assertThat(run.exitCode()).isZero();
            assertThat(server.request(3).target()).isEqualTo("/v1/jobs/build");
        }
    }

    @Test
    void does_not_end_with_the_job_unless_asked_to() {
        try (FakeServer server =
                FakeServer.answering(stream(HELLO + FINISHED.formatted("failed") + STARTED), nothingLeft())) {
            CommandRun run = CommandRun.observer("tail", "--job", "build", "--url", server.url());

            assertThat(run.exitCode()).isZero();
            assertThat(run.outLines()).hasSize(1);
        }
    }

    @Test
    void ends_with_3_when_the_server_stays_away() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }

        CommandRun run = CommandRun.observer("tail", "--retry-for", "100ms", "--url", "http://127.0.0.1:" + port);

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.errLines()).hasSize(2);
        assertThat(run.errLines().get(1)).contains("(connection refused)").contains("observer serve");
    }

    @Test
    void ends_with_1_and_the_servers_words_when_it_is_refused() {
        String bad = "{\"status\":400,\"detail\":\"'event' takes at most 16 globs\"}";
        try (FakeServer server = FakeServer.answering(problem(400, bad))) {
            CommandRun run = CommandRun.observer("tail", "--filter", "*", "--url", server.url());

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.errLines()).containsExactly("observer: 'event' takes at most 16 globs");
        }
    }

    @Test
    void says_when_the_url_is_somebody_else() {
        try (FakeServer server = FakeServer.answering(with(200, "text/html", "<html>"))) {
            CommandRun run = CommandRun.observer("tail", "--url", server.url());

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err()).contains("is the URL right?");
        }
    }

    @Test
    void ends_quietly_when_the_reader_of_a_pipe_has_seen_enough() {
        try (FakeServer server = FakeServer.answering(stream(HELLO + STARTED))) {
            ByteArrayOutputStream err = new ByteArrayOutputStream();

            int exitCode = tailInto(failing("Broken pipe"), err, server);

            assertThat(exitCode).isZero();
            assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
        }
    }

    @Test
    void ends_with_1_when_its_output_cannot_be_written() {
        try (FakeServer server = FakeServer.answering(stream(HELLO + STARTED))) {
            ByteArrayOutputStream err = new ByteArrayOutputStream();

            int exitCode = tailInto(failing("No space left on device"), err, server);

            assertThat(exitCode).isEqualTo(1);
            assertThat(err.toString(StandardCharsets.UTF_8))
                    .contains("cannot write to standard output: No space left on device");
        }
    }

    private static int tailInto(OutputStream out, OutputStream err, FakeServer server) {
        Console console = new Console(InputStream.nullInputStream(), out, err, false);
        return ObserverCommand.execute(console, Map.of(), "tail", "--url", server.url());
    }

    private static OutputStream failing(String reason) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(reason);
            }
        };
    }
}
