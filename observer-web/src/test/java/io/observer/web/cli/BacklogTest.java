package io.observer.web.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.web.cli.Backlog.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("The events that wait for the server")
@Timeout(60)
class BacklogTest {

    private static final int SIZE = 100 + 96;

    @Test
    void keep_their_order_across_kinds() throws Exception {
        Backlog backlog = roomFor(100);
        backlog.put(Kind.STATE, event("started"));
        backlog.put(Kind.LINE, event("a"));
        backlog.put(Kind.CHANGE, event("file"));
        backlog.put(Kind.LINE, event("b"));
        backlog.put(Kind.STATE, event("done"));

        assertThat(all(backlog)).containsExactly("started", "a", "file", "b", "done");
    }

    @Test
    void lose_the_oldest_lines_first_and_say_so_in_their_place() throws Exception {
        Backlog backlog = roomFor(8);
        backlog.put(Kind.STATE, event("started"));
        backlog.put(Kind.CHANGE, event("file"));
        for (int i = 1; i <= 7; i++) {
            backlog.put(Kind.LINE, event("line " + i));
        }
        backlog.put(Kind.STATE, event("done"));

        assertThat(all(backlog))
                .containsExactly(
                        "started", "file", "3 lines 0 changes", "line 4", "line 5", "line 6", "line 7", "done");
    }

    @Test
    void lose_changes_when_there_are_no_lines_but_never_how_the_job_stands() throws Exception {
        Backlog backlog = roomFor(4);
        backlog.put(Kind.STATE, event("started"));
        for (int i = 1; i <= 4; i++) {
            backlog.put(Kind.CHANGE, event("file " + i));
        }
        for (int i = 1; i <= 5; i++) {
            backlog.put(Kind.STATE, event("state " + i));
        }

        assertThat(all(backlog))
                .containsExactly("started", "0 lines 4 changes", "state 1", "state 2", "state 3", "state 4", "state 5");
    }

    @Test
    void say_how_many_went_even_if_nothing_is_left() throws Exception {
        Backlog backlog = roomFor(0);
        backlog.put(Kind.LINE, event("a"));
        backlog.put(Kind.LINE, event("b"));

        assertThat(all(backlog)).containsExactly("2 lines 0 changes");
    }

    @Test
    void never_hold_up_who_adds_one() throws Exception {
        Backlog backlog = roomFor(10);
        CompletableFuture.runAsync(() -> {
                    for (int i = 0; i < 100_000; i++) {
                        backlog.put(Kind.LINE, event("line"));
                    }
                })
                .get();

        List<String> left = all(backlog);
        int lost = Integer.parseInt(left.get(0).split(" ")[0]);
        assertThat(lost + left.size() - 1).isEqualTo(100_000);
    }

    @Test
    void go_in_batches_of_a_mebibyte() throws Exception {
        Backlog backlog = roomFor(1_000_000);
        byte[] half = new byte[(1 << 19) - 1];
        for (int i = 0; i < 3; i++) {
            backlog.put(Kind.LINE, half);
        }
        backlog.close();

        assertThat(backlog.take()).hasSize(2);
        assertThat(backlog.take()).hasSize(1);
        assertThat(backlog.take()).isEmpty();
    }

    @Test
    void wait_for_company_only_for_a_moment() throws Exception {
        Backlog backlog = new Backlog(1 << 20, Duration.ofMillis(20), dropped -> new byte[0]);
        backlog.put(Kind.LINE, event("a"));

        assertThat(backlog.take()).hasSize(1);
    }

    private static Backlog roomFor(int events) {
        return new Backlog(
                (long) events * SIZE,
                Duration.ofHours(1),
                dropped -> (dropped.lines() + " lines " + dropped.changes() + " changes")
                        .getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] event(String text) {
        return (text + " ".repeat(100 - text.length())).getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> all(Backlog backlog) throws InterruptedException {
        backlog.close();
        List<String> all = new ArrayList<>();
        for (List<QueuedEvent> batch = backlog.take(); !batch.isEmpty(); batch = backlog.take()) {
            batch.forEach(event -> all.add(new String(event.json(), StandardCharsets.UTF_8).strip()));
        }
        return all;
    }
}
