package io.observer.web.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The memory for answers")
class AnswerMemoryTest {

    private static final int MIB = 1 << 20;

    private final AnswerMemory memory = new AnswerMemory(24 * MIB);

    @Test
    void gives_each_answer_8_mib_at_most_and_half_of_what_is_left() {
        memory.take();
        memory.take();
        memory.take();

        assertThat(memory.free()).isEqualTo(4 * MIB);
    }

    @Test
    void refuses_when_an_event_might_not_fit() {
        memory.hold(new byte[23 * MIB]);

        assertThatThrownBy(memory::take)
                .isInstanceOf(RpcException.class)
                .hasMessage("too many answers wait to be taken; try again later");
        assertThat(memory.free()).isEqualTo(MIB);
    }

    @Test
    void has_everything_back_when_answers_are_made_and_taken() {
        byte[] answer = new byte[MIB];
        try (AnswerMemory.Room room = memory.take()) {
            assertThat(room.forEvents()).isBetween(7L * MIB, 8L * MIB);
            memory.hold(answer);
        }
        assertThat(memory.free()).isEqualTo(23 * MIB);

        memory.release(answer);

        assertThat(memory.free()).isEqualTo(24 * MIB);
    }
}
