package io.observer.web.cli;

import static io.observer.web.cli.FakeServer.json;
import static io.observer.web.cli.FakeServer.problem;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("observer history")
class HistoryCommandTest {

    @Test
    void prints_a_page_for_people() {
        String page = """
                {"events":[{"id":1,"job_id":"b","event":"job.started","data":{"n":1},"timestamp":1.0}],
                 "cursor":"k3f9x2-1","has_more":false,"first_id":1,"last_id":1,"gap":null}""";
        try (FakeServer server = FakeServer.answering(json(200, page))) {
            CommandRun run = CommandRun.observer("history", "--url", server.url());

            assertThat(run.exitCode()).isZero();
            assertThat(run.out()).matches("\\d\\d:\\d\\d:01\\.000 b job\\.started \\{\"n\":1}\n");
            assertThat(run.err()).isEmpty();
            assertThat(server.request(0).target()).isEqualTo("/v1/events?limit=100");
        }
    }

    @Test
    void asks_for_what_was_asked_for() {
        try (FakeServer server = FakeServer.answering(json(200, page(1, 0, false)))) {
            CommandRun.observer(
                    "history",
                    "--job",
                    "build-7",
                    "--filter",
                    "job.*,a?",
                    "--since",
                    "k3f9x2-7",
                    "--limit",
                    "5",
                    "--url",
                    server.url());

            assertThat(server.request(0).target())
                    .isEqualTo("/v1/jobs/build-7/events?since=k3f9x2-7&limit=5&event=job.*%2Ca%3F");
        }
    }

    @Test
    void goes_through_pages_until_it_has_enough_and_says_how_to_go_on() {
        try (FakeServer server = FakeServer.answering(
                json(200, page(1, 1000, true)), json(200, page(1001, 1000, true)), json(200, page(2001, 500, true)))) {
            CommandRun run = CommandRun.observer("history", "--limit", "2500", "--json", "--url", server.url());

            assertThat(run.exitCode()).isZero();
            assertThat(run.outLines()).hasSize(2500).startsWith("{\"id\":1}").endsWith("{\"id\":2500}");
            assertThat(run.errLines()).containsExactly("observer: there is more; go on with --since k3f9x2-2500");
            assertThat(server.requests())
                    .extracting(FakeServer.Request::target)
                    .containsExactly(
                            "/v1/events?limit=1000",
                            "/v1/events?since=k3f9x2-1000&limit=1000",
                            "/v1/events?since=k3f9x2-2000&limit=500");
        }
    }

    @Test
    void ends_with_the_log() {
        try (FakeServer server =
                FakeServer.answering(json(200, page(1, 1000, true)), json(200, page(1001, 3, false)))) {
            CommandRun run = CommandRun.observer("history", "--limit", "100000", "--json", "--url", server.url());

            assertThat(run.outLines()).hasSize(1003);
            assertThat(run.err()).isEmpty();
        }
    }

    @Test
    void does_not_turn_in_circles_on_a_page_that_leads_nowhere() {
        String stuck = page(1, 0, true);
        try (FakeServer server = FakeServer.answering(json(200, stuck), json(200, stuck))) {
            CommandRun run = CommandRun.observer("history", "--url", server.url());

            assertThat(run.exitCode()).isZero();
            assertThat(server.requests()).hasSize(2);
        }
    }

    @Test
    void says_a_gap_on_standard_error() {
        String page = """
                {"events":[{"id":9}],"cursor":"k3f9x2-9","has_more":false,"first_id":9,"last_id":9,
                 "gap":{"reason":"evicted","from":3,"to":8,"dropped":6}}""";
        try (FakeServer server = FakeServer.answering(json(200, page))) {
            CommandRun run = CommandRun.observer("history", "--since", "2", "--json", "--url", server.url());

            assertThat(run.outLines()).containsExactly("{\"id\":9}");
            assertThat(run.errLines())
                    .containsExactly(
                            "observer: gap: 6 events (ids 3 to 8) passed over, because the log no longer keeps them");
        }
    }

    @Test
    void ends_with_1_for_a_job_that_was_never_seen() {
        String unknown = "{\"status\":404,\"detail\":\"no job 'nope' was ever seen\"}";
        try (FakeServer server = FakeServer.answering(problem(404, unknown))) {
            CommandRun run = CommandRun.observer("history", "--job", "nope", "--url", server.url());

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.errLines()).containsExactly("observer: no job 'nope' was ever seen");
        }
    }

    private static String page(int first, int count, boolean more) {
        String events = IntStream.range(first, first + count)
                .mapToObj(id -> "{\"id\":" + id + "}")
                .collect(Collectors.joining(","));
        return "{\"events\":[" + events + "],\"cursor\":\"k3f9x2-" + (first + count - 1) + "\",\"has_more\":" + more
                + ",\"gap\":null}";
    }
}
