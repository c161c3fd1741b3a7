package io.observer.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GapTest {

    @Test
    void reasons_stand_on_the_wire_in_small_letters() {
        assertThat(Gap.Reason.values())
                .extracting(Gap.Reason::wireName)
                .containsExactly("slow", "evicted", "epoch", "unknown");
    }
}
