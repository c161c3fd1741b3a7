package io.observer.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Both ways of reading an event agree")
class IngestFuzzerTest {

    @Test
    void on_what_a_coverage_guided_run_starts_with_and_has_found() throws IOException {
        List<Path> inputs;
        try (Stream<Path> files = Files.list(Path.of("src", "test", "resources", "fuzz"))) {
            inputs = files.sorted().toList();
        }
        assertThat(inputs).isNotEmpty();
        for (Path input : inputs) {
            IngestFuzzer.fuzzerTestOneInput(Files.readAllBytes(input));
        }
    }
}
