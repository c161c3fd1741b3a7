package io.observer.event;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Several events in one body: accepted as a whole, or refused as a whole with every reason and its line. */
class EventBatchTest {

    private static final EventJson JSON = new EventJson(Clock.fixed(TestEvents.NOW, ZoneOffset.UTC));

    private static final String SMALL = "{\"event\":\"a\"}";

    @Nested
    @DisplayName("An array")
    class AnArray {

        @Test
        void is_a_batch_in_the_order_of_its_elements() {
            ParsedBody body = array("""
                    [
                      {"event": "job.started", "job_id": "build-7"},
                      {"event": "log.line", "data": {"line": "[a, b]"}},
                      {"event": "job.completed", "job_id": "build-7"}
                    ]
                    """);

            assertThat(body.batch()).isTrue();
            assertThat(names(body)).containsExactly("job.started", "log.line", "job.completed");
            assertThat(body.drafts().get(1).at(7).jsonText()).isEqualTo("""
                            {"id":7,"job_id":"","sheet_num":0,"event":"log.line",\
                            "data":{"line":"[a, b]"},"timestamp":1732152419.250000}""");
        }

        @Test
        void of_one_event_is_a_batch_and_a_bare_event_is_none() {
            assertThat(array("[" + SMALL + "]").batch()).isTrue();
            assertThat(array(SMALL).batch()).isFalse();
        }

        @Test
        void is_refused_with_the_place_of_every_event_at_fault() {
            assertThat(errorsOf(() -> array("""
                            [
                              {"event": "ok"},
                              {"event": "not ok", "data": {"a": [{"b": 1}]}},
                              {"data": {"a": [{"b": 1}]}, "event": null},
                              {"id": {"a": [1, 2]}, "event": "a"},
                              7,
                              ["event"],
                              {"event": "ok"},
                              {"event": "a", "sheet_num": -1}
                            ]
                            """)))
                    .containsExactly("2 event", "3 event", "4 id", "5 null", "6 null", "8 sheet_num");
        }

        @Test
        void that_breaks_off_says_where() {
            assertThat(errorsOf(() -> array("[" + SMALL + "," + SMALL))).containsExactly("3 null");
            assertThat(errorsOf(() -> array("[" + SMALL + ",]"))).containsExactly("2 null");
            assertThat(errorsOf(() -> array("[" + SMALL + "] []"))).containsExactly("2 null");
        }

        @Test
        void without_an_event_is_refused() {
            assertThat(refusal(() -> array("[]")).get(0).detail()).contains("holds no event");
        }

        @Test
        void may_have_events_64_levels_deep_its_own_bracket_not_counted() {
            String deep = "{\"event\":\"a\",\"data\":{\"d\":" + "[".repeat(62) + "]".repeat(62) + "}}";
            String tooDeep = "{\"event\":\"a\",\"data\":{\"d\":" + "[".repeat(63) + "]".repeat(63) + "}}";

            assertThat(array("[" + deep + "]").drafts()).hasSize(1);
            assertThat(errorsOf(() -> array("[" + deep + "," + tooDeep + "," + deep + "]")))
                    .containsExactly("2 data");
        }

        @Test
        void nested_beyond_any_parser_is_still_told_that_it_is_nested_too_deep() {
            String bottomless = "{\"event\":\"a\",\"data\":{\"d\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}}";

            assertThat(refusal(() -> array("[" + bottomless + "]")))
                    .isNotEmpty()
                    .allSatisfy(error -> assertThat(error.detail()).contains("nested too deep"));
        }

        @Test
        void larger_than_1_MiB_is_refused_as_too_large() {
            assertThat(array("[" + SMALL + "," + " ".repeat(EventJson.MAX_ARRAY_BYTES - 29) + SMALL + "]")
                            .drafts())
                    .hasSize(2);
            assertThatExceptionOfType(BodyTooLargeException.class)
                    .isThrownBy(
                            () -> array("[" + SMALL + "," + " ".repeat(EventJson.MAX_ARRAY_BYTES - 28) + SMALL + "]"))
                    .withMessageContaining("1 MiB");
        }

        @Test
        void with_one_event_over_256_KiB_is_refused_with_its_place() {
            assertThat(refusal(() -> array("[" + SMALL + "," + ofSize(EventJson.MAX_EVENT_BYTES + 1) + "]")))
                    .containsExactly(new EventError(2, null, "is too large; one event may have at most 256 KiB"));
            assertThat(array("[" + SMALL + "," + ofSize(EventJson.MAX_EVENT_BYTES) + "]")
                            .drafts())
                    .hasSize(2);
        }

        @Test
        void that_is_not_UTF_8_is_refused_with_the_place_of_the_event_at_fault() {
            String start = "[" + SMALL + ",{\"event\":\"a\",\"data\":{\"ä,\":[\"},\\\"\",{},[]]}},";
            for (String third : new String[] {"{\"event\":\"_\"}", "_", "  _{}", "{\"_\":[1,2]}"}) {
                byte[] body = (start + third + "," + SMALL + "]").getBytes(UTF_8);
                for (int fault : new int[] {0xFF, 0xE4, 0}) {
                    byte[] faulty = body.clone();
                    faulty[new String(body, ISO_8859_1).indexOf('_')] = (byte) fault;

                    assertThat(errorsOf(() -> JSON.parseJson(faulty)))
                            .as("%x in %s", fault, third)
                            .containsExactly("3 null");
                }
            }
        }

        @Test
        void of_more_than_10_000_events_is_refused_as_too_large() {
            assertThat(array("[" + SMALL + ("," + SMALL).repeat(9_999) + "]").drafts())
                    .hasSize(10_000);
            assertThatExceptionOfType(BodyTooLargeException.class)
                    .isThrownBy(() -> array("[" + SMALL + ("," + SMALL).repeat(10_000) + "]"))
                    .withMessageContaining("10000 events");
        }

        @Test
        void never_lists_more_than_100_errors() {
            String wrong = "{\"event\":7}";

            assertThat(errorsOf(() -> array("[" + wrong + ("," + wrong).repeat(500) + "]")))
                    .hasSize(100)
                    .startsWith("1 event", "2 event")
                    .endsWith("100 event");
            assertThat(errorsOf(() -> array("[" + (wrong + ",").repeat(99) + "{\"event\":7,\"data\":{\"broken")))
                    .as("the hundredth event is wrong twice")
                    .hasSize(100);
        }
    }

    @Nested
    @DisplayName("NDJSON")
    class Lines {

        @Test
        void is_a_batch_of_one_event_a_line() {
            ParsedBody body = lines("""
                    {"event": "job.started", "job_id": "build-7"}
                    {"event": "log.line", "data": {"line": "two\\nlines"}}
                    {"event": "job.completed", "job_id": "build-7"}
                    """);

            assertThat(body.batch()).isTrue();
            assertThat(names(body)).containsExactly("job.started", "log.line", "job.completed");
            assertThat(body.drafts().get(1).at(7).jsonText()).isEqualTo("""
                            {"id":7,"job_id":"","sheet_num":0,"event":"log.line",\
                            "data":{"line":"two\\nlines"},"timestamp":1732152419.250000}""");
        }

        @Test
        void of_one_line_is_a_batch_whether_or_not_the_line_is_ended() {
            assertThat(lines(SMALL).batch()).isTrue();
            assertThat(lines(SMALL).drafts()).hasSize(1);
            assertThat(lines(SMALL + "\n").drafts()).hasSize(1);
        }

        @Test
        void may_have_blank_lines_and_CRLF_and_counts_them_in_its_line_numbers() {
            String body = "\r\n" + SMALL + "\r\n" + " \t\n" + "\n" + SMALL + "\n\n";

            assertThat(lines(body).drafts()).hasSize(2);
            assertThat(errorsOf(() -> lines(body + "{}\r\n"))).containsExactly("7 event");
        }

        @Test
        void is_refused_with_the_line_of_every_event_at_fault() {
            assertThat(errorsOf(() -> lines("""
                            {"event": "ok"}

                            {"event": "not ok"}
                            {"event": "a"
                            [{"event": "a"}]
                            {"event": "ok"}
                            {"event": "a"} {"event": "b"}
                            {"event": "a", "data": {"x": 1, "x": 1}}
                            {"event": "a", "color": "red"}
                            """)))
                    .containsExactly("3 event", "4 null", "5 null", "7 null", "8 data", "9 color");
        }

        @Test
        void counts_the_bytes_of_a_syntax_error_from_the_start_of_its_line() {
            EventError error =
                    refusal(() -> lines(SMALL + "\n" + "{\"event\":a}\n")).get(0);

            assertThat(error.line()).isEqualTo(2);
            assertThat(error.detail()).contains("near byte 9");
        }

        @Test
        void says_which_line_is_not_UTF_8_or_starts_with_a_byte_order_mark() {
            byte[] body = (SMALL + "\n{\"event\":\"a\",\"data\":{\"s\":\"_\"}}\n\uFEFF" + SMALL).getBytes(UTF_8);
            body[new String(body, UTF_8).indexOf('_')] = (byte) 0xE4;

            List<EventError> errors = refusal(() -> JSON.parseLines(body));

            assertThat(errors).extracting(EventError::line).containsExactly(2, 3);
            assertThat(errors.get(0).detail()).contains("is not valid UTF-8");
            assertThat(errors.get(1).detail()).contains("byte order mark");
        }

        @Test
        void without_an_event_is_refused() {
            for (String body : new String[] {"", "\n", "\r\n \n\t\r\n"}) {
                assertThat(refusal(() -> lines(body)).get(0).detail()).contains("holds no event");
            }
        }

        @Test
        void with_one_event_over_256_KiB_is_refused_with_its_line() {
            assertThat(refusal(() -> lines(SMALL + "\n\n" + ofSize(EventJson.MAX_EVENT_BYTES + 1) + "\n")))
                    .containsExactly(
                            new EventError(3, null, "the line is too large; one event may have at most 256 KiB"));
            assertThat(lines(SMALL + "\n" + ofSize(EventJson.MAX_EVENT_BYTES) + "\n")
                            .drafts())
                    .hasSize(2);
        }

        @Test
        void measures_an_event_from_brace_to_brace() {
            String largest = ofSize(EventJson.MAX_EVENT_BYTES);
            String larger = ofSize(EventJson.MAX_EVENT_BYTES + 1);

            for (String blanks : new String[] {"", " ", "\r", "\t \r"}) {
                for (String end : new String[] {"", "\n"}) {
                    assertThat(lines(" " + blanks + largest + blanks + end).drafts())
                            .hasSize(1);
                    assertThat(errorsOf(() -> lines(blanks + larger + blanks + end)))
                            .containsExactly("1 null");
                }
            }
        }

        @Test
        void larger_than_8_MiB_is_refused_as_too_large() {
            byte[] full = (SMALL + "\n" + "\n".repeat(EventJson.MAX_LINES_BYTES - SMALL.length() - 1)).getBytes(UTF_8);
            byte[] over = (SMALL + "\n" + "\n".repeat(EventJson.MAX_LINES_BYTES - SMALL.length())).getBytes(UTF_8);

            assertThat(JSON.parseLines(full).drafts()).hasSize(1);
            assertThatExceptionOfType(BodyTooLargeException.class)
                    .isThrownBy(() -> JSON.parseLines(over))
                    .withMessageContaining("8 MiB");
        }

        @Test
        void of_more_than_10_000_events_is_refused_as_too_large() {
            assertThat(lines((SMALL + "\n\n").repeat(10_000)).drafts()).hasSize(10_000);
            assertThatExceptionOfType(BodyTooLargeException.class)
                    .isThrownBy(() -> lines((SMALL + "\n").repeat(10_001)))
                    .withMessageContaining("10000 events");
        }

        @Test
        void never_lists_more_than_100_errors() {
            assertThat(errorsOf(() -> lines("{}\n".repeat(500)))).hasSize(100).endsWith("100 event");
        }
    }

    private static ParsedBody array(String body) {
        return JSON.parseJson(body.getBytes(UTF_8));
    }

    private static ParsedBody lines(String body) {
        return JSON.parseLines(body.getBytes(UTF_8));
    }

    private static List<String> names(ParsedBody body) {
        return body.drafts().stream().map(EventDraft::name).toList();
    }

    private static List<EventError> refusal(Runnable parsing) {
        InvalidEventException refused = catchThrowableOfType(InvalidEventException.class, parsing::run);
        assertThat(refused).as("the refusal").isNotNull();
        return refused.errors();
    }

    /** Line and field of each error, as in {@code 3 data}. */
    private static List<String> errorsOf(Runnable parsing) {
        return refusal(parsing).stream()
                .map(error -> error.line() + " " + error.field())
                .toList();
    }

    private static String ofSize(int bytes) {
        String start = "{\"event\":\"a\",\"data\":{\"s\":\"";
        return start + "x".repeat(bytes - start.length() - 3) + "\"}}";
    }
}
