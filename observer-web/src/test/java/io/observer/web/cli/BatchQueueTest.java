package io.observer.web.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("The queue between standard input and the server")
@Timeout(60)
class BatchQueueTest {

    private static final int MIB = 1 << 20;

    private final BatchQueue queue = new BatchQueue(Duration.ofHours(1));

    @Test
    void gives_a_full_batch_at_once_and_the_rest_when_the_input_ends() throws Exception {
        put(2500, 10);
        queue.close();

        assertThat(lines(queue.take())).hasSize(1000).startsWith(1L).endsWith(1000L);
        assertThat(lines(queue.take())).hasSize(1000).startsWith(1001L).endsWith(2000L);
        assertThat(lines(queue.take())).hasSize(500).startsWith(2001L).endsWith(2500L);
        assertThat(queue.take()).isEmpty();
    }

    @Test
    void keeps_a_batch_within_a_mebibyte() throws Exception {
        put(5, MIB / 2 - 1);
        queue.close();

        assertThat(queue.take()).hasSize(2);
        assertThat(queue.take()).hasSize(2);
        assertThat(queue.take()).hasSize(1);
    }

    @Test
    void gives_an_event_that_is_larger_alone() throws Exception {
        put(1, 10);
        queue.put(event(2, MIB));
        queue.put(event(3, 10));
        queue.close();

        assertThat(lines(queue.take())).containsExactly(1L);
        assertThat(lines(queue.take())).containsExactly(2L);
        assertThat(lines(queue.take())).containsExactly(3L);
    }

    @Test
    void does_not_wait_for_a_full_batch_when_the_input_is_idle() throws Exception {
        BatchQueue live = new BatchQueue(Duration.ofMillis(1));
        live.put(event(1, 10));
        live.idle();

        assertThat(lines(live.take())).containsExactly(1L);
    }

    @Test
    void gives_what_a_full_batch_left_over_while_the_input_stays_idle() throws Exception {
        BatchQueue live = new BatchQueue(Duration.ofMillis(1));
        for (int line = 1; line <= 1001; line++) {
            live.put(event(line, 10));
        }
        live.idle();

        assertThat(live.take()).hasSize(1000);
        assertThat(lines(live.take())).containsExactly(1001L);
    }

    @Test
    void waits_for_the_rest_of_what_is_being_read_however_long_that_takes() throws Exception {
        BatchQueue live = new BatchQueue(Duration.ofNanos(1));
        live.idle();
        live.put(event(1, 10));
        CompletableFuture<List<QueuedEvent>> taken = taken(live);
        live.put(event(2, 10));
        live.idle();

        assertThat(lines(taken.get())).containsExactly(1L, 2L);
    }

    @Test
    void waits_for_the_first_event() throws Exception {
        CompletableFuture<List<QueuedEvent>> taken = taken(queue);
        put(1000, 10);

        assertThat(taken.get()).hasSize(1000);
    }

    @Test
    void holds_up_the_reader_while_it_is_full() throws Exception {
        put(10_000, 10);
        Thread reader = new Thread(() -> {
            try {
                queue.put(event(10_001, 10));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        reader.start();
        await().until(() -> reader.getState() == Thread.State.WAITING);

        assertThat(queue.take()).hasSize(1000);
        reader.join();
        queue.close();

        List<QueuedEvent> last = List.of();
        for (List<QueuedEvent> batch = queue.take(); !batch.isEmpty(); batch = queue.take()) {
            last = batch;
        }
        assertThat(lines(last)).containsExactly(10_001L);
    }

    @Test
    void takes_nothing_more_once_it_is_closed() throws Exception {
        queue.close();

        assertThat(queue.put(event(1, 10))).isFalse();
        assertThat(queue.take()).isEmpty();
    }

    private static CompletableFuture<List<QueuedEvent>> taken(BatchQueue queue) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return queue.take();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private void put(int events, int size) throws InterruptedException {
        for (int line = 1; line <= events; line++) {
            queue.put(event(line, size));
        }
    }

    private static QueuedEvent event(long line, int size) {
        return new QueuedEvent(line, new byte[size]);
    }

    private static List<Long> lines(List<QueuedEvent> batch) {
        return batch.stream().map(QueuedEvent::line).toList();
    }
}
