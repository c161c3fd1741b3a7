package io.observer.web.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("What publish gives to events")
class PublishDefaultsTest {

    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(1732152419007L), ZoneOffset.UTC);

    @Test
    void an_event_made_from_flags_has_what_was_given_and_the_time() {
        assertThat(text(new PublishDefaults("build", 3).event("job.started", "{\"a\":1.0}", CLOCK)))
                .isEqualTo("""
                        {"job_id":"build","sheet_num":3,"event":"job.started","data":{"a":1.0},\
                        "timestamp":1732152419.007}""");
        assertThat(text(new PublishDefaults(null, null).event("x", "null", CLOCK)))
                .isEqualTo("{\"event\":\"x\",\"data\":null,\"timestamp\":1732152419.007}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"event":"x"}                           | {"job_id":"build","sheet_num":3,"event":"x"}
            ` {"event":"x","data":{"job_id":"y"}}`  | ` {"job_id":"build","sheet_num":3,"event":"x","data":{"job_id":"y"}}`
            {"event":"x","job_id":"mine"}           | {"sheet_num":3,"event":"x","job_id":"mine"}
            {"event":"x","job_id":""}               | {"sheet_num":3,"event":"x","job_id":""}
            {"job_id":"mine","sheet_num":0}         | {"job_id":"mine","sheet_num":0}
            {}                                      | {"job_id":"build","sheet_num":3}
            """)
    void events_that_lack_job_or_sheet_get_them(String event, String completed) {
        assertThat(completed(new PublishDefaults("build", 3), event)).isEqualTo(completed);
    }

    @Test
    void nothing_is_added_when_nothing_was_given() {
        String event = "{ \"event\" : \"x\" }";

        assertThat(completed(new PublishDefaults(null, null), event)).isEqualTo(event);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1]", "{\"event\":", "nonsense", "{}x"})
    void what_is_no_event_is_left_to_the_server(String line) {
        assertThat(completed(new PublishDefaults("build", null), line)).isEqualTo(line);
    }

    @Test
    void bytes_that_are_no_text_stay_what_they_are_so_that_the_server_refuses_them() {
        String event = "{\"event\":\"x\",\"data\":\"\u00ff\u00fe\"}";

        byte[] completed = new PublishDefaults("build", null).complete(event.getBytes(StandardCharsets.ISO_8859_1));

        assertThat(new String(completed, StandardCharsets.ISO_8859_1))
                .isEqualTo("{\"job_id\":\"build\"," + event.substring(1));
    }

    private static String completed(PublishDefaults defaults, String event) {
        return text(defaults.complete(event.getBytes(StandardCharsets.UTF_8)));
    }

    private static String text(byte[] json) {
        return new String(json, StandardCharsets.UTF_8);
    }
}
