package io.observer.e2e.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.HttpAnswer;
import io.observer.e2e.kit.HttpApi;
import io.observer.e2e.kit.ObserverServer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * The log these tests read has twelve events and is never written to again:
 *
 * <pre>
 *  1 build-7  job.started              7 build-7  observer.file_modified
 *  2 build-7  observer.file_created    8 deploy-1 observer.file_created
 *  3 deploy-1 job.started              9          monitor.anomaly
 *  4 build-7  observer.file_modified  10 deploy-1 job.failed
 *  5          monitor.anomaly         11 build-7  log.line
 *  6 deploy-1 log.line                12 build-7  job.completed
 * </pre>
 */
@DisplayName("A page shows the log from a cursor on")
class PagesIT {

    private static ObserverServer server;
    private static HttpApi api;
    private static String epoch;

    @BeforeAll
    static void start() {
        server = ObserverServer.start();
        api = new HttpApi(server);
        epoch = api.json("/health").get("epoch").stringValue();
        assertEmptyLogSaysSo();
        api.publishLines("""
                {"job_id":"build-7","event":"job.started"}
                {"job_id":"build-7","event":"observer.file_created","data":{"path":"a"}}
                {"job_id":"deploy-1","event":"job.started"}
                {"job_id":"build-7","event":"observer.file_modified","data":{"path":"a"}}
                {"event":"monitor.anomaly"}
                {"job_id":"deploy-1","event":"log.line","data":{"line":"x"}}
                {"job_id":"build-7","event":"observer.file_modified","data":{"path":"b"}}
                {"job_id":"deploy-1","event":"observer.file_created","data":{"path":"c"}}
                {"event":"monitor.anomaly"}
                {"job_id":"deploy-1","event":"job.failed"}
                {"job_id":"build-7","event":"log.line","data":{"line":"y"}}
                {"job_id":"build-7","event":"job.completed"}
                """);
    }

    /** Asked before the first event came, because an empty log is never empty again. */
    private static void assertEmptyLogSaysSo() {
        HttpAnswer answer = api.get("/v1/events");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.compactText()).isEqualTo("""
                {"events":[],"cursor":"%s-0","has_more":false,"first_id":null,"last_id":null,"gap":null}""".formatted(epoch));
        assertThat(api.get("/v1/jobs").compactText()).isEqualTo("[]");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void a_page_has_events_a_cursor_and_the_bounds_of_the_whole_log() {
        JsonNode page = api.page("since=3&limit=2");

        assertThat(page.propertyNames()).containsExactly("events", "cursor", "has_more", "first_id", "last_id", "gap");
        assertThat(ids(page)).containsExactly(4L, 5L);
        assertThat(page.get("cursor").stringValue()).isEqualTo(epoch + "-5");
        assertThat(page.get("has_more").booleanValue()).isTrue();
        assertThat(page.get("first_id").longValue()).isEqualTo(1);
        assertThat(page.get("last_id").longValue()).isEqualTo(12);
        assertThat(page.get("gap").isNull()).isTrue();
    }

    @ParameterizedTest(name = "since={0}")
    @ValueSource(strings = {"0", "earliest", "EPOCH-0"})
    void a_page_from_the_start_has_everything_oldest_first(String since) {
        JsonNode page = api.page("since=" + since.replace("EPOCH", epoch));

        assertThat(ids(page)).containsExactlyElementsOf(everything());
        assertThat(page.get("has_more").booleanValue()).isFalse();
        assertThat(page.get("gap").isNull()).isTrue();
    }

    @Test
    void a_page_without_since_begins_with_the_oldest() {
        assertThat(ids(api.page(""))).containsExactlyElementsOf(everything());
        assertThat(ids(api.page("limit=2"))).containsExactly(1L, 2L);
    }

    @ParameterizedTest(name = "since={0}")
    @ValueSource(strings = {"9", "EPOCH-9"})
    void since_means_strictly_after_as_a_cursor_and_as_a_bare_id(String since) {
        assertThat(ids(api.page("since=" + since.replace("EPOCH", epoch)))).containsExactly(10L, 11L, 12L);
    }

    @Test
    void after_the_newest_there_is_nothing_yet() {
        JsonNode page = api.page("since=12");

        assertThat(ids(page)).isEmpty();
        assertThat(page.get("cursor").stringValue()).isEqualTo(epoch + "-12");
        assertThat(page.get("has_more").booleanValue()).isFalse();
        assertThat(page.get("gap").isNull()).isTrue();
    }

    @ParameterizedTest(name = "limit={0}")
    @ValueSource(ints = {1, 2, 3, 5, 11, 12, 13, 1000})
    void the_cursor_of_a_page_leads_to_the_next_one_until_there_is_no_more(int limit) {
        assertThat(walk("limit=" + limit)).containsExactlyElementsOf(everything());
    }

    @Test
    void a_page_of_nothing_tells_what_is_there_and_moves_nobody_on() {
        JsonNode page = api.page("since=4&limit=0");

        assertThat(ids(page)).isEmpty();
        assertThat(page.get("first_id").longValue()).isEqualTo(1);
        assertThat(page.get("last_id").longValue()).isEqualTo(12);
        assertThat(page.get("has_more").booleanValue()).isTrue();
        assertThat(page.get("cursor").stringValue()).isEqualTo(epoch + "-4");
        assertThat(api.page("since=12&limit=0").get("has_more").booleanValue()).isFalse();
    }

    @ParameterizedTest(name = "event={0} shows {1}")
    @CsvSource(delimiter = '|', textBlock = """
            job.started             | 1 3
            job.*                   | 1 3 10 12
            *                       | 1 2 3 4 5 6 7 8 9 10 11 12
            *.file_*                | 2 4 7 8
            observer.file_?odified  | 4 7
            job.?                   | ''
            *.started,*.failed      | 1 3 10
            log.line,monitor.*      | 5 6 9 11
            JOB.*                   | ''
            job                     | ''
            jobxstarted             | ''
            *started*               | 1 3
            **                      | 1 2 3 4 5 6 7 8 9 10 11 12
            ?*                      | 1 2 3 4 5 6 7 8 9 10 11 12
            never.published         | ''
            """)
    void event_globs_choose_by_name(String globs, String expected) {
        List<Long> wanted = expected.isEmpty()
                ? List.of()
                : List.of(expected.split(" ")).stream().map(Long::valueOf).toList();

        assertThat(ids(api.page("event=" + globs))).isEqualTo(wanted);
        assertThat(walk("limit=1&event=" + globs)).isEqualTo(wanted);
        assertThat(walk("limit=2&event=" + globs)).isEqualTo(wanted);
    }

    @Test
    void the_cursor_covers_what_the_filter_left_out() {
        JsonNode page = api.page("event=observer.file_created&since=2");

        assertThat(ids(page)).containsExactly(8L);
        assertThat(page.get("has_more").booleanValue()).isFalse();
        assertThat(page.get("cursor").stringValue()).isEqualTo(epoch + "-12");
        assertThat(page.get("first_id").longValue()).isEqualTo(1);
        assertThat(page.get("last_id").longValue()).isEqualTo(12);
    }

    @Test
    void a_filtered_page_that_is_full_says_whether_more_events_match() {
        assertThat(api.page("event=job.started&limit=1").get("has_more").booleanValue())
                .isTrue();
        assertThat(api.page("event=job.started&limit=2").get("has_more").booleanValue())
                .isFalse();
    }

    @Test
    void one_job_has_pages_of_its_own() {
        assertThat(ids(api.json("/v1/jobs/build-7/events"))).containsExactly(1L, 2L, 4L, 7L, 11L, 12L);
        assertThat(ids(api.json("/v1/jobs/deploy-1/events"))).containsExactly(3L, 6L, 8L, 10L);
        assertThat(ids(api.json("/v1/jobs/build-7/events?since=4&limit=2"))).containsExactly(7L, 11L);
        assertThat(ids(api.json("/v1/jobs/build-7/events?event=job.*"))).containsExactly(1L, 12L);
        assertThat(api.json("/v1/jobs/build-7/events?limit=1").propertyNames())
                .containsExactly("events", "cursor", "has_more", "first_id", "last_id", "gap");
    }

    @Test
    void the_pages_of_one_job_are_those_of_the_log_with_a_job_chosen() {
        for (String query : List.of("", "since=3", "limit=2", "limit=0", "event=observer.*&since=2", "since=12")) {
            String chosen = query.isEmpty() ? "" : "&" + query;
            assertThat(api.get("/v1/jobs/build-7/events?" + query).compactText())
                    .as(query)
                    .isEqualTo(api.get("/v1/events?job=build-7" + chosen).compactText());
        }
    }

    @Test
    void a_job_never_seen_has_no_page() {
        Problems.assertProblem(api.get("/v1/jobs/never-seen/events"), 404);
        Problems.assertProblem(api.get("/v1/jobs/BUILD-7/events"), 404);

        assertThat(ids(api.page("job=never-seen"))).isEmpty();
    }

    @Test
    void a_cursor_of_another_life_of_the_log_is_answered_with_a_gap_and_everything() {
        JsonNode page = api.page("since=another1life-9");

        assertGap(page, "epoch");
        assertThat(ids(page)).containsExactlyElementsOf(everything());
        assertThat(page.get("cursor").stringValue()).isEqualTo(epoch + "-12");
    }

    @ParameterizedTest(name = "since={0}")
    @ValueSource(strings = {"13", "EPOCH-13", "999999999", "EPOCH-9223372036854775807"})
    void a_cursor_ahead_of_the_log_is_answered_with_a_gap_and_everything(String since) {
        JsonNode page = api.page("since=" + since.replace("EPOCH", epoch));

        assertGap(page, "unknown");
        assertThat(ids(page)).containsExactlyElementsOf(everything());
        assertThat(page.get("cursor").stringValue()).isEqualTo(epoch + "-12");
    }

    private static void assertGap(JsonNode page, String reason) {
        assertThat(page.get("gap").propertyNames()).containsExactlyInAnyOrder("reason", "from", "to", "dropped");
        assertThat(page.get("gap").get("reason").stringValue()).isEqualTo(reason);
    }

    /** Goes from page to page as a reader does, at most so often that a cursor which stands still is found out. */
    private static List<Long> walk(String query) {
        List<Long> seen = new ArrayList<>();
        String since = "0";
        for (int pages = 0; pages <= 13; pages++) {
            JsonNode page = api.page(query + "&since=" + since);
            seen.addAll(ids(page));
            since = page.get("cursor").stringValue();
            if (!page.get("has_more").booleanValue()) {
                return seen;
            }
        }
        throw new AssertionError("there was always more: " + query + " came to " + since + " with " + seen);
    }

    private static List<Long> everything() {
        return LongStream.rangeClosed(1, 12).boxed().toList();
    }

    private static List<Long> ids(JsonNode page) {
        return page.get("events")
                .valueStream()
                .map(event -> event.get("id").longValue())
                .toList();
    }
}
