package io.observer.e2e.kit;

import static org.assertj.core.api.Assertions.fail;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The programs of the machine that tests read streams with. */
public final class SseClients {

    private SseClients() {}

    /** The first of these programs that is there: a path, or a name to be looked up in {@code PATH}. */
    public static Optional<Path> find(String... programs) {
        return Arrays.stream(programs)
                .filter(program -> !program.isEmpty())
                .flatMap(SseClients::candidates)
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** As {@link #find}; a machine without one skips the test, continuous integration fails it. */
    public static Path need(String... programs) {
        return find(programs).orElseGet(() -> {
            String missing = "none of these programs is installed: " + List.of(programs);
            if ("true".equals(System.getenv("CI"))) {
                return fail(missing);
            }
            return Assumptions.abort(missing);
        });
    }

    private static Stream<Path> candidates(String program) {
        if (program.contains(File.separator)) {
            return Stream.of(Path.of(program));
        }
        Map<String, String> environment = System.getenv();
        return Arrays.stream(environment.getOrDefault("PATH", "").split(File.pathSeparator))
                .map(directory -> Path.of(directory, program));
    }
}
