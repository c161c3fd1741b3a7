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
    void what_comes_while_passes_are_dear_waits_for_the_next_which_is_20_ms_after_the_first() {
        Stream slow = stream("slow", () -> channel.advanceTimeBy(5, TimeUnit.MILLISECONDS));
        loop.add(slow);
        pass(0);
        loop.add(slow);
        pass(0);
        assertThat(done).containsExactly("slow", "slow");

        loop.add(stream("a"));
        pass(5);
        loop.add(stream("b"));
        pass(4);
        assertThat(done).containsExactly("slow", "slow");
        pass(1);
        assertThat(done).containsExactly("slow", "slow", "a", "b");
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
    void a_stream_that_asks_again_while_it_is_served_is_served_in_the_next_pass_after_other_work() {
        Stream again = new Stream("again") {
            @Override
            void pass() {
                super.pass();
                if (done.size() < 3) {
                    loop.add(this);
                    channel.eventLoop().execute(() -> done.add("request"));
                }
            }
        };
        loop.add(again);
        channel.runPendingTasks();
        assertThat(done).containsExactly("again", "request", "again");
    }

    @Test
    void streams_that_ask_while_a_pass_goes_on_still_have_their_turn_in_it() {
        Stream second = stream("second", () -> loop.add(stream("third")));
        loop.add(stream("first", () -> loop.add(second)));
        channel.runPendingTasks();

        assertThat(done).containsExactly("first", "second", "third");
        assertThat(channel.hasPendingTasks()).isFalse();
    }

    @Test
    void a_stream_that_fails_costs_the_others_nothing() {
        loop.add(stream("first", () -> {
            throw new InternalError("no memory for a buffer");
        }));
        loop.add(stream("second"));
        pass(0);
        assertThat(done).containsExactly("first", "second");

        loop.add(stream("third"));
        pass(20);
        assertThat(done).containsExactly("first", "second", "third");
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

    private Stream stream(String name, Runnable work) {
        return new Stream(name) {
            @Override
            void pass() {
                super.pass();
                work.run();
            }
        };
    }

    private class Stream extends StreamLoop.Member {

        private final String name;

        Stream(String name) {
            this.name = name;
        }

        @Override
        void pass() {
            done.add(name);
        }

        @Override
        void closeIfStalled() {
            done.add("check " + name);
        }
    }
}
