package io.observer.log.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

@DisplayName("Turns")
class TurnsTest {

    private final Turns turns = new Turns(2);
    private final List<String> begun = new ArrayList<>();
    private final List<String> done = new ArrayList<>();

    @Test
    void let_only_so_many_work_at_a_time_and_the_rest_in_their_order() {
        Sinks.One<String> a = take("a");
        Sinks.One<String> b = take("b");
        take("c");
        take("d");
        assertThat(begun).containsExactly("a", "b");

        b.tryEmitValue("b");
        assertThat(begun).containsExactly("a", "b", "c");
        a.tryEmitError(new IllegalStateException("as this test has it"));
        assertThat(begun).containsExactly("a", "b", "c", "d");
        assertThat(done).containsExactly("b");
    }

    @Test
    void go_to_the_next_when_somebody_gives_up_working_or_waiting() {
        Disposable a = start("a", Sinks.one());
        take("b");
        Disposable c = start("c", Sinks.one());
        take("d");

        c.dispose();
        assertThat(begun).containsExactly("a", "b");
        a.dispose();
        assertThat(begun).containsExactly("a", "b", "d");
    }

    @Test
    void are_given_back_by_work_that_yields_nothing_or_is_done_at_once() {
        for (int n = 0; n < 10; n++) {
            turns.take(Mono.empty()).subscribe();
            turns.take(Mono.just("at once")).subscribe(done::add);
        }

        assertThat(done).hasSize(10);
    }

    private Sinks.One<String> take(String name) {
        Sinks.One<String> end = Sinks.one();
        start(name, end);
        return end;
    }

    private Disposable start(String name, Sinks.One<String> end) {
        return turns.take(Mono.defer(() -> {
                    begun.add(name);
                    return end.asMono();
                }))
                .subscribe(done::add, failure -> {});
    }
}
