package io.observer.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

@DisplayName("The settings of operations")
class OperationsSettingsTest {

    private static final Path DATA = Path.of("data");

    @Test
    void keep_the_journal_in_the_data_directory_unless_they_name_another_place_or_none() {
        assertThat(journal(null)).isEqualTo(DATA.resolve("operations.jsonl"));
        assertThat(journal("/var/ops.jsonl")).isEqualTo(Path.of("/var/ops.jsonl"));
        assertThat(journal("")).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "4095     | 2    | 2000   | 5   | PT10M  | journal-bytes",
                "16777216 | 0    | 2000   | 5   | PT10M  | kept-journals",
                "16777216 | 1001 | 2000   | 5   | PT10M  | kept-journals",
                "16777216 | 2    | 0      | 5   | PT10M  | ring-size",
                "16777216 | 2    | 100001 | 5   | PT10M  | ring-size",
                "16777216 | 2    | 2000   | 1   | PT10M  | cluster-threshold",
                "16777216 | 2    | 2000   | 101 | PT10M  | cluster-threshold",
                "16777216 | 2    | 2000   | 5   | PT0.9S | cluster-window",
                "16777216 | 2    | 2000   | 5   | PT25H  | cluster-window",
            })
    void have_bounds(long bytes, int kept, int ring, int threshold, Duration window, String key) {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new OperationsSettings(null, DataSize.ofBytes(bytes), kept, ring, threshold, window, ""))
                .withMessageStartingWith("observer.operations." + key + " is ")
                .withMessageContaining(" but must be ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost:8080",
                "ftp://host/x",
                "http://",
                "http:///path",
                "/alerts",
                "http://a:b@host/",
                "ht tp:"
            })
    void refuse_a_webhook_that_cannot_be_called(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> withWebhook(url))
                .withMessage("observer.operations.webhook-url is '" + url
                        + "' but must be a URL such as http://127.0.0.1:8080/alerts, or empty for none");
    }

    @Test
    void take_a_webhook_or_none() {
        assertThat(withWebhook("").webhook()).isEmpty();
        assertThat(withWebhook("https://example.org/hook?x=1").webhook())
                .contains(URI.create("https://example.org/hook?x=1"));
    }

    private static Path journal(String setting) {
        return new OperationsSettings(setting, DataSize.ofMegabytes(16), 2, 2_000, 5, Duration.ofMinutes(10), "")
                .in(DATA)
                .journal();
    }

    private static OperationsSettings withWebhook(String url) {
        return new OperationsSettings(null, DataSize.ofMegabytes(16), 2, 2_000, 5, Duration.ofMinutes(10), url);
    }
}
