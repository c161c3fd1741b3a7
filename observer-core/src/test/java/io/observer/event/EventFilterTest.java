package io.observer.event;

import static io.observer.event.TestEvents.BUILD;
import static io.observer.event.TestEvents.DEPLOY;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EventFilterTest {

    private static final Event BUILD_STARTED = TestEvents.event(1, BUILD, "job.started");
    private static final Event BUILD_LINE = TestEvents.event(2, BUILD, "log.line");
    private static final Event DEPLOY_STARTED = TestEvents.event(3, DEPLOY, "job.started");
    private static final Event NO_JOB = TestEvents.event(4, "", "monitor.anomaly");

    @Test
    void all_passes_every_event() {
        assertThat(passedBy(EventFilter.all())).containsExactly(1, 2, 3, 4);
        assertThat(EventFilter.all().passesAll()).isTrue();
    }

    @Test
    void a_job_passes_its_own_events() {
        assertThat(passedBy(EventFilter.job(BUILD))).containsExactly(1, 2);
        assertThat(passedBy(EventFilter.job("build"))).isEmpty();
        assertThat(EventFilter.job(BUILD).passesAll()).isFalse();
    }

    @Test
    void an_event_passes_with_any_of_the_jobs() {
        assertThat(passedBy(new EventFilter(Set.of(BUILD, DEPLOY), List.of()))).containsExactly(1, 2, 3);
    }

    @Test
    void an_event_passes_with_any_of_the_names() {
        assertThat(passedBy(TestEvents.named("job.*"))).containsExactly(1, 3);
        assertThat(passedBy(TestEvents.named("*.line,monitor.*"))).containsExactly(2, 4);
        assertThat(TestEvents.named("*").passesAll()).isFalse();
    }

    @Test
    void an_event_must_pass_both_by_job_and_by_name() {
        assertThat(passedBy(new EventFilter(Set.of(BUILD), List.of(new NameGlob("job.*")))))
                .containsExactly(1);
        assertThat(passedBy(new EventFilter(Set.of(BUILD), List.of(new NameGlob("monitor.*")))))
                .isEmpty();
    }

    @Test
    void does_not_change_with_the_collections_it_was_made_of() {
        Set<String> jobs = new HashSet<>(Set.of(BUILD));
        List<NameGlob> names = new ArrayList<>(List.of(new NameGlob("job.*")));
        EventFilter filter = new EventFilter(jobs, names);

        jobs.clear();
        names.clear();

        assertThat(passedBy(filter)).containsExactly(1);
    }

    private static List<Integer> passedBy(EventFilter filter) {
        List<Integer> ids = new ArrayList<>();
        for (Event event : List.of(BUILD_STARTED, BUILD_LINE, DEPLOY_STARTED, NO_JOB)) {
            if (filter.matches(event)) {
                ids.add((int) event.id());
            }
        }
        return ids;
    }
}
