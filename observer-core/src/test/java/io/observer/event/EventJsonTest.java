package io.observer.event;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What one event looks like when it is sent and when it is stored. */
class EventJsonTest {

    private static final EventJson JSON = new EventJson(Clock.fixed(TestEvents.NOW, ZoneOffset.UTC));

    @Nested
    @DisplayName("An accepted event")
    class Accepted {

        @Test
        void is_stored_compact_with_its_id_first_and_its_members_in_one_order() {
            assertThat(stored("""
                            {
                              "timestamp": 1732152419.25,
                              "data": {"path": "src/A.java"},
                              "event": "observer.file_modified",
                              "sheet_num": 3,
                              "job_id": "build-7"
                            }
                            """)).isEqualTo("""
                            {"id":42,"job_id":"build-7","sheet_num":3,"event":"observer.file_modified",\
                            "data":{"path":"src/A.java"},"timestamp":1732152419.25}""");
        }

        @Test
        void needs_a_name_and_nothing_else() {
            assertThat(stored("""
                    {"event":"job.started"}""")).isEqualTo("""
                            {"id":42,"job_id":"","sheet_num":0,"event":"job.started",\
                            "data":null,"timestamp":1732152419.250000}""");
        }

        @Test
        void may_say_kind_and_payload_for_event_and_data() {
            assertThat(stored("""
                            {"kind":"job.failed","payload":{"why":"disk full"},"timestamp":1}""")).isEqualTo("""
                            {"id":42,"job_id":"","sheet_num":0,"event":"job.failed",\
                            "data":{"why":"disk full"},"timestamp":1}""");
        }

        @Test
        void may_spell_its_keys_and_names_with_escapes() {
            assertThat(stored("""
                    {"\\u0065vent":"job\\u002estarted","timestamp":1}""")).contains("""
                            "event":"job.started\"""");
        }

        @Test
        void keeps_the_bytes_of_its_payload_white_space_between_tokens_aside() {
            assertThat(stored("""
                            {"event":"a","timestamp":1,"data": {
                            \t"two  blanks" : "tab\\tquote\\" backslash\\\\ : , { } [ ]",
                              "as sent": ["\\u00e4", "ä", "\\/", "/", 1.0, 1.00, 1E+2, -0, true, null],
                              "pair": "\\ud83d\\ude00 😀", "empty": { }, "none": [ ]
                            }}""")).isEqualTo("""
                            {"id":42,"job_id":"","sheet_num":0,"event":"a","data":{\
                            "two  blanks":"tab\\tquote\\" backslash\\\\ : , { } [ ]",\
                            "as sent":["\\u00e4","ä","\\/","/",1.0,1.00,1E+2,-0,true,null],\
                            "pair":"\\ud83d\\ude00 😀","empty":{},"none":[]\
                            },"timestamp":1}""");
        }

        @Test
        void may_hold_the_same_key_in_different_objects_of_its_payload() {
            String payload = """
                    {"id":1,"a":{"id":2,"a":[{"id":3},{"id":3}]}}""";

            assertThat(dataOf(stored("{\"event\":\"a\",\"data\":" + payload + "}")))
                    .isEqualTo(payload);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "0",
                    "1732152419",
                    "1732152419.25",
                    "1.73215241925e9",
                    "-1.5",
                    "1.7976931348623157e308",
                    "1732152419.123456789012345678901234567890"
                })
        void keeps_its_timestamp_as_written(String timestamp) {
            assertThat(stored("{\"event\":\"a\",\"timestamp\":" + timestamp + "}"))
                    .endsWith(",\"timestamp\":" + timestamp + "}");
        }

        @Test
        void without_a_timestamp_is_dated_by_the_clock_to_the_microsecond() {
            EventJson json = new EventJson(Clock.fixed(Instant.ofEpochSecond(1_732_152_419L, 7_999), ZoneOffset.UTC));

            EventDraft draft =
                    json.parseJson("{\"event\":\"a\"}".getBytes(UTF_8)).drafts().get(0);

            assertThat(draft.timestamp()).isEqualTo(1732152419.000007);
            assertThat(draft.at(1).jsonText()).endsWith(",\"timestamp\":1732152419.000007}");
        }

        @ParameterizedTest
        @CsvSource({"0,0", "-0,0", "7,7", "2147483647,2147483647"})
        void has_a_sheet_from_0_to_the_largest_int(String sent, int sheet) {
            EventDraft draft = TestEvents.draft("{\"event\":\"a\",\"sheet_num\":" + sent + "}");

            assertThat(draft.sheetNum()).isEqualTo(sheet);
            assertThat(draft.at(1).jsonText()).contains("\"sheet_num\":" + sheet + ",");
        }

        @Test
        void may_have_numbers_as_large_as_a_double() {
            String large = "9".repeat(308);

            assertThat(dataOf(stored("{\"event\":\"a\",\"data\":{\"n\":[" + large + ",1e308,-1e308,1e-9999]}}")))
                    .isEqualTo("{\"n\":[" + large + ",1e308,-1e308,1e-9999]}");
        }

        @Test
        void may_be_64_levels_deep_its_own_braces_included() {
            String data = "{\"d\":" + "[".repeat(62) + "]".repeat(62) + "}";

            assertThat(dataOf(stored("{\"event\":\"a\",\"data\":" + data + "}")))
                    .isEqualTo(data);
        }

        @Test
        void is_cut_from_the_bytes_it_came_in_whatever_characters_stand_before_and_in_it() {
            String data = "{\"é\":[\"€\",\"😀\"],\"after\":{\"ü\":\"\\ud83d\\ude00\"}}";

            assertThat(dataOf(stored("{\"job_id\":\"a\", \"data\": " + data + ", \"event\":\"a\"}")))
                    .isEqualTo(data);
            List<EventDraft> drafts = parse(
                            "[{\"event\":\"a\",\"data\":" + data + "}, {\"data\":" + data + ",\"event\":\"b\"}]")
                    .drafts();
            assertThat(drafts)
                    .allSatisfy(
                            draft -> assertThat(dataOf(draft.at(1).jsonText())).isEqualTo(data));
        }

        /** Keys that a table of names would put in one place: a parser that keeps such a table gives up, or is slow. */
        @Test
        void may_have_many_keys_that_look_alike_to_a_hash() {
            StringJoiner members = new StringJoiner(",", "{", "}");
            List<String> ends = new ArrayList<>();
            permute("", List.of("aaaa", "bbbb", "cccc", "dddd", "eeee", "ffff"), ends);
            ends.forEach(end -> members.add("\"build.output" + end + "\":1"));

            assertThat(ends).hasSize(720);
            assertThat(dataOf(stored("{\"event\":\"a\",\"data\":" + members + "}")))
                    .isEqualTo(members.toString());
        }

        @Test
        void tells_its_members_apart_for_filters_and_directories() {
            Event event = TestEvents.draft("""
                            {"job_id":"build-7","sheet_num":3,"event":"job.started","timestamp":12.5}""").at(42);

            assertThat(event.id()).isEqualTo(42);
            assertThat(event.jobId()).isEqualTo("build-7");
            assertThat(event.sheetNum()).isEqualTo(3);
            assertThat(event.name()).isEqualTo("job.started");
            assertThat(event.timestamp()).isEqualTo(12.5);
        }

        @Test
        void is_one_line_whatever_white_space_was_sent() {
            assertThat(stored("\r\n\t {\r\n\"event\"\t:\r\n\"a\" ,\"data\":{\r\n\"x\"\n:\r1\t}\n}\r\n"))
                    .doesNotContainAnyWhitespaces();
        }
    }

    @Nested
    @DisplayName("A refused event")
    class Refused {

        @ParameterizedTest(name = "{0} is refused: {2}")
        @CsvSource(delimiter = '|', textBlock = """
            {}                                          | event     | is missing; every event needs a name
            {"data":{}}                                 | event     | is missing
            {"event":null}                              | event     | must be a string
            {"event":7}                                 | event     | must be a string
            {"event":["a"]}                             | event     | must be a string
            {"event":{"a":"b"}}                         | event     | must be a string
            {"event":""}                                | event     | must be 1 to 128 characters
            {"event":"job started"}                     | event     | of A-Z a-z 0-9 . _ -
            {"event":"a..b"}                            | event     | hold no '..'
            {"event":".a"}                              | event     | start with a letter or digit
            {"event":"-a"}                              | event     | start with a letter or digit
            {"event":"größe"}                           | event     | of A-Z a-z 0-9 . _ -
            {"event":"a\\nb"}                           | event     | of A-Z a-z 0-9 . _ -
            {"event":"a\\u0000"}                        | event     | of A-Z a-z 0-9 . _ -
            {"kind":"a b"}                              | kind      | of A-Z a-z 0-9 . _ -
            {"event":"a","kind":"a"}                    | kind      | event and kind are two names of one thing
            {"kind":"a","event":"a"}                    | event     | kind and event are two names of one thing
            {"event":"a","job_id":null}                 | job_id    | must be a string
            {"event":"a","job_id":7}                    | job_id    | must be a string
            {"event":"a","job_id":" "}                  | job_id    | is no job name
            {"event":"a","job_id":"../etc"}             | job_id    | start with a letter or digit
            {"event":"a","job_id":"a/b"}                | job_id    | of A-Z a-z 0-9 . _ -
            {"event":"a","job_id":"a\\ud800"}           | job_id    | of A-Z a-z 0-9 . _ -
            {"event":"a","sheet_num":null}              | sheet_num | must be an integer from 0 to 2147483647
            {"event":"a","sheet_num":-1}                | sheet_num | must be an integer from 0 to 2147483647
            {"event":"a","sheet_num":2147483648}        | sheet_num | must be an integer from 0 to 2147483647
            {"event":"a","sheet_num":99999999999999999} | sheet_num | must be an integer from 0 to 2147483647
            {"event":"a","sheet_num":1.0}               | sheet_num | must be an integer from 0 to 2147483647
            {"event":"a","sheet_num":1e2}               | sheet_num | must be an integer from 0 to 2147483647
            {"event":"a","sheet_num":"1"}               | sheet_num | must be an integer from 0 to 2147483647
            {"event":"a","data":[]}                     | data      | must be an object or null
            {"event":"a","data":"x"}                    | data      | must be an object or null
            {"event":"a","data":1}                      | data      | must be an object or null
            {"event":"a","data":false}                  | data      | must be an object or null
            {"event":"a","payload":[]}                  | payload   | must be an object or null
            {"event":"a","data":null,"payload":null}    | payload   | data and payload are two names of one thing
            {"event":"a","timestamp":null}              | timestamp | must be a number: seconds since
            {"event":"a","timestamp":"now"}             | timestamp | must be a number: seconds since
            {"event":"a","timestamp":1e309}             | timestamp | beyond the range of a double
            {"event":"a","id":1}                        | id        | ids are given by the log; leave it out
            {"event":"a","id":null}                     | id        | ids are given by the log; leave it out
            {"event":"a","color":"red"}                 | color     | unknown key; known are job_id
            {"event":"a","Event":"a"}                   | Event     | unknown key
            {"event":"a","":1}                          | ''        | unknown key
            {"event":"a","<b>\\n":1}                    | \\u003cb\\u003e\\u000a | unknown key
            {"event":"a","data":{"n":1e309}}            | data      | beyond the range of a double
            {"event":"a","data":{"n":[{"m":-1e309}]}}   | data      | beyond the range of a double
            {"event":"a","payload":{"n":1e309}}         | payload   | beyond the range of a double
            {"event":"a","data":{"s":"\\ud800"}}        | data      | half of a surrogate pair
            {"event":"a","data":{"s":"\\uDE00\\uD83D"}} | data      | half of a surrogate pair
            {"event":"a","data":{"s":["\\uD83d"]}}      | data      | half of a surrogate pair
            {"event":"a","data":{"\\udc00":1}}          | data      | half of a surrogate pair
            {"event":"a","data":{"\\ud83dx":1}}         | data      | half of a surrogate pair
            {"event":"a","event":"a"}                   | event     | the key 'event' appears twice in one object; keep one
            {"event":"a","\\u0065vent":"a"}             | event     | the key 'event' appears twice
            {"event":"a","data":{},"data":{}}           | data      | the key 'data' appears twice
            {"event":"a","data":{"x":1,"x":1}}          | data      | the key 'x' appears twice
            {"event":"a","data":{"x":1,"\\u0078":1}}    | data      | the key 'x' appears twice
            {"event":"a","payload":{"l":[{"x":1,"x":1}]}} | payload | the key 'x' appears twice
            {"event":"a","data":{"<":1,"<":1}}          | data      | the key '\\u003c' appears twice
            """)
        void says_which_member_breaks_which_rule(String json, String field, String rule) {
            EventError error = onlyError(json);

            assertThat(error.line()).isEqualTo(1);
            assertThat(error.field()).isEqualTo(field);
            assertThat(error.detail()).contains(rule);
        }

        @ParameterizedTest(name = "{0} is refused: {1}")
        @CsvSource(delimiter = '|', textBlock = """
            7                                           | an event must be a JSON object
            null                                        | an event must be a JSON object
            "a"                                         | an event must be a JSON object
            {"event":"a"} {"event":"b"}                 | text follows the end of the JSON
            {"event":"a"} x                             | is not valid JSON near byte 14
            {"event":"a"}}                              | is not valid JSON near byte 13
            {"event":"a",}                              | is not valid JSON near byte
            {"event":"a" "data":{}}                     | is not valid JSON near byte
            {'event':'a'}                               | is not valid JSON near byte
            {event:"a"}                                 | is not valid JSON near byte
            {"event":"a"} // why                        | is not valid JSON near byte
            {"event":"a","data":{"n":NaN}}              | is not valid JSON near byte
            {"event":"a","data":{"n":-Infinity}}        | is not valid JSON near byte
            {"event":"a","data":{"n":01}}               | is not valid JSON near byte
            {"event":"a","data":{"n":+1}}               | is not valid JSON near byte
            {"event":"a","data":{"n":.5}}               | is not valid JSON near byte
            {"event":"a","data":{"n":1.}}               | is not valid JSON near byte
            {"event":"a","data":{"s":"\\x"}}            | is not valid JSON near byte
            {"event":"a","data":{"n":tru}}              | is not valid JSON near byte
            {"event":"a","data":{"s":"open}}            | the JSON ends too early
            {"event":"a","data":{                       | the JSON ends too early
            {"event":"a"                                | the JSON ends too early
            {                                           | the JSON ends too early
            """)
        void says_what_is_wrong_with_it_as_a_whole(String json, String rule) {
            EventError error = onlyError(json);

            assertThat(error.line()).isEqualTo(1);
            assertThat(error.field()).isNull();
            assertThat(error.detail()).contains(rule);
        }

        @Test
        void never_repeats_what_was_sent_but_escaped_and_short() {
            String hostile = "<script>\\u001b[31m" + "x".repeat(500);

            for (String json : new String[] {
                "{\"event\":\"" + hostile + "\"}",
                "{\"event\":\"a\",\"job_id\":\"" + hostile + "\"}",
                "{\"event\":\"a\",\"" + hostile + "\":1}",
                "{\"event\":\"a\",\"data\":" + hostile.substring(0, 8) + "}"
            }) {
                EventError error = onlyError(json);

                assertThat(error.field() + error.detail())
                        .doesNotContain("<")
                        .doesNotContain("\u001b")
                        .doesNotContain("x".repeat(65))
                        .hasSizeLessThan(300);
            }
        }

        @Test
        void is_nested_deeper_than_64_levels_its_own_braces_included() {
            for (int depth : new int[] {65, 400, 1_000, 100_000}) {
                String data = "{\"d\":" + "[".repeat(depth - 2) + "]".repeat(depth - 2) + "}";

                EventError error = onlyError("{\"event\":\"a\",\"data\":" + data + "}");

                assertThat(error.field()).isEqualTo("data");
                assertThat(error.detail()).contains("nested too deep").contains("64 levels");
            }
        }

        @Test
        void has_a_name_that_streams_use_themselves() {
            assertThat(EventNames.RESERVED)
                    .isNotEmpty()
                    .allSatisfy(name -> assertThat(onlyError("{\"event\":\"" + name + "\"}"))
                            .isEqualTo(new EventError(
                                    1, "event", "'" + name + "' is reserved for streams; choose another name")));
        }

        @Test
        void has_a_number_with_more_digits_than_a_double_can_hold() {
            EventError error = onlyError("{\"event\":\"a\",\"data\":{\"n\":" + "9".repeat(100_000) + "}}");

            assertThat(error.detail()).contains("beyond the range of a double");
        }

        @Test
        void is_larger_than_256_KiB() {
            assertThat(catchThrowableOfType(
                            BodyTooLargeException.class, () -> parse(ofSize(EventJson.MAX_EVENT_BYTES + 1))))
                    .hasMessageContaining("256 KiB");

            assertThat(JSON.parseJson(ofSize(EventJson.MAX_EVENT_BYTES).getBytes(UTF_8))
                            .drafts())
                    .hasSize(1);
        }

        @Test
        void is_larger_than_256_KiB_from_brace_to_brace() {
            String blanks = " \t\r\n".repeat(1_000);

            assertThat(parse(blanks + ofSize(EventJson.MAX_EVENT_BYTES) + blanks)
                            .drafts())
                    .hasSize(1);
            assertThat(catchThrowableOfType(
                            BodyTooLargeException.class,
                            () -> parse(blanks + ofSize(EventJson.MAX_EVENT_BYTES + 1) + blanks)))
                    .hasMessageContaining("256 KiB");
        }

        @Test
        void is_not_UTF_8() {
            assertThat(onlyError(payloadOf(0xC3)).detail()).contains("is not valid UTF-8");
            assertThat(onlyError(payloadOf(0xC0, 0xAF)).detail())
                    .as("an overlong slash")
                    .contains("is not valid UTF-8");
            assertThat(onlyError(payloadOf(0xED, 0xA0, 0x80)).detail())
                    .as("half of a surrogate pair")
                    .contains("is not valid UTF-8");
            assertThat(onlyError(payloadOf(0xF4, 0x90, 0x80, 0x80)).detail())
                    .as("beyond the last character")
                    .contains("is not valid UTF-8");
            assertThat(onlyError(payloadOf(0xFF)).detail()).contains("is not valid UTF-8");
        }

        @Test
        void starts_with_a_byte_order_mark() {
            assertThat(onlyError("\uFEFF{\"event\":\"a\"}").detail()).contains("byte order mark");
        }

        @Test
        void holds_a_control_character_or_is_in_another_encoding() {
            assertThat(onlyError(payloadOf(0)).detail()).contains("NUL byte");
            assertThat(onlyError(payloadOf(0x1B)).detail()).contains("is not valid JSON");
            assertThat(onlyError("{\"event\":\"a\"}".getBytes(UTF_16LE)).detail())
                    .contains("send JSON in UTF-8");
        }

        @Test
        void is_told_where_it_breaks_in_bytes_whatever_characters_stand_before() {
            assertThat(onlyError("{\"event\":\"a\",\"data\":{\"é€😀\":x}}").detail())
                    .isEqualTo("is not valid JSON near byte 33");
        }

        @Test
        void is_no_event_at_all() {
            for (String body : new String[] {"", " \r\n\t"}) {
                assertThat(onlyError(body).detail()).contains("the body holds no event");
            }
        }
    }

    private static String stored(String json) {
        return TestEvents.draft(json).at(42).jsonText();
    }

    private static String dataOf(String stored) {
        return stored.substring(stored.indexOf("\"data\":") + 7, stored.lastIndexOf(",\"timestamp\""));
    }

    private static void permute(String begun, List<String> left, List<String> into) {
        if (left.isEmpty()) {
            into.add(begun);
        }
        for (String next : left) {
            List<String> others = new ArrayList<>(left);
            others.remove(next);
            permute(begun + next, others, into);
        }
    }

    private static EventError onlyError(String json) {
        return onlyError(json.getBytes(UTF_8));
    }

    private static EventError onlyError(byte[] json) {
        InvalidEventException refused = catchThrowableOfType(InvalidEventException.class, () -> JSON.parseJson(json));
        assertThat(refused).as("the refusal").isNotNull();
        assertThat(refused.errors()).hasSize(1);
        return refused.errors().get(0);
    }

    private static ParsedBody parse(String json) {
        return JSON.parseJson(json.getBytes(UTF_8));
    }

    private static String ofSize(int bytes) {
        String start = "{\"event\":\"a\",\"data\":{\"s\":\"";
        return start + "x".repeat(bytes - start.length() - 3) + "\"}}";
    }

    /** An event with these raw bytes inside a string of its payload. */
    private static byte[] payloadOf(int... raw) {
        byte[] json = "{\"event\":\"a\",\"data\":{\"s\":\"____\"}}".getBytes(UTF_8);
        int hole = json.length - 7;
        for (int i = 0; i < raw.length; i++) {
            json[hole + i] = (byte) raw[i];
        }
        return json;
    }
}
