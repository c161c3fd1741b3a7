package io.observer.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The settings of Redis")
class RedisPropertiesTest {

    private static final String URL = "redis://127.0.0.1:6379";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a b      | 1000 | PT0.8S  | prefix",
                "{a}      | 1000 | PT0.8S  | prefix",
                "observer | 99   | PT0.8S  | max-entries",
                "observer | 1000 | PT0.05S | timeout",
                "observer | 1000 | PT1S    | timeout",
            })
    void have_bounds(String prefix, long maxEntries, Duration timeout, String key) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RedisProperties(URL, null, null, prefix, maxEntries, timeout))
                .withMessageStartingWith("observer.redis." + key + " is ")
                .withMessageContaining(" but must be ");
    }

    @Test
    void name_an_authority_by_a_file_that_holds_its_certificate(@TempDir Path directory) throws Exception {
        Path other = Files.writeString(directory.resolve("other.pem"), "no certificate");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> withAuthority(other))
                .withMessageStartingWith("observer.redis.certificate is no file with a certificate but must be");
        assertThatIllegalArgumentException().isThrownBy(() -> withAuthority(directory.resolve("missing.pem")));
    }

    @Test
    void never_show_the_password() {
        assertThat(new RedisProperties(
                        URL.replace("//", "//user:secret@"), "secret", null, "observer", 1_000, Duration.ofMillis(800)))
                .asString()
                .doesNotContain("secret");
    }

    private static RedisProperties withAuthority(Path file) {
        return new RedisProperties(URL, null, file, "observer", 1_000, Duration.ofMillis(800));
    }
}
