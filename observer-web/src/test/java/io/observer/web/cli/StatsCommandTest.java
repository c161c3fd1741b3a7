package io.observer.web.cli;

import static io.observer.web.cli.FakeServer.json;
import static io.observer.web.cli.FakeServer.problem;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("observer stats")
class StatsCommandTest {

    private static final String STATS = """
            {"total":3,"successes":2,"failures":1,"by_source":{"scenario":1,"mcp":2},\
            "recent_scenario_ops":[{"ts":"2026-11-21T07:00:00Z","ok":false,"staffer":"st-0043","kind":"staffing.fill",\
            "role":"site\\u001b[31m lead"}],"lifetime_total":2500,"lifetime_successes":2263,"lifetime_failures":237,\
            "lifetime_by_source":{"mcp":1578,"scenario":599,"langfuse":323}}""";

    private static final String CLUSTERS = """
            [{"endpoint":"/v1/search","source":"mcp","event_kind":"search.query","count":12,"state":"open",\
            "first":"2026-11-21T06:00:00Z","last":"2026-11-21T06:04:00Z","sample_errors":["timeout"]}]""";

    @Test
    void prints_tables_in_which_nothing_can_take_over_the_terminal() {
        try (FakeServer server = FakeServer.answering(json(200, STATS), json(200, CLUSTERS))) {
            CommandRun run = CommandRun.observer("stats", "--url", server.url());

            assertThat(run.exitCode()).isZero();
            assertThat(run.out()).isEqualTo("""
                    OPERATIONS  TOTAL    OK  FAILED
                    newest          3     2       1
                    ever         2500  2263     237

                    SOURCE    NEWEST  EVER
                    langfuse       0   323
                    mcp            2  1578
                    scenario       1   599

                    SCENARIO              RESULT  STAFFER  KIND           ROLE
                    2026-11-21T07:00:00Z  failed  st-0043  staffing.fill  site\\u001b[31m lead

                    CLUSTER  FAILURES  FIRST                 LAST                  ENDPOINT    SOURCE  KIND
                    open           12  2026-11-21T06:00:00Z  2026-11-21T06:04:00Z  /v1/search  mcp     search.query
                    """);
            assertThat(server.requests())
                    .extracting(FakeServer.Request::target)
                    .containsExactly("/v1/observer/stats", "/v1/observer/clusters");
        }
    }

    @Test
    void leaves_out_tables_without_rows() {
        String nothing = """
                {"total":0,"successes":0,"failures":0,"by_source":{},"recent_scenario_ops":[],"lifetime_total":0,\
                "lifetime_successes":0,"lifetime_failures":0,"lifetime_by_source":{}}""";
        try (FakeServer server = FakeServer.answering(json(200, nothing), json(200, "[]"))) {
            assertThat(CommandRun.observer("stats", "--url", server.url()).out())
                    .isEqualTo("""
                    OPERATIONS  TOTAL  OK  FAILED
                    newest          0   0       0
                    ever            0   0       0
                    """);
        }
    }

    @Test
    void prints_one_object_as_it_came_with_json() {
        try (FakeServer server = FakeServer.answering(json(200, STATS), json(200, CLUSTERS))) {
            CommandRun run = CommandRun.observer("stats", "--json", "--url", server.url());

            assertThat(run.outLines())
                    .containsExactly(STATS.substring(0, STATS.length() - 1) + ",\"clusters\":" + CLUSTERS + "}");
        }
    }

    @Test
    void ends_with_1_and_the_servers_words_when_it_is_refused() {
        try (FakeServer server = FakeServer.answering(problem(421, "{\"detail\":\"Host 'x' is not allowed\"}"))) {
            CommandRun run = CommandRun.observer("stats", "--url", server.url());

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.errLines()).containsExactly("observer: Host 'x' is not allowed");
        }
    }

    @Test
    void says_when_the_url_is_somebody_else() {
        try (FakeServer server = FakeServer.answering(json(200, "[1]"), json(200, "{}"))) {
            CommandRun run = CommandRun.observer("stats", "--url", server.url());

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.errLines()).singleElement().asString().endsWith("is the URL right?");
        }
    }
}
