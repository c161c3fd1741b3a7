package io.observer.web.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.observer.web.http.Problem;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The budget for bodies under way")
class BodyBudgetTest {

    private static final int FREE = BodyBudget.FREE_BYTES;

    private final BodyBudget budget = new BodyBudget(1_000);
    private final BodyBudget.Body body = budget.body();

    @Test
    void does_not_count_the_first_bytes_of_a_body() {
        body.came(FREE);
        assertThat(budget.heldBytes()).isZero();

        body.came(1);
        assertThat(budget.heldBytes()).isOne();
    }

    @Test
    void refuses_the_body_for_which_there_is_no_room_and_leaves_the_others_theirs() {
        BodyBudget.Body other = budget.body();
        other.came(FREE + 600);
        body.came(FREE + 400);

        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> body.came(1))
                .satisfies(refusal -> assertThat(refusal.status().value()).isEqualTo(503));

        body.done();
        assertThat(budget.heldBytes()).isEqualTo(600);
        other.came(400);
        other.done();
        assertThat(budget.heldBytes()).isZero();
    }

    @Test
    void gets_each_byte_back_once() {
        body.came(FREE + 500);
        body.done();
        body.done();
        assertThat(budget.heldBytes()).isZero();
    }
}
