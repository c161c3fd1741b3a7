package io.observer.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.event.Event;
import io.observer.log.JobTrace;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the directory makes of the events it is shown. */
class JobDirectoryTest {

    private final JobDirectory directory = new JobDirectory(20);
    private long lastId;

    @ParameterizedTest
    @CsvSource({
        "job.started, running",
        "job.resuming, running",
        "job.completed, completed",
        "job.failed, failed",
        "job.cancelled, cancelled",
        "job.progress, unknown",
        "job.started.late, unknown",
        "jobs.started, unknown",
        "sheet.completed, unknown"
    })
    void a_job_stands_as_its_event_says(String event, String state) {
        hear("build-7", event);

        assertThat(directory.find("build-7").orElseThrow().state().wireName()).isEqualTo(state);
    }

    @Test
    void the_newest_event_that_tells_a_state_counts() {
        hear("build-7", "job.started");
        assertState("build-7", JobState.RUNNING);
        hear("build-7", "job.failed");
        assertState("build-7", JobState.FAILED);
        hear("build-7", "job.resuming");
        assertState("build-7", JobState.RUNNING);
        hear("build-7", "job.completed");
        assertState("build-7", JobState.COMPLETED);
    }

    @Test
    void other_events_leave_the_state() {
        hear("build-7", "job.completed", "log.line", "job.progress", "sheet.started");

        assertState("build-7", JobState.COMPLETED);
    }

    @Test
    void jobs_do_not_touch_each_other() {
        hear("build-7", "job.started");
        hear("deploy-1", "job.failed");

        assertState("build-7", JobState.RUNNING);
        assertState("deploy-1", JobState.FAILED);
    }

    @Test
    void a_summary_tells_the_first_and_the_newest_event() {
        directory.accept(List.of(
                event(3, "build-7", "job.started", 100.5),
                event(4, "deploy-1", "job.started", 101),
                event(5, "build-7", "job.completed", 90.25),
                event(9, "build-7", "log.line", 80)));

        assertThat(directory.find("build-7"))
                .contains(new JobSummary("build-7", JobState.COMPLETED, 3, 100.5, 80, "log.line", 9, 5));
        assertThat(directory.find("deploy-1"))
                .contains(new JobSummary("deploy-1", JobState.RUNNING, 1, 101, 101, "job.started", 4, 4));
    }

    @Test
    void the_state_id_names_the_event_that_set_the_state() {
        hear("build-7", "log.line");
        assertThat(directory.find("build-7").orElseThrow().stateId()).isZero();

        hear("build-7", "job.completed", "log.line", "job.progress");
        assertThat(directory.find("build-7").orElseThrow().stateId()).isEqualTo(2);

        hear("build-7", "job.started", "job.completed");
        assertThat(directory.find("build-7").orElseThrow().stateId()).isEqualTo(6);
    }

    @Test
    void events_of_no_single_job_make_no_job() {
        hear("", "job.started", "monitor.anomaly");

        assertThat(directory.list()).isEmpty();
        assertThat(directory.find("")).isEmpty();
    }

    @Test
    void a_job_never_heard_of_is_not_there() {
        assertThat(directory.find("build-7")).isEmpty();
        assertThat(directory.list()).isEmpty();
    }

    @Test
    void the_most_recently_active_job_comes_first_whatever_the_timestamps_say() {
        directory.accept(List.of(
                event(1, "build-7", "job.started", 300),
                event(2, "deploy-1", "job.started", 200),
                event(3, "test-3", "job.started", 100),
                event(4, "build-7", "log.line", 50)));

        assertThat(names()).containsExactly("build-7", "test-3", "deploy-1");
    }

    @Test
    void a_full_directory_forgets_the_jobs_that_were_silent_for_longest() {
        for (int n = 1; n <= 20; n++) {
            hear("job-" + n, "job.started");
        }
        assertThat(names()).hasSize(20);

        hear("job-1", "log.line");
        hear("job-21", "job.started");

        assertThat(names())
                .hasSizeBetween(1, 20)
                .startsWith("job-21", "job-1", "job-20", "job-19")
                .contains("job-5")
                .doesNotContain("job-2", "job-3");
    }

    @Test
    void no_flood_of_names_makes_it_larger_than_its_bound() {
        for (int n = 1; n <= 1_000; n++) {
            hear("job-" + n, "job.started");
            assertThat(directory.list().size()).isLessThanOrEqualTo(20);
        }
        directory.accept(Stream.iterate(2_001L, id -> id + 1)
                .limit(500)
                .map(id -> event(id, "job-" + id, "job.started", 0))
                .toList());

        assertThat(names()).hasSizeLessThanOrEqualTo(20).startsWith("job-2500", "job-2499", "job-2498");
    }

    @Test
    void a_directory_of_one_remembers_the_newest() {
        JobDirectory tiny = new JobDirectory(1);
        tiny.accept(List.of(event(1, "build-7", "job.started", 0)));
        tiny.accept(List.of(event(2, "deploy-1", "job.started", 0)));

        assertThat(tiny.list()).extracting(JobSummary::jobId).containsExactly("deploy-1");
    }

    @Test
    void a_job_that_was_forgotten_and_comes_back_begins_anew() {
        JobDirectory tiny = new JobDirectory(1);
        tiny.accept(List.of(event(1, "build-7", "job.completed", 10)));
        tiny.accept(List.of(event(2, "deploy-1", "job.started", 20)));
        tiny.accept(List.of(event(3, "build-7", "log.line", 30)));

        assertThat(tiny.find("build-7"))
                .contains(new JobSummary("build-7", JobState.UNKNOWN, 1, 30, 30, "log.line", 3, 0));
    }

    @Test
    void what_a_log_found_when_it_was_opened_is_known_at_once() {
        directory.restore(List.of(new JobTrace(
                "build-7",
                12,
                100,
                250.5,
                "log.line",
                40,
                Map.of("job.started", 3L, "job.completed", 38L, "job.progress", 39L))));

        assertThat(directory.list())
                .containsExactly(new JobSummary("build-7", JobState.COMPLETED, 12, 100, 250.5, "log.line", 40, 38));
    }

    @Test
    void a_found_job_whose_events_tell_no_state_is_unknown() {
        directory.restore(List.of(trace("build-7", 40, Map.of("job.progress", 39L))));

        assertState("build-7", JobState.UNKNOWN);
        assertThat(directory.find("build-7").orElseThrow().stateId()).isZero();
    }

    @Test
    void a_found_job_goes_on_with_its_next_event() {
        directory.restore(List.of(trace("build-7", 40, Map.of("job.completed", 40L))));
        directory.accept(List.of(event(41, "build-7", "job.resuming", 300)));

        assertThat(directory.find("build-7"))
                .contains(new JobSummary("build-7", JobState.RUNNING, 2, 100, 300, "job.resuming", 41, 41));
    }

    @Test
    void a_found_job_passes_over_events_that_it_has_counted() {
        directory.restore(List.of(trace("build-7", 40, Map.of("job.started", 39L, "job.completed", 40L))));
        directory.accept(List.of(
                event(39, "build-7", "job.started", 290),
                event(40, "build-7", "job.completed", 295),
                event(41, "build-7", "log.line", 300)));

        assertThat(directory.find("build-7"))
                .contains(new JobSummary("build-7", JobState.COMPLETED, 2, 100, 300, "log.line", 41, 40));
    }

    @Test
    void a_job_that_is_found_anew_passes_over_events_that_it_has_counted() {
        hear("build-7", "job.started", "log.line", "job.failed");
        directory.replace(List.of(trace("build-7", 2, Map.of("job.completed", 2L))));
        directory.accept(List.of(event(2, "build-7", "job.completed", 20), event(3, "build-7", "log.line", 30)));

        assertThat(directory.find("build-7"))
                .contains(new JobSummary("build-7", JobState.COMPLETED, 2, 100, 30, "log.line", 3, 2));
    }

    @Test
    void of_too_many_found_jobs_the_most_recently_active_stay() {
        directory.restore(Stream.iterate(1L, id -> id + 1)
                .limit(50)
                .map(id -> trace("job-" + id, id, Map.of()))
                .toList());

        assertThat(names()).hasSizeBetween(1, 20).startsWith("job-50", "job-49").doesNotContain("job-30");
    }

    private void hear(String job, String... names) {
        for (String name : names) {
            directory.accept(List.of(event(++lastId, job, name, lastId)));
        }
    }

    private void assertState(String job, JobState state) {
        assertThat(directory.find(job)).map(JobSummary::state).contains(state);
    }

    private List<String> names() {
        return directory.list().stream().map(JobSummary::jobId).toList();
    }

    private static JobTrace trace(String job, long lastId, Map<String, Long> jobEvents) {
        return new JobTrace(job, 1, 100, 200, "log.line", lastId, jobEvents);
    }

    private static Event event(long id, String job, String name, double timestamp) {
        return new Event(id, job, 0, name, timestamp, "{}".getBytes(StandardCharsets.UTF_8));
    }
}
