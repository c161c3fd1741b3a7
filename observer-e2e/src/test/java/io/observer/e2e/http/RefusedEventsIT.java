package io.observer.e2e.http;

import static io.observer.e2e.http.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.HttpAnswer;
import io.observer.e2e.kit.HttpApi;
import io.observer.e2e.kit.HttpCall;
import io.observer.e2e.kit.HttpConnection;
import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SharedServer;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Every body that the contract refuses, as it goes over the wire, and beside it what comes close and is fine. */
@DisplayName("An event that breaks a rule is refused as a whole")
@ExtendWith(SharedServer.class)
class RefusedEventsIT {

    private static ObserverServer server;
    private static HttpApi api;
    private static Witness witness;

    @BeforeAll
    static void start(ObserverServer shared) {
        server = shared;
        api = new HttpApi(server);
        witness = new Witness(server);
    }

    @AfterAll
    static void stop() {
        witness.close();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            # what is wrong                    | field     | the body
            no event name                      | event     | {}
            no event name beside a job         | event     | {"job_id":"build-7"}
            event null                         | event     | {"event":null}
            event a number                     | event     | {"event":1}
            event an object                    | event     | {"event":{}}
            event empty                        | event     | {"event":""}
            event begins with a dot            | event     | {"event":".a"}
            event begins with a hyphen         | event     | {"event":"-a"}
            event begins with an underscore    | event     | {"event":"_a"}
            event with two dots                | event     | {"event":"job..started"}
            event with a space                 | event     | {"event":"job started"}
            event with a slash                 | event     | {"event":"job/started"}
            event with a colon                 | event     | {"event":"job:started"}
            event with CR                      | event     | {"event":"a\\rid: 9"}
            event with LF                      | event     | {"event":"a\\ndata: x"}
            event with CR LF                   | event     | {"event":"a\\r\\n\\r\\nevent: b"}
            event ends with LF                 | event     | {"event":"a\\n"}
            event with NUL                     | event     | {"event":"a\\u0000"}
            event with U+0085                  | event     | {"event":"a\\u0085b"}
            event with U+0085, not escaped     | event     | {"event":"a<C2 85>b"}
            event with U+2028                  | event     | {"event":"a\\u2028b"}
            event with U+2028, not escaped     | event     | {"event":"a<E2 80 A8>b"}
            event with a direction mark        | event     | {"event":"a\\u202eb"}
            event with one, not escaped        | event     | {"event":"a<E2 80 AE>b"}
            event with a direction isolate     | event     | {"event":"a<E2 81 A6>b"}
            event with a zero width space      | event     | {"event":"a\\u200bb"}
            event with an umlaut               | event     | {"event":"größe"}
            event with a fullwidth digit       | event     | {"event":"job１"}
            kind breaks the rule for names     | kind      | {"kind":"a b"}
            kind null                          | kind      | {"kind":null}
            job_id null                        | job_id    | {"event":"a","job_id":null}
            job_id a number                    | job_id    | {"event":"a","job_id":7}
            job_id a dot                       | job_id    | {"event":"a","job_id":"."}
            job_id two dots                    | job_id    | {"event":"a","job_id":".."}
            job_id a path                      | job_id    | {"event":"a","job_id":"../../etc/passwd"}
            job_id with two dots inside        | job_id    | {"event":"a","job_id":"a..b"}
            job_id with a slash                | job_id    | {"event":"a","job_id":"a/b"}
            job_id with a backslash            | job_id    | {"event":"a","job_id":"a\\\\b"}
            job_id with a blank                | job_id    | {"event":"a","job_id":" "}
            job_id with CR LF                  | job_id    | {"event":"a","job_id":"a\\r\\nb"}
            job_id with NUL                    | job_id    | {"event":"a","job_id":"a\\u0000b"}
            job_id with U+0085                 | job_id    | {"event":"a","job_id":"a\\u0085b"}
            job_id with U+2028                 | job_id    | {"event":"a","job_id":"a\\u2028b"}
            job_id with a direction mark       | job_id    | {"event":"a","job_id":"a\\u202eb"}
            sheet_num null                     | sheet_num | {"event":"a","sheet_num":null}
            sheet_num negative                 | sheet_num | {"event":"a","sheet_num":-1}
            sheet_num with a fraction          | sheet_num | {"event":"a","sheet_num":1.5}
            sheet_num a string                 | sheet_num | {"event":"a","sheet_num":"1"}
            sheet_num true                     | sheet_num | {"event":"a","sheet_num":true}
            data an array                      | data      | {"event":"a","data":[]}
            data a string                      | data      | {"event":"a","data":"{}"}
            data a number                      | data      | {"event":"a","data":1}
            data false                         | data      | {"event":"a","data":false}
            payload an array                   | payload   | {"event":"a","payload":[{}]}
            timestamp null                     | timestamp | {"event":"a","timestamp":null}
            timestamp a string                 | timestamp | {"event":"a","timestamp":"1732152419.25"}
            timestamp a date                   | timestamp | {"event":"a","timestamp":"2024-11-21T01:26:59Z"}
            timestamp an object                | timestamp | {"event":"a","timestamp":{}}
            timestamp beyond a double          | timestamp | {"event":"a","timestamp":1e400}
            event twice                        | event     | {"event":"a","event":"a"}
            a key twice in the payload         | data      | {"event":"a","data":{"x":1,"x":1}}
            an id                              | id        | {"event":"a","id":42}
            an id, null                        | id        | {"event":"a","id":null}
            an unknown key                     | extra     | {"event":"a","extra":1}
            an unknown key, null               | extra     | {"event":"a","extra":null}
            a key in another case              | Event     | {"Event":"a"}
            """)
    void what_an_event_may_say(String what, String field, String body) {
        JsonNode problem = assertRefused(body);

        assertThat(problem.get("errors").size())
                .as("one thing is wrong: %s", problem)
                .isEqualTo(1);
        JsonNode error = problem.get("errors").get(0);
        assertThat(error.path("field").asString("")).as("%s", problem).isEqualTo(field);
        assertThat(error.path("line").asInt(0)).as("%s", problem).isEqualTo(1);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            # what is wrong                            | the body
            event twice, once escaped                  | {"event":"a","\\u0065vent":"b"}
            event and kind                             | {"event":"a","kind":"a"}
            data and payload                           | {"event":"a","data":{},"payload":{}}
            data and payload, both null                | {"event":"a","data":null,"payload":null}
            a key twice, once escaped                  | {"event":"a","data":{"x":1,"\\u0078":2}}
            a key twice, far apart                     | {"event":"a","data":{"x":1,"y":{"x":[]},"z":2,"x":3}}
            a key twice deep in the payload            | {"event":"a","data":{"a":[{"b":{"x":1,"x":2}}]}}
            an umlaut twice, once escaped              | {"event":"a","data":{"é":1,"\\u00e9":2}}
            an emoji twice, once escaped               | {"event":"a","data":{"😀":1,"\\uD83D\\uDE00":2}}
            an empty key twice                         | {"event":"a","data":{"":1,"":2}}
            trailing text                              | {"event":"a"} x
            trailing brace                             | {"event":"a"}}
            trailing comma                             | {"event":"a"},
            two objects                                | {"event":"a"}{"event":"b"}
            two objects in two lines                   | {"event":"a"}<0A>{"event":"b"}
            a comma before the brace                   | {"event":"a",}
            an object that does not end                | {"event":"a"
            a string that does not end                 | {"event":"a
            no quotes                                  | {event:a}
            single quotes                              | {'event':'a'}
            a comment                                  | {"event":"a"/* b */}
            a text                                     | "a"
            a number                                   | 1
            null                                       | null
            true                                       | true
            an array with a number                     | [1]
            an array in an array                       | [[{"event":"a"}]]
            an array that does not end                 | [{"event":"a"}
            a comma before the bracket                 | [{"event":"a"},]
            trailing text after an array               | [{"event":"a"}] []
            no JSON                                    | event=a
            NaN                                        | {"event":"a","data":{"x":NaN}}
            Infinity                                   | {"event":"a","data":{"x":Infinity}}
            -Infinity                                  | {"event":"a","data":{"x":-Infinity}}
            NaN as a timestamp                         | {"event":"a","timestamp":NaN}
            1e400                                      | {"event":"a","data":{"x":1e400}}
            -1e400                                     | {"event":"a","data":{"x":[-1e400]}}
            1E+309                                     | {"event":"a","data":{"x":1E+309}}
            just beyond a double                       | {"event":"a","data":{"x":1.7976931348623159e308}}
            an exponent beyond an int                  | {"event":"a","data":{"x":1e99999999999}}
            a leading zero                             | {"event":"a","data":{"x":01}}
            a leading plus                             | {"event":"a","data":{"x":+1}}
            hexadecimal                                | {"event":"a","data":{"x":0x10}}
            no digit before the point                  | {"event":"a","data":{"x":.5}}
            no digit after the point                   | {"event":"a","data":{"x":1.}}
            no digit in the exponent                   | {"event":"a","data":{"x":1e}}
            a lone high surrogate                      | {"event":"a","data":{"x":"\\uD800"}}
            a lone low surrogate                       | {"event":"a","data":{"x":"\\uDC00"}}
            a pair the wrong way round                 | {"event":"a","data":{"x":"\\uDC00\\uD800"}}
            a high surrogate before text               | {"event":"a","data":{"x":"\\uD83Dx"}}
            two high surrogates                        | {"event":"a","data":{"x":"\\uD83D\\uD83D\\uDE00"}}
            a lone surrogate as a key                  | {"event":"a","data":{"\\uD800":1}}
            a lone surrogate deep in the payload       | {"event":"a","data":{"x":[{"y":["\\uDFFF"]}]}}
            an unknown escape                          | {"event":"a","data":{"x":"\\q"}}
            an escape with too few digits              | {"event":"a","data":{"x":"\\u12"}}
            an overlong slash                          | {"event":"a","data":{"x":"<C0 AF>"}}
            an overlong NUL                            | {"event":"a","data":{"x":"<C0 80>"}}
            an overlong letter of three bytes          | {"event":"a","data":{"x":"<E0 81 81>"}}
            an overlong letter of four bytes           | {"event":"a","data":{"x":"<F0 80 81 81>"}}
            an overlong quote                          | {"event":"a","data":{"x":"<C0 A2>"}}
            an encoded high surrogate                  | {"event":"a","data":{"x":"<ED A0 80>"}}
            an encoded surrogate pair                  | {"event":"a","data":{"x":"<ED A0 BD ED B8 80>"}}
            beyond U+10FFFF                            | {"event":"a","data":{"x":"<F4 90 80 80>"}}
            a byte that UTF-8 never has                | {"event":"a","data":{"x":"<FF>"}}
            five bytes for one character               | {"event":"a","data":{"x":"<F8 88 80 80 80>"}}
            a continuation on its own                  | {"event":"a","data":{"x":"<80>"}}
            a character cut short                      | {"event":"a","data":{"x":"<E2 82>"}}
            a character cut short by the end           | {"event":"a","data":{"x":"<E2 82>
            Latin-1                                    | {"event":"a","data":{"x":"caf<E9>"}}
            invalid UTF-8 in a key                     | {"event":"a","data":{"<C3 28>":1}}
            invalid UTF-8 in the event name            | {"event":"<C0 AE>"}
            invalid UTF-8 between tokens               | {"event":"a",<C2 A0>"data":{}}
            invalid UTF-8 after the event              | {"event":"a"}<FF>
            a byte order mark                          | <EF BB BF>{"event":"a"}
            a byte order mark before an array          | <EF BB BF>[{"event":"a"}]
            a byte order mark after the event          | {"event":"a"}<EF BB BF>
            a NUL before the event                     | <00>{"event":"a"}
            a NUL after the event                      | {"event":"a"}<00>
            a NUL between tokens                       | {"event":<00>"a"}
            a NUL in a string                          | {"event":"a","data":{"x":"<00>"}}
            a tab in a string                          | {"event":"a","data":{"x":"<09>"}}
            a line break in a string                   | {"event":"a","data":{"x":"<0D 0A>"}}
            a form feed between tokens                 | {"event":<0C>"a"}
            """)
    void how_an_event_must_be_written(String what, String body) {
        assertRefused(body);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"UTF-16BE", "UTF-16LE", "UTF-16", "UTF-32BE", "UTF-32LE"})
    void only_utf_8_is_read(String charset) {
        byte[] body = "{\"event\":\"a\"}".getBytes(Charset.forName(charset));

        assertRefused(HttpCall.publish("application/json", body), 400);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "hello",
                "caught_up",
                "heartbeat",
                "gap",
                "job_finished",
                "source_connected",
                "source_disconnected",
                "bridge_stopped",
                "busy",
                "message",
                "open",
                "error"
            })
    void a_name_that_streams_or_browsers_use_is_no_event_name(String name) {
        JsonNode problem = assertRefused("{\"event\":\"" + name + "\"}");

        assertThat(problem.get("errors").get(0).path("field").asString("")).isEqualTo("event");
        assertRefused("{\"kind\":\"" + name + "\"}");
        assertRefused("{\"event\":\"\\u%04x%s\"}".formatted((int) name.charAt(0), name.substring(1)));
    }

    @Test
    void a_name_has_128_characters_at_most() {
        String longest = "n".repeat(128);
        assertRefused("{\"event\":\"" + longest + "n\"}");
        assertRefused("{\"event\":\"a\",\"job_id\":\"" + longest + "n\"}");
        assertRefused("{\"event\":\"a\",\"job_id\":\"" + "n".repeat(100_000) + "\"}");

        api.publish("{\"event\":\"" + longest + "\",\"job_id\":\"" + longest + "\"}");
        witness.lookAgain();
    }

    @Test
    void nesting_ends_at_64_with_the_braces_of_the_event_counted() {
        assertRefused(nested(65, "[", "]"));
        assertRefused(nested(65, "{\"x\":", "}"));
        assertRefused("[" + nested(65, "[", "]") + "]");
        assertRefused(nested(100_000, "[", "]"));
        assertRefused("[".repeat(200_000));
        assertRefused("{\"event\":".repeat(20_000));

        api.publish(nested(64, "[", "]"));
        api.publish(nested(64, "{\"x\":", "}"));
        api.publish("[" + nested(64, "[", "]") + "," + nested(64, "{\"x\":", "}") + "]");
        witness.lookAgain();
    }

    private static String nested(int depth, String open, String close) {
        int inner = depth - 2;
        return "{\"event\":\"a\",\"data\":{\"d\":" + open.repeat(inner) + (open.equals("[") ? "" : "0")
                + close.repeat(inner) + "}}";
    }

    @Test
    void a_number_of_many_digits_is_refused_only_beyond_a_double() {
        assertRefused("{\"event\":\"a\",\"data\":{\"x\":1" + "0".repeat(309) + "}}");
        assertRefused("{\"event\":\"a\",\"data\":{\"x\":" + "9".repeat(100_000) + "}}");

        String huge = "1" + "0".repeat(308);
        String precise = "0." + "3".repeat(2_000);
        JsonNode answer =
                api.publish("{\"event\":\"a\",\"data\":{\"x\":" + huge + ",\"y\":" + precise + ",\"z\":1e308}}");
        assertThat(stored(answer)).contains("\"data\":{\"x\":" + huge + ",\"y\":" + precise + ",\"z\":1e308}");
        witness.lookAgain();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            # what is sent   | content type         | the body
            nothing          | application/json     | ''
            blanks           | application/json     | <20 09 0D 0A 20>
            an empty array   | application/json     | []
            nothing          | application/x-ndjson | ''
            one line break   | application/x-ndjson | <0A>
            only blank lines | application/x-ndjson | <0A 20 20 0D 0A 09 0A>
            """)
    void a_body_without_an_event_is_refused(String what, String contentType, String body) {
        assertRefused(HttpCall.publish(contentType, WireBytes.of(body)), 400);
    }

    @Test
    void a_publish_without_any_body_is_refused() {
        assertRefused(HttpCall.of("POST", "/v1/events").header("Content-Type: application/json"), 400);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            # what is wrong                 | line | field | the lines
            the second has no event         | 2    | event | {"event":"a"}<0A>{"job_id":"b"}<0A>{"event":"c"}
            blank lines count as lines      | 4    | event | {"event":"a"}<0A 0A 20 0A>{"event":""}<0A>
            so they do with CR LF           | 3    | event | {"event":"a"}<0D 0A 0D 0A>{"event":"."}<0D 0A>
            the last without a line break   | 2    | id    | {"event":"a"}<0A>{"event":"b","id":1}
            an array is no event            | 1    |       | [{"event":"a"}]
            two events in one line          | 2    |       | {"event":"a"}<0A>{"event":"b"}{"event":"c"}
            an event over two lines         | 1    |       | {"event":<0A>"a"}
            an event cut short              | 2    |       | {"event":"a"}<0A>{"event":"b"
            a byte order mark at the start  | 1    |       | <EF BB BF>{"event":"a"}
            a byte order mark further on    | 2    |       | {"event":"a"}<0A EF BB BF>{"event":"b"}
            invalid UTF-8                   | 2    |       | {"event":"a"}<0A>{"event":"b","data":{"x":"<FF>"}}
            a NUL between lines             | 2    |       | {"event":"a"}<0A 00 0A>{"event":"b"}
            a text                          | 3    |       | {"event":"a"}<0A>{"event":"b"}<0A>"c"
            """)
    void one_bad_line_refuses_all_of_them_and_is_named(String what, int line, @Nullable String field, String lines) {
        JsonNode problem = assertRefused(HttpCall.publish("application/x-ndjson", WireBytes.of(lines)), 400);

        assertNames(problem, line, field);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            # what is wrong          | place | field     | the array
            the second has no event  | 2     | event     | [{"event":"a"},{"job_id":"b"},{"event":"c"}]
            the first sends an id    | 1     | id        | [{"event":"a","id":7},{"event":"b"}]
            the third is null        | 3     |           | [{"event":"a"},{"event":"b"},null]
            the third is not UTF-8   | 3     |           | [{"event":"a"},{"event":"b"},{"event":"c","data":{"x":"<FF>"}}]
            a key twice in the last  | 2     | data      | [{"event":"a"},{"event":"b","data":{"x":{"y":1,"y":2}}}]
            line breaks do not count | 2     | sheet_num | [<0A>{"event":"a"},<0A 0A>{"event":"b","sheet_num":-1}]
            """)
    void one_bad_element_refuses_the_array_and_is_named_by_its_place(
            String what, int place, @Nullable String field, String array) {
        JsonNode problem = assertRefused(array);

        assertNames(problem, place, field);
    }

    @Test
    void every_bad_line_of_a_batch_is_named() {
        JsonNode problem = assertRefused(HttpCall.publishLines("""
                        {"event":"a"}
                        {"event":"a b"}
                        {"event":"c"}
                        {"event":"d","id":4}
                        """), 400);

        assertNames(problem, 2, "event");
        assertNames(problem, 4, "id");
        assertThat(problem.get("errors").size()).isEqualTo(2);
    }

    @Test
    void ten_thousand_bad_lines_do_not_make_an_endless_answer() {
        HttpAnswer answer = HttpConnection.exchange(server, HttpCall.publishLines("{\"event\":\"\"}\n".repeat(10_000)));

        assertProblem(answer, 400);
        assertThat(answer.body().length).isLessThan(1024 * 1024);
        witness.assertNothingHappened();
    }

    @Test
    void what_is_echoed_of_the_input_is_short() {
        HttpAnswer answer = HttpConnection.exchange(
                server,
                HttpCall.publish("{\"event\":\"" + "x".repeat(50_000) + " \",\"" + "k".repeat(50_000) + "\":1}"));

        assertProblem(answer, 400);
        assertThat(answer.body().length).isLessThan(2_000);
        witness.assertNothingHappened();
    }

    private static void assertNames(JsonNode problem, int line, @Nullable String field) {
        boolean named = problem.get("errors").valueStream().anyMatch(error -> {
            boolean isLine = error.path("line").asInt(0) == line;
            return isLine && (field == null || error.path("field").asString("").equals(field));
        });
        assertThat(named).as("line %d, field %s in %s", line, field, problem).isTrue();
    }

    /** Expects that this JSON is refused, and that the answer says where and why. */
    private static JsonNode assertRefused(String body) {
        JsonNode problem = assertRefused(HttpCall.publish("application/json", WireBytes.of(body)), 400);
        assertThat(problem.path("errors").isEmpty()).as("errors in %s", problem).isFalse();
        problem.get("errors").forEach(error -> {
            assertThat(error.path("line").asInt(0)).as("%s", problem).isPositive();
            assertThat(error.path("detail").asString("")).as("%s", problem).isNotBlank();
        });
        return problem;
    }

    private static JsonNode assertRefused(HttpCall call, int status) {
        JsonNode problem = assertProblem(HttpConnection.exchange(server, call), status);
        witness.assertNothingHappened();
        return problem;
    }

    private static String stored(JsonNode answer) {
        long id = answer.get("id").longValue();
        return api.get("/v1/events?since=" + (id - 1) + "&limit=1").compactText();
    }
}
