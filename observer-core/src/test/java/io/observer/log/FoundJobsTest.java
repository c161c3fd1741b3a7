package io.observer.log;

import static io.observer.event.TestEvents.event;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FoundJobsTest {

    private final FoundJobs jobs = new FoundJobs(10);

    @Test
    void adds_up_what_segments_say_of_one_job() {
        jobs.add(JobTrace.of(event(1, "build-7", "job.started")));
        jobs.add(JobTrace.of(event(2, "deploy-3", "log.line")));
        jobs.add(JobTrace.of(event(3, "build-7", "job.completed")));

        assertThat(jobs.newest()).extracting(JobTrace::jobId).containsExactly("build-7", "deploy-3");
        assertThat(jobs.newest().get(0).events()).isEqualTo(2);
        assertThat(jobs.newest().get(0).jobEvents()).containsOnlyKeys("job.started", "job.completed");
    }

    @Test
    void tells_of_those_that_were_active_last_however_many_there_were() {
        jobs.add(JobTrace.of(event(1, "busy", "log.line")));
        for (int id = 2; id <= 1_000; id++) {
            jobs.add(JobTrace.of(event(id, id % 5 == 0 ? "busy" : "job-" + id, "log.line")));
        }

        assertThat(jobs.newest())
                .extracting(JobTrace::lastId)
                .containsExactlyElementsOf(IntStream.of(1_000, 999, 998, 997, 996, 994, 993, 992, 991, 989)
                        .mapToObj(Long::valueOf)
                        .toList());
        assertThat(jobs.newest().get(0).events()).as("never forgotten").isEqualTo(201);
    }
}
