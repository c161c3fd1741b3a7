package io.observer.web.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

@DisplayName("observer serve")
class ServeCommandTest {

    private final List<String> settings = new ArrayList<>();
    private final CommandLine serve = new CommandLine(new ServeCommand(given -> {
        settings.addAll(given);
        return 1;
    }));

    @Test
    void leaves_every_setting_that_is_not_given_to_the_server() {
        serve.execute();

        assertThat(settings).isEmpty();
    }

    @Test
    void turns_flags_into_settings() {
        serve.execute("--host", "0.0.0.0", "--port=0", "--data-dir", "/tmp/a b", "--log", "memory");

        assertThat(settings)
                .containsExactly(
                        "--observer.host=0.0.0.0",
                        "--observer.port=0",
                        "--observer.data-dir=/tmp/a b",
                        "--observer.log.backend=memory");
    }

    @Test
    void passes_other_settings_and_log_levels_through() {
        serve.execute("--observer.log.max-entries=100", "--logging.level.io.observer=debug", "--observer.x=");

        assertThat(settings)
                .containsExactly(
                        "--observer.log.max-entries=100", "--logging.level.io.observer=debug", "--observer.x=");
    }

    @Test
    void ends_with_the_exit_code_of_the_server() {
        assertThat(serve.execute()).isEqualTo(1);
    }
}
