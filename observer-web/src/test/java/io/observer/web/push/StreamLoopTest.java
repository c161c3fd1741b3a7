package io.observer.web.push;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StreamLoopTest {

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final StreamLoop loop = new StreamLoop(channel.eventLoop(), Duration.ofMillis(20));
    private final List<String> done = new ArrayList<>();

    @BeforeEach
    void time_stands_still() {
        channel.freezeTime();
        pass(1_000);
    }

    @Test
    void a_stream_is_served_at_once_when_the_loop_was_quiet() {
        loop.add(stream("a"));
        channel.runPendingTasks();

        assertThat(done).containsExactly("a");
    }

    @Test
    void what_comes_soon_after_a_pass_waits_for_the_next_which_is_20_ms_after_it() {
        loop.add(stream("a"));
        channel.runPendingTasks();
        pass(5);
        loop.add(stream("b"));
        pass(10);
        loop.add(stream("c"));
        assertThat(done).containsExactly("a");

        pass(4);
        assertThat(done).containsExactly("a");
        pass(1);
        assertThat(done).containsExactly("a", "b", "c");
    }

    @Test
    void a_pass_over_many_streams_lets_other_work_in_between() {
        for (int n = 0; n < 300; n++) {
            loop.add(stream(n == 299 ? "last" : "stream"));
        }
        channel.eventLoop().execute(() -> done.add("request"));
        channel.runPendingTasks();

        assertThat(done).hasSize(301).endsWith("last");
        assertThat(done.indexOf("request")).isEqualTo(128);
    }

    @Test
    void a_pass_begins_20_ms_after_the_beginning_of_the_last_however_long_that_took() {
        for (int n = 0; n < 200; n++) {
            loop.add(stream("stream"));
        }
        channel.eventLoop().execute(() -> channel.advanceTimeBy(15, TimeUnit.MILLISECONDS));
        channel.runPendingTasks();
        loop.add(stream("next"));
        pass(4);
        assertThat(done).hasSize(200);

        pass(1);
        assertThat(done).hasSize(201).endsWith("next");
    }

    @Test
    void a_stream_that_asks_again_while_it_is_served_is_served_in_the_next_pass() {
        loop.add(new Stream("again") {
            @Override
            public void pass() {
                super.pass();
                if (done.size() < 3) {
                    loop.add(this);
                }
            }
        });
        channel.runPendingTasks();
        assertThat(done).containsExactly("again");

        pass(20);
        assertThat(done).containsExactly("again", "again");
        pass(20);
        assertThat(done).containsExactly("again", "again", "again");
    }

    @Test
    void clients_are_checked_each_second_as_long_as_there_are_any() {
        Stream first = stream("first");
        Stream second = stream("second");
        loop.joined(first);
        loop.joined(second);
        pass(1_000);
        assertThat(done).containsExactlyInAnyOrder("check first", "check second");

        loop.left(first);
        pass(1_000);
        loop.left(second);
        pass(5_000);
        assertThat(done).hasSize(3).endsWith("check second");

        loop.joined(first);
        pass(1_000);
        assertThat(done).hasSize(4).endsWith("check first");
    }

    private void pass(long millis) {
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        channel.runPendingTasks();
    }

    private Stream stream(String name) {
        return new Stream(name);
    }

    private class Stream implements StreamLoop.Member {

        private final String name;

        Stream(String name) {
            this.name = name;
        }

        @Override
        public void pass() {
            done.add(name);
        }

        @Override
        public void closeIfStalled() {
            done.add("check " + name);
        }
    }
}
