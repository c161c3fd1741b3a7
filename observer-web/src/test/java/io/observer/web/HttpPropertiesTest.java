package io.observer.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

@DisplayName("What clients may take is bounded")
class HttpPropertiesTest {

    private static final DataSize EIGHT = DataSize.ofMegabytes(8);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Test
    void by_values_that_make_sense() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HttpProperties(0, EIGHT, MINUTE))
                .withMessage("observer.http.max-connections is 0 but must be at least 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HttpProperties(1, DataSize.ofMegabytes(7), MINUTE))
                .withMessageContaining("observer.http.body-bytes")
                .withMessageEndingWith("at least 8MB, the largest body");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HttpProperties(1, EIGHT, Duration.ofMillis(999)))
                .withMessageContaining("observer.http.idle-timeout")
                .withMessageEndingWith("at least 1s");
    }

    @Test
    void by_the_descriptors_that_are_left_when_the_files_have_theirs() {
        assertThat(Descriptors.share(12_000, 256, 20_000)).isEqualTo(12_000);
        assertThat(Descriptors.share(12_000, 256, 4_096)).isEqualTo(3_712);
    }

    @Test
    void by_half_of_the_descriptors_when_there_are_few_and_by_a_handful_when_there_are_none() {
        assertThat(Descriptors.share(12_000, 256, 300)).isEqualTo(150);
        assertThat(Descriptors.share(12_000, 256, 0)).isEqualTo(16);
        assertThat(Descriptors.share(5, 256, 0)).isEqualTo(5);
    }
}
