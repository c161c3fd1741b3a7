package io.observer.operation;

import static io.observer.operation.TestOperations.op;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.observer.event.BodyTooLargeException;
import io.observer.event.EventError;
import io.observer.event.EventJson;
import io.observer.event.InvalidEventException;
import io.observer.event.StoredEvents;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("An operation as JSON")
class OperationJsonTest {

    @Nested
    class That_says_little {

        @Test
        void gets_the_time_of_its_arrival_the_source_mcp_and_has_failed() {
            assertThat(op("{\"endpoint\":\"/v1/search\"}").jsonText()).isEqualTo("""
                    {"timestamp":"2024-11-21T01:26:59.250Z","source":"mcp","endpoint":"/v1/search","success":false}""");
        }

        @ParameterizedTest
        @ValueSource(strings = {"\"\"", "null"})
        void may_say_it_with_nothing_in_it(String nothing) {
            ObservedOp op =
                    op("{\"endpoint\":\"/a\",\"source\":%1$s,\"timestamp\":%1$s,\"role\":%1$s}".formatted(nothing));

            assertThat(op.jsonText()).isEqualTo("""
                    {"timestamp":"2024-11-21T01:26:59.250Z","source":"mcp","endpoint":"/a","success":false,"role":%s}""".formatted(nothing));
            assertThat(op.role()).isEmpty();
        }
    }

    @Test
    void keeps_members_that_nobody_knows_byte_for_byte() {
        ObservedOp op = op("""
                { "sig_hash": "\\u00e4\\/", "success": true, "duration_ms": 1.50, "endpoint": "/v1/sql/query",
                  "input": {"city": "K\u00f6ln", "n": [1e2, -0.0, {}]}, "timestamp": "2026-11-21T07:00:00+01:00",
                  "source": "langfuse" }""");

        assertThat(op.jsonText()).isEqualTo("""
                {"timestamp":"2026-11-21T07:00:00+01:00","source":"langfuse","endpoint":"/v1/sql/query","success":true,\
                "sig_hash":"\\u00e4\\/","duration_ms":1.50,"input":{"city":"K\u00f6ln","n":[1e2,-0.0,{}]}}""");
        assertThat(op.at()).isEqualTo(Instant.parse("2026-11-21T06:00:00Z"));
    }

    @Test
    void is_the_same_when_what_was_stored_is_read_again() {
        ObservedOp first = op("{\"endpoint\":\"/a\",\"x\":[ 1, 2 ],\"error\":\"\\u20ac \\ud83d\\ude00\"}");

        assertThat(op(first.jsonText()).jsonText()).isEqualTo(first.jsonText());
        assertThat(first.error()).isEqualTo("€ 😀");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}                                              | endpoint    | is missing; every operation needs one, such as \"/v1/search\"",
                "{\"endpoint\":\"\"}                             | endpoint    | must be a string that is not empty",
                "{\"endpoint\":\" \"}                            | endpoint    | must be a string that is not empty",
                "{\"endpoint\":null}                             | endpoint    | must be a string that is not empty",
                "{\"endpoint\":7}                                | endpoint    | must be a string",
                "{\"endpoint\":\"/a\",\"success\":\"true\"}      | success     | must be true or false",
                "{\"endpoint\":\"/a\",\"success\":1}             | success     | must be true or false",
                "{\"endpoint\":\"/a\",\"success\":null}          | success     | must be true or false",
                "{\"endpoint\":\"/a\",\"source\":[]}             | source      | must be a string",
                "{\"endpoint\":\"/a\",\"staffer_id\":5}          | staffer_id  | must be a string",
                "{\"endpoint\":\"/a\",\"event_kind\":{}}         | event_kind  | must be a string",
                "{\"endpoint\":\"/a\",\"role\":false}            | role        | must be a string",
                "{\"endpoint\":\"/a\",\"error\":{}}              | error       | must be a string",
                "{\"endpoint\":\"/a\",\"duration_ms\":\"5\"}     | duration_ms | must be a number of milliseconds",
                "{\"endpoint\":\"/a\",\"timestamp\":1732152419}  | timestamp   | must be a string",
                "{\"endpoint\":\"/a\",\"timestamp\":\"today\"}   | timestamp   | 'today' is no time; write it like 2026-11-21T06:59:42.5Z",
                "{\"endpoint\":\"/a\",\"x\":1e999}               | x           | holds a number beyond the range of a double",
                "{\"endpoint\":\"/a\",\"x\":\"\\ud800\"}         | x           | holds half of a surrogate pair; write whole characters",
                "{\"endpoint\":\"/a\",\"endpoint\":\"/b\"}       | endpoint    | the key 'endpoint' appears twice in one object; keep one",
                "{\"endpoint\":\"/a\"                            |             | the JSON ends too early",
                "{\"endpoint\":\"/a\"} {}                        |             | text follows the end of the JSON; send nothing after it",
                "[{\"endpoint\":\"/a\"}]                         |             | the body must be a JSON object",
                "NaN                                             |             | is not valid JSON near byte 3",
            })
    void is_refused_with_the_member_and_the_rule(String json, String field, String rule) {
        assertThat(errorsOf(json.getBytes(UTF_8))).containsExactly(new EventError(1, field, rule));
    }

    @Test
    void is_refused_with_all_that_is_wrong_at_once() {
        assertThat(errorsOf("{\"success\":3,\"role\":4}".getBytes(UTF_8)))
                .extracting(EventError::field)
                .containsExactly("endpoint", "success", "role");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-21T07:00:00Z,2026-11-21T07:00:00Z",
        "2026-11-21t07:00:00z,2026-11-21T07:00:00Z",
        "2026-11-21T07:00:00.123456789123Z,2026-11-21T07:00:00.123456789Z",
        "2026-11-21T01:30:00-05:30,2026-11-21T07:00:00Z",
        "2016-12-31T23:59:60Z,2016-12-31T23:59:59Z",
    })
    void may_write_its_time_in_any_way_that_rfc_3339_has(String written, String meant) {
        ObservedOp op = op("{\"endpoint\":\"/a\",\"timestamp\":\"" + written + "\"}");

        assertThat(op.at()).isEqualTo(Instant.parse(meant));
        assertThat(op.timestamp()).isEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-21", "2026-11-21T07:00Z", "2026-11-21T07:00:00", "2026-13-01T00:00:00Z",
                "2026-02-30T00:00:00Z", "2026-11-21T24:00:00Z", "2026-11-21T07:00:0042Z", "1732152419"
            })
    void may_not_write_it_in_another(String written) {
        assertThat(errorsOf(("{\"endpoint\":\"/a\",\"timestamp\":\"" + written + "\"}").getBytes(UTF_8)))
                .singleElement()
                .extracting(EventError::field)
                .isEqualTo("timestamp");
    }

    @ParameterizedTest
    @CsvSource({"source,128", "endpoint,2048", "staffer_id,256", "event_kind,256", "role,256"})
    void has_names_of_a_bounded_length(String member, int most) {
        String others = member.equals("endpoint") ? "" : "\"endpoint\":\"/a\",";

        op("{" + others + "\"" + member + "\":\"" + "ä".repeat(most) + "\"}");

        assertThat(errorsOf(("{" + others + "\"" + member + "\":\"" + "ä".repeat(most + 1) + "\"}").getBytes(UTF_8)))
                .containsExactly(new EventError(1, member, "may have at most " + most + " characters"));
    }

    @Test
    void may_be_256_KiB_large_and_no_larger() {
        String frame = "{\"endpoint\":\"/a\",\"x\":\"\"}";
        String filler = "x".repeat(OperationJson.MAX_BYTES - frame.length());
        String largest = frame.replace("\"\"", "\"" + filler + "\"");

        assertThat(op(largest).endpoint()).isEqualTo("/a");
        assertThatExceptionOfType(BodyTooLargeException.class).isThrownBy(() -> op(largest + " "));
    }

    @Test
    void may_be_as_deep_as_the_payload_of_an_event() {
        String deepest = "{\"endpoint\":\"/a\",\"x\":" + "[".repeat(62) + "]".repeat(62) + "}";
        String tooDeep = "{\"endpoint\":\"/a\",\"x\":" + "[".repeat(63) + "]".repeat(63) + "}";

        byte[] event = OperationEvents.of(op(deepest)).at(1).json();
        assertThat(StoredEvents.check(event)).isNotNull();
        new EventJson(Clock.systemUTC()).parseJson(("{\"event\":\"a\",\"data\":" + deepest + "}").getBytes(UTF_8));
        assertThat(errorsOf(tooDeep.getBytes(UTF_8)))
                .singleElement()
                .satisfies(error -> assertThat(error.detail()).contains("nested too deep"));
    }

    @Test
    void must_be_plain_utf_8() {
        assertThat(errorsOf(new byte[] {'{', '"', (byte) 0xC3, '"', ':', '1', '}'}))
                .containsExactly(new EventError(1, null, "the body is not valid UTF-8; send JSON in UTF-8"));
        assertThat(errorsOf("\uFEFF{\"endpoint\":\"/a\"}".getBytes(UTF_8)))
                .containsExactly(
                        new EventError(1, null, "the body starts with a byte order mark; send UTF-8 without one"));
    }

    @Test
    void names_its_job_if_that_is_one() {
        assertThat(op("{\"endpoint\":\"/a\",\"job_id\":\"build-7\"}").jobId()).isEqualTo("build-7");
        assertThat(op("{\"endpoint\":\"/a\",\"job_id\":\"../etc\"}").jobId()).isEmpty();
        assertThat(op("{\"endpoint\":\"/a\",\"job_id\":7}").jobId()).isEmpty();
        assertThat(op("{\"endpoint\":\"/a\",\"job_id\":7}").jsonText()).endsWith(",\"job_id\":7}");
    }

    private static List<EventError> errorsOf(byte[] json) {
        OperationJson parser = new OperationJson(Clock.systemUTC());
        InvalidEventException refused = catchThrowableOfType(InvalidEventException.class, () -> parser.parse(json));
        assertThat(refused).as("must be refused").isNotNull();
        return refused.errors();
    }
}
