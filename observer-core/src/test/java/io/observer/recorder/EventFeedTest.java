package io.observer.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.bus.EventBus;
import io.observer.event.Event;
import io.observer.event.EventDraft;
import io.observer.event.EventFilter;
import io.observer.log.EventLog;
import io.observer.log.LogPage;
import io.observer.log.MemoryEventLog;
import io.observer.log.Retention;
import java.lang.reflect.Proxy;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

@DisplayName("The recorder's feed")
class EventFeedTest {

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final EventBus bus = new EventBus(1_000, 1 << 20);
    private final MemoryEventLog log = new MemoryEventLog(
            "k3f9x2",
            new Retention(Duration.ofHours(1), 100_000, 0),
            () -> time.now(TimeUnit.NANOSECONDS),
            time,
            1_000_000,
            bus::publish);
    private final Heard heard = new Heard();

    @Test
    void tells_of_events_that_the_log_has_but_cannot_give() {
        EventLog broken = whoseReads(Mono.error(new ClosedChannelException()));
        EventFeed feed = new EventFeed(broken, bus, EventFilter.all(), time.createWorker(), heard);

        publish(50_000);

        assertThat(heard.told).containsExactly("30000 unread: ClosedChannelException");
        assertThat(heard.ids).hasSize(20_000).isSorted().endsWith(50_000L);
        assertThat(feed.handledThrough()).isEqualTo(50_000);
    }

    @Test
    void ends_where_it_is_when_it_is_closed_while_it_reads_back() {
        EventLog hanging = whoseReads(Mono.never());
        EventFeed feed = new EventFeed(hanging, bus, EventFilter.all(), time.createWorker(), heard);
        publish(50_000);
        List<String> asked = new ArrayList<>();
        feed.whenHandled(() -> asked.add("answered"));
        assertThat(asked).isEmpty();

        feed.close();
        feed.whenHandled(() -> asked.add("answered too"));

        assertThat(asked).containsExactly("answered", "answered too");
        assertThat(heard.ids).isEmpty();
        assertThat(heard.told).isEmpty();
    }

    @Test
    void leaves_events_to_bus_and_log_while_its_listener_is_full() {
        new EventFeed(log, bus, EventFilter.all(), time.createWorker(), heard);
        heard.full = true;
        publish(50_000);
        time.advanceTimeBy(Duration.ofSeconds(1));
        assertThat(heard.ids).isEmpty();

        heard.full = false;
        time.advanceTimeBy(Duration.ofMillis(10));

        assertThat(heard.ids)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 50_000).boxed().toList());
        assertThat(heard.told).isEmpty();
    }

    private void publish(int count) {
        List<EventDraft> drafts =
                IntStream.range(0, count).mapToObj(n -> Samples.process("a", n)).toList();
        log.append(drafts).block();
    }

    /** The log, but for its pages. */
    private EventLog whoseReads(Mono<LogPage> page) {
        return (EventLog) Proxy.newProxyInstance(
                EventLog.class.getClassLoader(),
                new Class<?>[] {EventLog.class},
                (proxy, method, arguments) -> method.getName().equals("read") ? page : method.invoke(log, arguments));
    }

    private static final class Heard implements EventFeed.Listener {

        final List<Long> ids = new ArrayList<>();
        final List<String> told = new ArrayList<>();
        boolean full;

        @Override
        public void event(Event event) {
            ids.add(event.id());
        }

        @Override
        public void missed(long count) {
            told.add(count + " missed");
        }

        @Override
        public void unread(long count, Throwable failure) {
            told.add(count + " unread: " + failure.getClass().getSimpleName());
        }

        @Override
        public void pause() {}

        @Override
        public boolean isFull() {
            return full;
        }
    }
}
