package io.observer.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.event.Event;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What all jobs together hold in memory")
class RecordedJobsTest {

    private static final long MAX = 20_000;

    private final RecordedJobs jobs = new RecordedJobs(MAX, 1_000_000);
    private final RecordedJob small = job("small");
    private final RecordedJob large = job("large");

    private RecordedJob job(String name) {
        RecordedJob job = new RecordedJob(name, new RecentEvents(200, 0));
        jobs.add(job);
        return job;
    }

    @Test
    void is_bounded_at_the_cost_of_the_job_that_holds_most() {
        for (long id = 1; id <= 1_000; id++) {
            jobs.remember(id % 10 == 0 ? small : large, Samples.modified(id, "file", 1));
            assertThat(jobs.ringBytes()).isLessThanOrEqualTo(MAX);
        }

        assertThat(large.recent().newest(1)).extracting(Event::id).containsExactly(999L);
        assertThat(small.recent().newest(200).size()).isGreaterThan(40);
    }

    @Test
    void leaves_out_only_what_the_log_has_still() {
        LongStream.rangeClosed(1, 200).forEach(id -> jobs.remember(large, Samples.modified(id, "file", 1)));
        RecentEvents ring = large.recent();
        assertThat(ring.suffices(200)).isFalse();
        LogHistory.Place place = ring.older();
        List<Event> newest = ring.newest(200);
        assertThat(newest.get(newest.size() - 1).id()).isEqualTo(place.through() + 1);

        jobs.fill(large, place, TestHistory.through(place.through()));

        assertThat(jobs.ringBytes()).isLessThanOrEqualTo(MAX);
    }

    @Test
    void no_longer_counts_a_job_that_is_gone() {
        jobs.remember(small, Samples.modified(1, "file", 1));
        jobs.remove(small);
        jobs.fill(small, small.recent().older(), TestHistory.through(3));

        assertThat(jobs.ringBytes()).isZero();
    }
}
