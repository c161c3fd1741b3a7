package io.observer.e2e.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.HttpApi;
import io.observer.e2e.kit.ObserverServer;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

@DisplayName("Jobs are what the log says of them")
class JobsIT {

    private static ObserverServer server;
    private static HttpApi api;

    @BeforeAll
    static void start() {
        server = ObserverServer.start();
        api = new HttpApi(server);
        assertThat(api.get("/v1/jobs").compactText())
                .as("before the first event")
                .isEqualTo("[]");
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @Test
    void a_job_tells_its_state_and_its_first_and_last_event() {
        api.publish("{\"job_id\":\"build-7\",\"event\":\"job.started\",\"timestamp\":1732152419.25}");
        api.publish("{\"job_id\":\"other\",\"event\":\"job.started\"}");
        long last = api.publish("{\"job_id\":\"build-7\",\"event\":\"log.line\",\"timestamp\":1732152400.5}")
                .get("id")
                .longValue();

        JsonNode job = api.json("/v1/jobs/build-7");

        assertThat(job.propertyNames())
                .containsExactlyInAnyOrder(
                        "job_id",
                        "state",
                        "events",
                        "first_timestamp",
                        "last_timestamp",
                        "last_event",
                        "last_id",
                        "recording",
                        "workspace");
        assertThat(job.get("job_id").stringValue()).isEqualTo("build-7");
        assertThat(job.get("state").stringValue()).isEqualTo("running");
        assertThat(job.get("events").longValue()).isEqualTo(2);
        assertThat(job.get("first_timestamp").doubleValue()).isEqualTo(1732152419.25);
        assertThat(job.get("last_timestamp").doubleValue()).isEqualTo(1732152400.5);
        assertThat(job.get("last_event").stringValue()).isEqualTo("log.line");
        assertThat(job.get("last_id").longValue()).isEqualTo(last);
        assertThat(job.get("recording").booleanValue()).isFalse();
        assertThat(job.get("workspace").isNull()).isTrue();
    }

    @ParameterizedTest(name = "after {0} a job is {1}")
    @CsvSource(delimiter = '|', textBlock = """
            log.line                                          | unknown
            sheet.started                                     | unknown
            job.started                                       | running
            job.started log.line sheet.completed              | running
            job.resuming                                      | running
            job.started job.completed                         | completed
            job.started job.failed                            | failed
            job.started job.cancelled                         | cancelled
            job.completed log.line observer.process_exited    | completed
            job.started job.failed job.resuming               | running
            job.started job.completed job.started             | running
            job.failed job.resuming job.completed             | completed
            job.completed job.failed                          | failed
            """)
    void the_newest_job_event_is_the_state(String events, String state) {
        String job = "state-" + events.replace(' ', '-');
        for (String event : events.split(" ")) {
            api.publish("{\"job_id\":\"%s\",\"event\":\"%s\"}".formatted(job, event));
        }

        assertThat(api.json("/v1/jobs/" + job).get("state").stringValue()).isEqualTo(state);
    }

    @Test
    void the_state_follows_the_log_and_not_the_timestamps() {
        api.publish("{\"job_id\":\"clocks\",\"event\":\"job.completed\",\"timestamp\":4102444800}");
        api.publish("{\"job_id\":\"clocks\",\"event\":\"job.started\",\"timestamp\":0}");

        assertThat(api.json("/v1/jobs/clocks").get("state").stringValue()).isEqualTo("running");
    }

    @Test
    void the_most_recently_active_job_comes_first() {
        api.publishLines("""
                {"job_id":"order-a","event":"job.started","timestamp":3}
                {"job_id":"order-b","event":"job.started","timestamp":2}
                {"job_id":"order-c","event":"job.started","timestamp":1}
                {"job_id":"order-a","event":"log.line","timestamp":0}
                {"event":"monitor.anomaly"}
                """);

        assertThat(jobNames().subList(0, 3)).containsExactly("order-a", "order-c", "order-b");

        api.publish("{\"job_id\":\"order-b\",\"event\":\"log.line\",\"timestamp\":0}");
        assertThat(jobNames().subList(0, 3)).containsExactly("order-b", "order-a", "order-c");
    }

    @Test
    void the_list_and_the_single_job_say_the_same() {
        api.publish("{\"job_id\":\"same\",\"event\":\"job.started\"}");

        JsonNode inList = api.json("/v1/jobs").get(0);

        assertThat(inList).hasToString(api.json("/v1/jobs/same").toString());
    }

    @Test
    void what_concerns_no_job_makes_no_job() {
        api.publish("{\"event\":\"job.started\"}");
        api.publish("{\"job_id\":\"\",\"event\":\"job.failed\"}");

        assertThat(jobNames()).doesNotContain("");
    }

    @Test
    void a_job_never_seen_is_not_found() {
        Problems.assertProblem(api.get("/v1/jobs/never-seen"), 404);

        assertThat(jobNames()).doesNotContain("never-seen");
    }

    @Test
    void a_name_with_a_dot_is_a_name_and_no_file() {
        api.publish("{\"job_id\":\"release.v1.json\",\"event\":\"job.started\"}");

        assertThat(api.json("/v1/jobs/release.v1.json").get("job_id").stringValue())
                .isEqualTo("release.v1.json");
        assertThat(api.json("/v1/jobs/release%2Ev1%2ejson").get("job_id").stringValue())
                .isEqualTo("release.v1.json");
    }

    private static List<String> jobNames() {
        return api.json("/v1/jobs")
                .valueStream()
                .map(job -> job.get("job_id").stringValue())
                .toList();
    }
}
