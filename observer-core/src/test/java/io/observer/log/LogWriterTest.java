package io.observer.log;

import static io.observer.event.TestEvents.BUILD;
import static io.observer.event.TestEvents.line;
import static io.observer.event.TestEvents.lines;
import static org.assertj.core.api.Assertions.assertThat;

import io.observer.event.Event;
import io.observer.event.EventDraft;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;

/** What the one writer does with a store that fails and with publishers that misbehave. */
class LogWriterTest {

    private final HeldScheduler held = new HeldScheduler();
    private final RecordedOutput output = new RecordedOutput();
    private final List<Object> answers = new ArrayList<>();

    @Test
    void what_waits_together_is_stored_in_one_step() {
        List<Integer> steps = new ArrayList<>();
        LogWriter writer = writing(batch -> steps.add(batch.events().size()));

        append(writer, 2);
        append(writer, 1);
        append(writer, 4);
        held.release();
        append(writer, 3);
        held.release();

        assertThat(steps).containsExactly(7, 3);
        assertThat(answers)
                .containsExactly(
                        new Appended(41, 42), new Appended(43, 43), new Appended(44, 47), new Appended(48, 50));
    }

    @Test
    void a_step_knows_which_events_only_count_together() {
        List<Batch> steps = new ArrayList<>();
        LogWriter writer = writing(steps::add);

        append(writer, 2);
        append(writer, 1);
        append(writer, 3);
        held.release();

        assertThat(steps).singleElement().satisfies(batch -> {
            assertThat(batch.events()).hasSize(6);
            assertThat(batch.unfinished()).hasToString("{0, 3, 4}");
        });
    }

    @Test
    void a_step_takes_no_more_than_10_000_events_unless_a_single_append_is_larger() {
        List<Integer> steps = new ArrayList<>();
        LogWriter writer = writing(batch -> steps.add(batch.events().size()), 50_000);

        append(writer, 6_000);
        append(writer, 6_000);
        append(writer, 6_000);
        append(writer, 11_000);
        held.release();

        assertThat(steps).containsExactly(12_000, 17_000);
        assertThat(answers).hasSize(4).last().isEqualTo(new Appended(18_041, 29_040));
    }

    @Test
    void no_more_than_64_MiB_may_wait() {
        LogWriter writer = writing(batch -> {}, 50_000);
        List<EventDraft> megabyte = Collections.nCopies(5, line(BUILD, "x".repeat(210_000)));

        for (int n = 0; n < 63; n++) {
            writer.append(megabyte).subscribe(answers::add, answers::add);
        }
        assertThat(answers).isEmpty();
        writer.append(megabyte).subscribe(answers::add, answers::add);

        assertThat(answers).hasSize(1).first().isInstanceOf(LogFullException.class);
        append(writer, 1);
        assertThat(answers).as("a small one still fits").hasSize(1);
        assertThat(writer.queueDepth()).isEqualTo(63 * 5 + 1);
    }

    @Test
    void a_store_that_fails_costs_no_id_and_is_told_to_every_publisher_of_the_step() {
        List<Event> stored = new ArrayList<>();
        IllegalStateException diskFull = new IllegalStateException("the disk of this test is full");
        boolean[] full = {true};
        LogWriter writer = writing(batch -> {
            if (full[0]) {
                throw diskFull;
            }
            stored.addAll(batch.events());
        });

        append(writer, 2);
        append(writer, 1);
        held.release();
        assertThat(answers).containsExactly(diskFull, diskFull);
        assertThat(output.events()).isEmpty();
        assertThat(writer.queueDepth()).isZero();

        full[0] = false;
        append(writer, 2);
        held.release();
        assertThat(answers).hasSize(3).last().isEqualTo(new Appended(41, 42));
        assertThat(stored).isEqualTo(output.events()).extracting(Event::id).containsExactly(41L, 42L);
    }

    @Test
    void behind_an_error_everything_is_refused_since_nobody_knows_what_was_stored() {
        List<Integer> stored = new ArrayList<>();
        LogWriter writer = writing(batch -> {
            stored.add(batch.events().size());
            throw new OutOfMemoryError("of this test");
        });

        append(writer, 1);
        held.release();
        append(writer, 2);
        held.release();

        assertThat(stored).containsExactly(1);
        assertThat(answers)
                .hasSize(2)
                .allSatisfy(answer -> assertThat(answer)
                        .asInstanceOf(InstanceOfAssertFactories.throwable(LogStorageException.class))
                        .hasMessage("events cannot be stored until the server is restarted:"
                                + " java.lang.OutOfMemoryError: of this test"));
        assertThat(writer.fault()).startsWith("events cannot be stored until the server is restarted");
        assertThat(writer.queueDepth()).isZero();
    }

    @Test
    void a_subscriber_that_throws_where_it_must_not_stops_nobody_else() {
        LogWriter writer = writing(batch -> {});

        writer.append(lines(1)).subscribe(new ThrowingSubscriber());
        append(writer, 1);
        held.release();
        append(writer, 1);
        held.release();

        assertThat(answers).containsExactly(new Appended(42, 42), new Appended(43, 43));
    }

    private LogWriter writing(LogWriter.Store store) {
        return writing(store, 100);
    }

    private LogWriter writing(LogWriter.Store store, int maxQueued) {
        return new LogWriter(held.scheduler().createWorker(), store, output, maxQueued, 40);
    }

    private void append(LogWriter writer, int events) {
        writer.append(lines(events)).subscribe(answers::add, answers::add);
    }

    /** Breaks the rules of reactive streams, as hand-written subscribers do. */
    private static final class ThrowingSubscriber implements CoreSubscriber<Appended> {

        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(1);
        }

        @Override
        public void onNext(Appended appended) {
            throw new IllegalStateException("the subscriber of this test fails on purpose");
        }

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onComplete() {}
    }
}
