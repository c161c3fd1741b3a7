package io.observer.bus;

import static io.observer.event.TestEvents.BUILD;
import static io.observer.event.TestEvents.DEPLOY;
import static io.observer.event.TestEvents.event;
import static io.observer.event.TestEvents.events;
import static io.observer.event.TestEvents.line;
import static io.observer.event.TestEvents.named;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import io.observer.event.Event;
import io.observer.event.EventFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class EventBusTest {

    private static final Scheduler CALLER = Schedulers.immediate();

    private final EventBus bus = new EventBus(5, 1 << 20);

    @Test
    void every_subscriber_hears_every_event_in_the_order_of_the_log() {
        Listener first = listenTo(EventFilter.all());
        Listener second = listenTo(EventFilter.all());

        bus.publish(events(1, 2));
        bus.publish(events(3, 3));

        assertThat(first.heard()).containsExactly("1", "2", "3");
        assertThat(second.heard()).containsExactly("1", "2", "3");
        assertThat(first.wakes()).isEqualTo(3);
    }

    @Test
    void a_subscriber_hears_what_comes_after_it_came() {
        bus.publish(events(1, 3));
        Listener late = listenTo(EventFilter.all());
        bus.publish(events(4, 5));

        assertThat(late.heard()).containsExactly("4", "5");
    }

    @Test
    void publishing_without_subscribers_is_fine() {
        bus.publish(events(1, 100));

        assertThat(bus.published()).isEqualTo(100);
        assertThat(bus.dropped()).isZero();
    }

    @Test
    void a_subscriber_hears_only_what_its_filter_passes() {
        Listener build = listenTo(EventFilter.job(BUILD));
        Listener both = listenTo(new EventFilter(Set.of(BUILD, DEPLOY), List.of()));
        Listener none = listenTo(EventFilter.job(""));
        Listener jobs = listenTo(named("job.*"));
        Listener buildLines =
                listenTo(new EventFilter(Set.of(BUILD), named("log.*").names()));

        bus.publish(List.of(
                event(1, BUILD, "job.started"),
                event(2, DEPLOY, "job.started"),
                event(3, BUILD, "log.line"),
                event(4, "", "monitor.anomaly"),
                event(5, DEPLOY, "log.line")));

        assertThat(build.heard()).containsExactly("1", "3");
        assertThat(both.heard()).containsExactly("1", "2", "3", "5");
        assertThat(none.heard()).containsExactly("4");
        assertThat(jobs.heard()).containsExactly("1", "2");
        assertThat(buildLines.heard()).containsExactly("3");
    }

    @Test
    void a_full_buffer_lets_the_oldest_go_and_says_which() {
        Listener slow = listenTo(EventFilter.all());
        Listener quick = listenTo(EventFilter.all());
        List<String> quickHeard = new ArrayList<>();

        for (long id = 1; id <= 12; id++) {
            bus.publish(events(id, id));
            quickHeard.addAll(quick.heard());
        }

        assertThat(slow.heard()).containsExactly("lost 1..7 (7)", "8", "9", "10", "11", "12");
        assertThat(quickHeard).containsExactly("1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12");
        assertThat(bus.dropped()).isEqualTo(7);
    }

    @Test
    void a_buffer_is_bounded_by_bytes_too() {
        EventBus small = new EventBus(1_000, 10_000);
        Listener slow = new Listener(small, EventFilter.all());

        for (long id = 1; id <= 20; id++) {
            small.publish(List.of(line(BUILD, "x".repeat(1_900)).at(id)));
        }
        small.publish(List.of(line(BUILD, "x".repeat(50_000)).at(21)));

        assertThat(slow.heard()).containsExactly("lost 1..20 (20)", "21");
        assertThat(small.dropped()).isEqualTo(20);
    }

    @Test
    void unwanted_events_take_no_room_in_a_buffer() {
        Listener picky = listenTo(named("job.*"));
        Listener ofJob = listenTo(EventFilter.job(DEPLOY));

        bus.publish(List.of(event(1, DEPLOY, "job.started")));
        bus.publish(events(2, 1_000));
        bus.publish(List.of(event(1_001, DEPLOY, "job.completed")));

        assertThat(picky.heard()).containsExactly("1", "1001");
        assertThat(ofJob.heard()).containsExactly("1", "1001");
        assertThat(bus.dropped()).isZero();
    }

    @Test
    void a_loss_counts_wanted_events_only() {
        Listener picky = listenTo(named("job.*"));

        for (long id = 1; id <= 30; id++) {
            bus.publish(List.of(event(id, BUILD, id % 3 == 0 ? "job.started" : "log.line")));
        }

        assertThat(picky.heard()).containsExactly("lost 3..15 (5)", "18", "21", "24", "27", "30");
    }

    @Test
    void a_subscriber_is_woken_by_wanted_events_by_job_events_and_by_the_one_it_asked_for() {
        Listener picky = listenTo(named("monitor.*"));

        bus.publish(events(1, 3));
        assertThat(picky.wakes()).as("hidden").isZero();
        bus.publish(List.of(event(4, BUILD, "monitor.anomaly")));
        assertThat(picky.wakes()).as("wanted").isEqualTo(1);
        bus.publish(List.of(event(5, BUILD, "job.completed")));
        assertThat(picky.wakes()).as("may end a job").isEqualTo(2);
        assertThat(picky.subscription.wakeAt(7)).as("7 has been offered").isFalse();
        bus.publish(events(6, 8));
        assertThat(picky.wakes()).as("asked for").isEqualTo(3);
        assertThat(picky.subscription.wakeAt(8)).as("8 has been offered").isTrue();
        assertThat(picky.heard()).containsExactly("4");
    }

    @Test
    void a_subscriber_knows_how_far_it_has_been_offered_events_even_if_it_wanted_none() {
        Listener picky = listenTo(named("nothing"));
        Listener ofJob = listenTo(EventFilter.job("nobody"));

        bus.publish(events(1, 3));

        assertThat(picky.subscription.offeredThrough()).isEqualTo(3);
        assertThat(ofJob.subscription.offeredThrough()).isEqualTo(3);
    }

    @Test
    void a_subscriber_that_fails_when_woken_keeps_its_place_and_harms_no_other() {
        Listener before = listenTo(EventFilter.all());
        BusSubscription failing = bus.open(EventFilter.all(), () -> {
            throw new IllegalStateException("the subscriber of this test fails on purpose");
        });
        Listener after = listenTo(EventFilter.all());

        bus.publish(events(1, 2));
        bus.publish(events(3, 3));

        assertThat(before.heard()).containsExactly("1", "2", "3");
        assertThat(after.heard()).containsExactly("1", "2", "3");
        assertThat(bus.failures()).isEqualTo(3);
        assertThat(bus.subscribers()).isEqualTo(3);
        assertThat(DropOldestBufferTest.show(failing.poll())).isEqualTo("1");
    }

    @Test
    void a_flux_whose_subscriber_fails_ends_alone() {
        List<Long> heard = new ArrayList<>();
        List<Throwable> failures = new ArrayList<>();
        Disposable sound =
                bus.subscribe(EventFilter.all(), CALLER).map(Event::id).subscribe(heard::add);
        bus.subscribe(EventFilter.all(), CALLER)
                .doOnNext(event -> {
                    throw new IllegalStateException("the subscriber of this test fails on purpose");
                })
                .subscribe(event -> {}, failures::add);
        assertThat(bus.subscribers()).isEqualTo(2);

        bus.publish(events(1, 3));

        assertThat(heard).containsExactly(1L, 2L, 3L);
        assertThat(failures).hasSize(1);
        assertThat(bus.subscribers()).isEqualTo(1);
        sound.dispose();
        assertThat(bus.subscribers()).isZero();
    }

    @Test
    void a_subscriber_that_has_left_hears_no_more_and_harms_no_other() {
        Listener leaver = listenTo(EventFilter.all());
        Listener stayer = listenTo(EventFilter.all());

        bus.publish(events(1, 1));
        leaver.subscription.close();
        leaver.subscription.close();
        bus.publish(events(2, 2));

        assertThat(leaver.heard()).containsExactly("1");
        assertThat(leaver.subscription.isDone()).isTrue();
        assertThat(stayer.heard()).containsExactly("1", "2");
        assertThat(bus.subscribers()).isEqualTo(1);
    }

    @Test
    void a_subscriber_may_leave_while_it_is_being_woken() {
        List<BusSubscription> own = new ArrayList<>();
        own.add(bus.open(EventFilter.all(), () -> own.get(0).close()));
        Listener other = listenTo(EventFilter.all());

        bus.publish(events(1, 3));

        assertThat(other.heard()).containsExactly("1", "2", "3");
        assertThat(bus.failures()).isZero();
        assertThat(bus.subscribers()).isEqualTo(1);
    }

    @Test
    void a_subscriber_of_one_job_is_not_even_asked_about_others() {
        Listener ofJob = listenTo(EventFilter.job(BUILD));
        Listener ofAll = listenTo(named("nothing"));

        bus.publish(List.of(event(1, DEPLOY, "job.started")));

        assertThat(ofAll.wakes()).as("asked, and hidden").isEqualTo(1);
        assertThat(ofJob.wakes()).isZero();
    }

    @Test
    void a_job_that_nobody_listens_to_any_more_is_let_go_of() {
        Listener first = listenTo(EventFilter.job(BUILD));
        Listener second = listenTo(EventFilter.job(BUILD));
        for (int n = 0; n < 1_000; n++) {
            listenTo(EventFilter.job("job-" + n)).subscription.close();
        }
        assertThat(bus).extracting("jobs", MAP).containsOnlyKeys(BUILD);

        first.subscription.close();
        bus.publish(events(1, 1));
        assertThat(second.heard()).containsExactly("1");
        second.subscription.close();

        assertThat(bus).extracting("jobs", MAP).isEmpty();
        assertThat(bus.subscribers()).isZero();
        Listener again = listenTo(EventFilter.job(BUILD));
        bus.publish(events(2, 2));
        assertThat(again.heard()).containsExactly("2");
    }

    @Test
    void a_subscriber_of_several_jobs_leaves_nothing_behind() {
        Listener one = listenTo(EventFilter.job(BUILD));
        Listener both = listenTo(new EventFilter(Set.of(BUILD, DEPLOY), List.of()));

        both.subscription.close();
        bus.publish(events(1, 1));

        assertThat(one.heard()).containsExactly("1");
        assertThat(bus).extracting("jobs", MAP).containsOnlyKeys(BUILD);
    }

    @Test
    void a_flux_hears_every_wanted_event_until_it_is_cancelled() {
        StepVerifier.create(bus.subscribe(named("job.*"), CALLER).map(Event::id))
                .then(() -> bus.publish(List.of(
                        event(1, BUILD, "job.started"), event(2, BUILD, "log.line"), event(3, BUILD, "job.failed"))))
                .expectNext(1L, 3L)
                .then(() -> assertThat(bus.subscribers()).isEqualTo(1))
                .thenCancel()
                .verify();

        assertThat(bus.subscribers()).isZero();
    }

    @Test
    void a_flux_that_asks_late_gets_the_newest_events() {
        StepVerifier.create(bus.subscribe(EventFilter.all(), CALLER).map(Event::id), 0)
                .expectSubscription()
                .then(() -> bus.publish(events(1, 12)))
                .thenRequest(2)
                .expectNext(8L, 9L)
                .then(() -> bus.publish(events(13, 13)))
                .thenRequest(10)
                .expectNext(10L, 11L, 12L, 13L)
                .thenCancel()
                .verify();

        assertThat(bus.dropped()).isEqualTo(7);
    }

    @Test
    void each_subscription_of_a_flux_is_its_own() {
        var flux = bus.subscribe(EventFilter.all(), CALLER).map(Event::id);
        List<Long> first = new ArrayList<>();
        List<Long> second = new ArrayList<>();

        flux.subscribe(first::add);
        bus.publish(events(1, 1));
        flux.subscribe(second::add);
        bus.publish(events(2, 2));

        assertThat(first).containsExactly(1L, 2L);
        assertThat(second).containsExactly(2L);
    }

    @Test
    void counts_what_it_has_published_and_who_listens() {
        assertThat(bus.published()).isZero();
        Listener one = listenTo(EventFilter.all());
        Listener ofJob = listenTo(EventFilter.job(BUILD));

        bus.publish(events(1, 4));
        bus.publish(List.of());

        assertThat(bus.published()).isEqualTo(4);
        assertThat(bus.subscribers()).isEqualTo(2);
        one.subscription.close();
        ofJob.subscription.close();
        assertThat(bus.subscribers()).isZero();
        assertThat(bus.failures()).isZero();
    }

    private Listener listenTo(EventFilter filter) {
        return new Listener(bus, filter);
    }
}
