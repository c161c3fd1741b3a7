package io.observer.event;

import static io.observer.event.TestEvents.draft;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/**
 * Lines of a log, read back in two ways: {@code check} trusts nothing, {@code read} relies on a line that was checked
 * before. Where both see an event, they see the same.
 */
class StoredEventsTest {

    private static final List<String> PUBLISHED = List.of(
            "{\"event\":\"a\",\"timestamp\":0}",
            "{\"event\":\"a\",\"data\":{},\"timestamp\":-1e-7}",
            "{\"job_id\":\"build-7\",\"sheet_num\":2147483647,\"event\":\"observer.file_created\",\"timestamp\":1.50}",
            "{\"job_id\":\"a\",\"event\":\"t\",\"data\":{\"x\":[{\"timestamp\":1}],\"timestamp\":2},\"timestamp\":3}",
            "{\"event\":\"t\",\"data\":{\"s\":\"}\\\",\\\"timestamp\\\":9}\"},\"timestamp\":1E+2}",
            "{\"event\":\"t\",\"data\":{\"s\":\"größer 😀 \\ud83d\\ude00 \\n\\\\\"},\"timestamp\":1}",
            "{\"event\":\"t\",\"data\":{\"id\":7,\"event\":\"heartbeat\",\"data\":null},\"timestamp\":1}",
            "{\"event\":\"" + "n".repeat(128) + "\",\"job_id\":\"" + "j".repeat(128) + "\",\"timestamp\":"
                    + "9".repeat(308) + "}",
            "{\"event\":\"nested\",\"data\":" + "{\"a\":".repeat(62) + "1" + "}".repeat(62) + ",\"timestamp\":1}");

    @Property(tries = 300)
    void what_the_log_wrote_is_read_back_as_it_was(
            @ForAll("published") String published,
            @ForAll @LongRange(min = 1, max = 999_999_999_999_999_999L) long id) {
        Event event = draft(published).at(id);

        assertSame(StoredEvents.check(event.json()), event);
        assertSame(StoredEvents.read(event.json(), 0, event.json().length), event);
    }

    @Example
    void a_line_is_read_from_the_middle_of_many() {
        Event before = draft(PUBLISHED.get(0)).at(1);
        Event event = draft(PUBLISHED.get(2)).at(2);
        byte[] lines = (before.jsonText() + "\n" + event.jsonText() + "\n" + before.jsonText()).getBytes(UTF_8);
        int from = before.json().length + 1;

        assertSame(StoredEvents.read(lines, from, from + event.json().length), event);
    }

    @Example
    void no_beginning_of_a_line_is_an_event() {
        for (String published : PUBLISHED) {
            byte[] line = draft(published).at(4711).json();
            for (int end = 0; end < line.length; end++) {
                assertThat(StoredEvents.check(Arrays.copyOf(line, end)))
                        .as("the first %d bytes of %s", end, published)
                        .isNull();
            }
        }
    }

    @Example
    void no_end_of_a_line_is_an_event() {
        for (String published : PUBLISHED) {
            byte[] line = draft(published).at(4711).json();
            for (int from = 1; from < line.length; from++) {
                assertThat(StoredEvents.read(line, from, line.length))
                        .as("%s from byte %d", published, from)
                        .isNull();
            }
        }
    }

    @Example
    void only_an_integer_from_1_is_an_id() {
        String line = draft(PUBLISHED.get(0)).at(7).jsonText();

        for (String id : List.of("0", "-7", "7.0", "7e0", "\"7\"", "null", "true", "[7]", "+7", "07", "")) {
            assertThat(StoredEvents.check(withId(line, id))).as("id %s", id).isNull();
        }
        assertThat(StoredEvents.check(withId(line, "9".repeat(18))).id()).isEqualTo(999_999_999_999_999_999L);
        assertThat(StoredEvents.check(withId(line, "9".repeat(19)))).isNull();
        assertThat(StoredEvents.check(line.replace("\"id\":7,", "").getBytes(UTF_8)))
                .isNull();
    }

    @Example
    void everything_that_may_not_be_published_is_no_event_either() {
        for (String line : List.of(
                "",
                "null",
                "7",
                "[]",
                "{}",
                "{\"id\":7}",
                "{\"id\":7,\"event\":\"a..b\"}",
                "{\"id\":7,\"event\":\"gap\"}",
                "{\"id\":7,\"event\":\"a\",\"event\":\"a\"}",
                "{\"id\":7,\"event\":\"a\",\"kind\":\"a\"}",
                "{\"id\":7,\"event\":\"a\",\"job_id\":\"../x\"}",
                "{\"id\":7,\"event\":\"a\",\"sheet_num\":-1}",
                "{\"id\":7,\"event\":\"a\",\"data\":[]}",
                "{\"id\":7,\"event\":\"a\",\"data\":{\"s\":\"\\ud83d\"}}",
                "{\"id\":7,\"event\":\"a\",\"data\":{\"n\":1e999}}",
                "{\"id\":7,\"event\":\"a\",\"timestamp\":NaN}",
                "{\"id\":7,\"event\":\"a\",\"more\":1}",
                "{\"id\":7,\"event\":\"a\"} x",
                "{\"id\":7,\"event\":\"a\"}{}",
                "\uFEFF{\"id\":7,\"event\":\"a\"}")) {
            assertThat(StoredEvents.check(line.getBytes(UTF_8))).as(line).isNull();
        }
        assertThat(StoredEvents.check("{\"id\":7,\"event\":\"a\"}".getBytes(UTF_8)))
                .isNotNull();
    }

    @Example
    void a_line_in_another_spelling_is_an_event_in_the_logs_own() {
        byte[] line =
                "{ \"payload\": {\"a\": 1}, \"kind\": \"a\", \"timestamp\": 2, \"job_id\": \"b\\u002dc\", \"id\": 7 }"
                        .getBytes(UTF_8);

        assertThat(StoredEvents.read(line, 0, line.length)).isNull();
        assertThat(StoredEvents.check(line))
                .hasToString(
                        "{\"id\":7,\"job_id\":\"b-c\",\"sheet_num\":0,\"event\":\"a\",\"data\":{\"a\":1},\"timestamp\":2}");
    }

    @Property(tries = 2_000)
    void a_damaged_line_breaks_nobody_and_is_seen_in_one_way_only(
            @ForAll("published") String published,
            @ForAll @IntRange(max = 10_000) int place,
            @ForAll("damages") byte[] damage) {
        byte[] line = draft(published).at(4711).json();
        int at = place % line.length;
        byte[] damaged = new byte[line.length - 1 + damage.length];
        System.arraycopy(line, 0, damaged, 0, at);
        System.arraycopy(damage, 0, damaged, at, damage.length);
        System.arraycopy(line, at + 1, damaged, at + damage.length, line.length - at - 1);

        Event checked = StoredEvents.check(damaged);
        Event read = StoredEvents.read(damaged, 0, damaged.length);

        if (checked != null && read != null) {
            assertFields(read, checked);
        }
    }

    private static void assertSame(Event actual, Event expected) {
        assertThat(actual).isEqualTo(expected);
        assertFields(actual, expected);
    }

    private static void assertFields(Event actual, Event expected) {
        assertThat(actual.id()).isEqualTo(expected.id());
        assertThat(actual.jobId()).isEqualTo(expected.jobId());
        assertThat(actual.sheetNum()).isEqualTo(expected.sheetNum());
        assertThat(actual.name()).isEqualTo(expected.name());
        assertThat(actual.timestamp()).isEqualTo(expected.timestamp());
    }

    private static byte[] withId(String line, String id) {
        return line.replace("\"id\":7,", "\"id\":" + id + ",").getBytes(UTF_8);
    }

    @Provide
    Arbitrary<String> published() {
        Arbitrary<String> made = Combinators.combine(
                        Arbitraries.of("", "build-7", "a.b_c-D"),
                        Arbitraries.of("0", "1", "2147483647"),
                        Arbitraries.of("a", "job.started", "observer.file_modified"),
                        Arbitraries.strings()
                                .withChars("ab\",:{}[]0 äß€")
                                .withChars('\t', '\n', '\\')
                                .ofMaxLength(30),
                        Arbitraries.of("0", "1732152419.25", "-1e-7", "1.50", "1E+2"))
                .as((job, sheet, name, text, time) -> """
                        {"job_id":"%s","sheet_num":%s,"event":"%s","data":{"s":"%s","timestamp":5},"timestamp":%s}""".formatted(job, sheet, name, escaped(text), time));
        return Arbitraries.oneOf(Arbitraries.of(PUBLISHED), made);
    }

    /** What one byte becomes: nothing, another, or several. */
    @Provide
    Arbitrary<byte[]> damages() {
        return Arbitraries.oneOf(
                Arbitraries.bytes().array(byte[].class).ofMaxSize(3),
                Arbitraries.of("\"", "{", "}", ",", "\\", "\r", " ", "0", "\\u0061", ",\"timestamp\":1", "e5", "d")
                        .map(text -> text.getBytes(UTF_8)));
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\")
                .replace("\"", "\\\"")
                .replace("\n", "\\n")
                .replace("\t", "\\t");
    }
}
