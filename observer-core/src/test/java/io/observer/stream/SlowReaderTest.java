package io.observer.stream;

import static io.observer.stream.Requests.earliest;
import static io.observer.stream.Requests.global;
import static io.observer.stream.Requests.job;
import static io.observer.stream.Requests.named;
import static io.observer.stream.TestObserver.BUILD;
import static io.observer.stream.TestObserver.DEPLOY;
import static io.observer.stream.TestObserver.draft;
import static org.assertj.core.api.Assertions.assertThat;

import io.observer.event.EventDraft;
import io.observer.event.EventFilter;
import io.observer.log.Gap;
import io.observer.log.LogBounds;
import io.observer.log.LogPage;
import io.observer.log.PageLimit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Readers that take less than is published: what they keep, and what they are told of the rest. */
class SlowReaderTest {

    private final VirtualObserver observer = VirtualObserver.create();

    @Test
    void a_reader_that_took_nothing_gets_the_newest_thousand_and_is_told_what_went() {
        Recording stream = observer.listen(global(), 1);
        observer.publishMany(2_500, BUILD, "log.line");
        stream.takeAll();

        stream.assertSaid("""
                hello 0
                gap slow 1..1500 (1500) at 1500
                events 1501..2500 build-7 log.line
                """);
    }

    @Test
    void a_thousand_events_wait_without_loss() {
        Recording stream = observer.listen(global(), 1);
        observer.publishMany(1_000, BUILD, "log.line");
        stream.takeAll();

        stream.assertSaid("""
                hello 0
                events 1..1000 build-7 log.line
                """);
    }

    @Test
    void each_gap_stands_exactly_before_the_event_that_follows_it() {
        Recording stream = observer.listen(global(), 1);
        observer.publishMany(3, BUILD, "sheet.progress");
        stream.request(2);
        observer.publishMany(1_500, BUILD, "log.line");
        stream.request(3);
        observer.publishMany(10, BUILD, "log.line");
        stream.takeAll();

        stream.assertSaid("""
                hello 0
                event 1 build-7 sheet.progress
                event 2 build-7 sheet.progress
                gap slow 3..503 (501) at 503
                event 504 build-7 log.line
                event 505 build-7 log.line
                gap slow 506..513 (8) at 513
                events 514..1513 build-7 log.line
                """);
    }

    @Test
    void what_is_delivered_and_what_is_dropped_make_up_what_was_published() {
        Recording stream = observer.listen(global(), 1);
        for (int round = 0; round < 20; round++) {
            observer.publishMany(100 + round * 37, BUILD, "log.line");
            stream.request(50 + round);
        }
        stream.takeAll();

        long published = observer.log.bounds().lastId();
        long told = stream.items().stream()
                .mapToLong(item -> item instanceof StreamItem.Missed missed
                        ? missed.gap().dropped()
                        : item instanceof StreamItem.Delivered ? 1 : 0)
                .sum();
        StreamMetrics metrics = observer.bridge.metrics();
        assertThat(told).isEqualTo(published);
        assertThat(metrics.dropped(Gap.Reason.SLOW)).isPositive();
        assertThat(metrics.delivered() + metrics.dropped(Gap.Reason.SLOW)).isEqualTo(published);
    }

    @Test
    void no_more_than_a_mebibyte_of_events_waits() {
        String fifth = "{\"text\":\"" + "x".repeat(200_000) + "\"}";
        Recording stream = observer.listen(global(), 1);
        observer.publishAtOnce(
                Collections.nCopies(8, draft(BUILD, "log.line", fifth)).toArray(EventDraft[]::new));
        stream.takeAll();

        stream.assertSaid("""
                hello 0
                gap slow 1..3 (3) at 3
                events 4..8 build-7 log.line
                """);
    }

    @Test
    void events_that_the_filter_hides_take_no_room() {
        Recording stream = observer.listen(named(global(), "job.*"), 1);
        observer.publish(BUILD, "job.started");
        observer.publishMany(5_000, BUILD, "log.line");
        observer.publish(BUILD, "job.completed");
        stream.takeAll();

        stream.assertSaid("""
                hello 0
                event 1 build-7 job.started
                event 5002 build-7 job.completed
                """);
    }

    @Test
    void events_of_other_jobs_take_no_room_in_a_job_stream() {
        Recording stream = observer.listen(job(BUILD), 1);
        observer.publish(BUILD, "job.started");
        observer.publishMany(5_000, DEPLOY, "log.line");
        observer.publish(BUILD, "log.line");
        stream.takeAll();

        stream.assertSaid("""
                hello 0
                event 1 build-7 job.started
                event 5002 build-7 log.line
                """);
    }

    @Test
    void only_wanted_events_count_as_dropped() {
        Recording stream = observer.listen(named(global(), "sheet.*"), 1);
        for (int n = 0; n < 1_500; n++) {
            observer.publish(BUILD, "sheet.progress", "log.line");
        }
        stream.request(2);

        stream.assertSaid("""
                hello 0
                gap slow 1..999 (500) at 999
                event 1001 build-7 sheet.progress
                """);
    }

    @Test
    void a_reader_that_takes_nothing_costs_no_other_reader_an_event() {
        observer.listen(global(), 1);
        observer.listen(global(), 0);
        Recording quick = observer.listen(global());
        observer.publishMany(2_500, BUILD, "log.line");

        quick.assertSaid("""
                hello 0
                events 1..2500 build-7 log.line
                """);
    }

    @Test
    void a_slow_replay_loses_nothing_that_the_log_keeps() {
        observer.publishMany(10, BUILD, "log.line");
        Recording stream = observer.listen(global(earliest()), 4);
        observer.publishMany(3_000, BUILD, "log.line");
        stream.request(2_000);
        observer.publishMany(3_000, BUILD, "log.line");
        stream.takeAll();

        stream.assertSaid("""
                hello 0
                events 1..6010 build-7 log.line
                caught_up 6010
                """);
    }

    @Test
    void a_reader_that_asked_for_no_loss_is_led_back_to_the_log() {
        Recording stream = observer.listen(global().withoutLoss(), 1);
        observer.publishMany(2_500, BUILD, "log.line");
        stream.request(500);
        observer.publishMany(2_500, BUILD, "log.line");
        stream.takeAll();

        stream.assertSaid("""
                hello 0
                events 1..5000 build-7 log.line
                """);
        assertThat(observer.bridge.metrics().dropped(Gap.Reason.SLOW)).isZero();
    }

    @Test
    void a_reader_that_asked_for_no_loss_is_told_what_the_log_has_no_more() {
        Recording stream = observer.listen(global().withoutLoss(), 1);
        observer.publishMany(12_000, BUILD, "log.line");
        stream.takeAll();

        stream.assertSaid("""
                hello 0
                gap evicted 1..2000 (2000) at 2000
                events 2001..12000 build-7 log.line
                """);
    }

    @Test
    void what_a_reader_has_from_the_log_is_not_said_to_be_dropped_when_the_bus_brings_it_again() {
        PolledReader[] reader = new PolledReader[1];
        observer.whenStored(() -> {
            reader[0] = PolledReader.byHand(observer.bridge, global(earliest()));
            reader[0].poll();
        });
        observer.publishAtOnce(
                Collections.nCopies(3_000, draft(BUILD, "log.line")).toArray(EventDraft[]::new));
        observer.whenStored(() -> {});
        observer.publish(BUILD, "job.completed");
        reader[0].poll();

        reader[0].assertSaid("""
                hello 0
                events 1..3000 build-7 log.line
                caught_up 3000
                event 3001 build-7 job.completed
                """);
        reader[0].close();
    }

    @Test
    void what_came_before_a_stream_that_starts_live_is_not_said_to_be_dropped() {
        PolledReader[] reader = new PolledReader[1];
        observer.whenStored(() -> {
            reader[0] = PolledReader.byHand(observer.bridge, global());
            reader[0].poll();
        });
        observer.publishAtOnce(
                Collections.nCopies(3_000, draft(BUILD, "log.line")).toArray(EventDraft[]::new));
        observer.whenStored(() -> {});
        observer.publish(BUILD, "job.completed");
        reader[0].poll();

        reader[0].assertSaid("""
                hello 3000
                event 3001 build-7 job.completed
                """);
        reader[0].close();
    }

    @Test
    void what_came_while_a_live_stream_was_being_opened_is_not_said_to_be_dropped() {
        AtomicBoolean opening = new AtomicBoolean();
        VirtualObserver busy = VirtualObserver.over(log -> new WrappedLog(log) {
            @Override
            public LogBounds bounds() {
                if (!opening.getAndSet(false)) {
                    return super.bounds();
                }
                append(Collections.nCopies(60, draft(BUILD, "log.line"))).block();
                LogBounds beforeTheFlood = super.bounds();
                append(Collections.nCopies(1_500, draft(BUILD, "log.line"))).block();
                return beforeTheFlood;
            }
        });
        opening.set(true);
        PolledReader reader = PolledReader.byHand(busy.bridge, global());
        reader.poll();
        busy.publish(BUILD, "job.completed");
        reader.poll();

        reader.assertSaid("""
                hello 1560
                event 1561 build-7 job.completed
                """);
        reader.close();
    }

    @Test
    void a_replay_takes_no_more_from_the_log_than_a_few_events_need_however_large_they_are() {
        List<Long> pages = new ArrayList<>();
        VirtualObserver large = VirtualObserver.over(log -> new WrappedLog(log) {
            @Override
            public Mono<LogPage> read(long after, EventFilter filter, PageLimit limit) {
                return super.read(after, filter, limit)
                        .doOnNext(page -> pages.add(page.events().stream()
                                .mapToLong(event -> event.json().length)
                                .sum()));
            }
        });
        String fifth = "{\"text\":\"" + "x".repeat(200_000) + "\"}";
        large.publishAtOnce(
                Collections.nCopies(20, draft(BUILD, "log.line", fifth)).toArray(EventDraft[]::new));

        Recording stream = large.listen(global(earliest()));

        stream.assertSaid("""
                hello 0
                events 1..20 build-7 log.line
                caught_up 20
                """);
        assertThat(pages).hasSizeGreaterThanOrEqualTo(10).allMatch(bytes -> bytes < 2 * 256 * 1024);
    }

    @Test
    void a_replay_reads_from_the_log_what_its_buffer_could_not_hold_meanwhile() {
        Sinks.Empty<Void> released = Sinks.empty();
        VirtualObserver slow = VirtualObserver.over(log -> new WrappedLog(log) {
            @Override
            public Mono<LogPage> read(long after, EventFilter filter, PageLimit limit) {
                Mono<LogPage> page = super.read(after, filter, limit);
                // The reading that joins the past to the present is answered late, with what was there when it was
                // asked.
                return after == 10 ? page.delayUntil(read -> released.asMono()) : page;
            }
        });
        slow.publishMany(10, BUILD, "log.line");
        Recording stream = slow.listen(global(earliest()));
        slow.publishMany(1_500, BUILD, "log.line");
        stream.assertSaid("""
                hello 0
                events 1..10 build-7 log.line
                """);

        released.tryEmitEmpty();
        stream.assertSaid("""
                events 11..1510 build-7 log.line
                caught_up 1510
                """);
    }
}
