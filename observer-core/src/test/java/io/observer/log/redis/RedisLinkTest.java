package io.observer.log.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The pause before Redis is tried again")
class RedisLinkTest {

    @ParameterizedTest
    @CsvSource({"1, 50, 100", "2, 100, 200", "6, 1600, 3200", "7, 2500, 5000", "1000, 2500, 5000"})
    void is_longer_after_each_failure_and_not_the_same_for_all_nodes(int failures, long shortest, long longest) {
        var pauses = IntStream.range(0, 100)
                .mapToObj(node -> RedisLink.pause(failures, new Random(node)))
                .collect(Collectors.toSet());

        assertThat(pauses)
                .hasSizeGreaterThan(10)
                .allMatch(pause -> pause.compareTo(Duration.ofMillis(shortest)) >= 0)
                .allMatch(pause -> pause.compareTo(Duration.ofMillis(longest)) <= 0);
    }
}
