package io.observer.log;

import static io.observer.event.TestEvents.BUILD;
import static io.observer.log.EventLogContract.append;
import static io.observer.log.EventLogContract.idsOf;
import static io.observer.log.EventLogContract.read;
import static io.observer.log.LogFolder.all;
import static io.observer.log.LogFolder.close;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.observer.event.Event;
import io.observer.event.EventDraft;
import io.observer.event.EventFilter;
import io.observer.event.EventJson;
import io.observer.event.TestEvents;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** Lines that are no events, wherever they stand and whoever put them there. */
class FileEventLogDamageTest {

    @TempDir(factory = MemoryTempDir.class)
    private Path directory;

    private LogFolder folder;

    private final Logger logger = (Logger) LoggerFactory.getLogger(SegmentRecovery.class);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    @BeforeEach
    void a_folder() {
        folder = new LogFolder(directory.resolve("log"));
        folder.putIdentity("k3f9x2", 1_000_000);
        logged.start();
        logger.addAppender(logged);
    }

    @AfterEach
    void stop_listening() {
        logger.detachAppender(logged);
    }

    static Stream<Arguments> badLines() {
        String whole = event(3, "x").jsonText();
        return Stream.of(
                bad("garbage", "hello"),
                bad("blank", ""),
                bad("white space", " \t "),
                bad("a carriage return", "\r"),
                bad("NULs", "\0".repeat(4096)),
                bad("the first half of an event", whole.substring(0, 40)),
                bad("the second half of an event", whole.substring(40)),
                bad(
                        "two halves of events",
                        whole.substring(0, 40) + event(4, "y").jsonText()),
                bad("two events", whole + event(4, "y").jsonText()),
                bad("an event and a NUL", whole + "\0"),
                bad("an event in a list", "[" + whole + "]"),
                bad("no id", whole.replace("\"id\":3,", "")),
                bad("id 0", whole.replace("\"id\":3,", "\"id\":0,")),
                bad("a negative id", whole.replace("\"id\":3,", "\"id\":-3,")),
                bad("an id with a fraction", whole.replace("\"id\":3,", "\"id\":3.0,")),
                bad("an id in quotes", whole.replace("\"id\":3,", "\"id\":\"3\",")),
                bad("an id beyond a long", whole.replace("\"id\":3,", "\"id\":92233720368547758070,")),
                bad("an id far beyond its segment", whole.replace("\"id\":3,", "\"id\":900000000000000000,")),
                bad("two ids", whole.replace("\"id\":3,", "\"id\":3,\"id\":3,")),
                bad("an id that was there already", event(2, "again").jsonText()),
                bad("an id that goes backwards", event(1, "again").jsonText()),
                bad("an illegal job", whole.replace(BUILD, "../etc")),
                bad("a reserved name", whole.replace("log.line", "heartbeat")),
                bad("an unknown key", whole.replace("\"timestamp\"", "\"time\"")),
                bad("a byte order mark", "\uFEFF" + whole),
                bad("more than the parser nests", "{\"id\":3,\"event\":\"a\",\"data\":" + "{\"a\":".repeat(9_000)),
                bad("a line of 600 KiB", "x".repeat(600 * 1024)),
                bad("an event and 600 KiB of blanks", whole + " ".repeat(600 * 1024) + "x"),
                Arguments.of("invalid UTF-8", whole.replace("x", "\u00E4").getBytes(ISO_8859_1)),
                Arguments.of("half a character", "\u00E2\u0082".getBytes(ISO_8859_1)));
    }

    private static Arguments bad(String what, String line) {
        return Arguments.of(what, line.getBytes(UTF_8));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badLines")
    void a_bad_line_between_good_ones_is_passed_over_counted_and_named(String what, byte[] bad) {
        Path segment = folder.putSegment(
                "k3f9x2",
                1,
                joined(text(event(1, "a")), text(event(2, "b")), bad, text(event(3, "c")), text(event(4, "d"))));

        FileEventLog log = folder.open();

        assertThat(all(log)).containsExactly(event(1, "a"), event(2, "b"), event(3, "c"), event(4, "d"));
        assertThat(log.health()).isEqualTo(new LogHealth(null, 1));
        assertThat(warnings())
                .singleElement()
                .asString()
                .contains("file=" + segment)
                .contains("line=3");
        assertThat(append(log, draft(5))).isEqualTo(new Appended(5, 5));
        assertThat(all(log)).hasSize(5);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badLines")
    void a_bad_line_at_the_end_may_have_been_an_event_so_ids_go_on_above_all_that_were_set_aside(
            String what, byte[] bad) {
        folder.putSegment("k3f9x2", 1, joined(text(event(1, "a")), text(event(2, "b")), bad));

        FileEventLog log = folder.open();
        append(log, draft(3));
        append(log, draft(4));

        assertThat(log.health().damagedLines()).isEqualTo(1);
        assertThat(idsOf(read(log, 0))).containsExactly(1L, 2L);
        assertThat(read(log, 2).gap()).isEqualTo(new Gap(Gap.Reason.EVICTED, 3L, 1_000_000L, null));
        assertThat(idsOf(read(log, 2))).containsExactly(1_000_001L, 1_000_002L);
        close(log);
        assertThat(idsOf(read(folder.open(), 2))).containsExactly(1_000_001L, 1_000_002L);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badLines")
    void a_bad_end_without_a_line_break_is_never_glued_to_the_next_event(String what, byte[] bad) {
        byte[] good = joined(text(event(1, "a")), text(event(2, "b")));
        byte[] torn = joined(bad);
        byte[] file = new byte[good.length + torn.length - 1];
        System.arraycopy(good, 0, file, 0, good.length);
        System.arraycopy(torn, 0, file, good.length, torn.length - 1);
        folder.putSegment("k3f9x2", 1, file);

        FileEventLog log = folder.open();
        append(log, draft(3));

        assertThat(idsOf(read(log, 0))).containsExactly(1L, 2L, 3L);
        List<String> lines = folder.lines();
        assertThat(lines.subList(0, 2))
                .containsExactly(event(1, "a").jsonText(), event(2, "b").jsonText());
        assertThat(lines.get(lines.size() - 1)).isEqualTo(draft(3).at(3).jsonText());
        assertThat(idsOf(read(folder.killed().open(), 0))).containsExactly(1L, 2L, 3L);
    }

    @Test
    void bad_lines_at_the_start_in_the_middle_and_in_every_segment_are_counted_and_named_once_a_file() {
        Path first = folder.putSegment("k3f9x2", 1, "garbage", "", line(1), line(1), line(2), "{}");
        Path second = folder.putSegment("k3f9x2", 3, line(2), line(3), "garbage", line(5), line(4));
        Path third = folder.putSegment("k3f9x2", 6, line(6), line(7));
        Path fourth = folder.putSegment("k3f9x2", 8, line(8), "garbage", line(9));

        FileEventLog log = folder.open();

        assertThat(idsOf(read(log, 0))).containsExactly(1L, 2L, 3L);
        assertThat(idsOf(read(log, 3))).containsExactly(5L, 6L, 7L, 8L, 9L);
        assertThat(log.health().damagedLines()).isEqualTo(4 + 3 + 1);
        assertThat(warnings()).hasSize(3).noneMatch(warning -> warning.contains(third.toString()));
        assertThat(warnings().get(0)).contains("file=" + first).contains("line=1");
        assertThat(warnings().get(1)).contains("file=" + second).contains("line=1");
        assertThat(warnings().get(2)).contains("file=" + fourth).contains("line=2");
    }

    @Test
    void a_segment_of_nothing_but_damage_is_passed_over() {
        folder.putSegment("k3f9x2", 1, line(1), line(2));
        folder.putSegment("k3f9x2", 3, "\0".repeat(100_000), "garbage");
        folder.putSegment("k3f9x2", 9, line(9) + "\n");

        FileEventLog log = folder.open();

        assertThat(idsOf(read(log, 0))).containsExactly(1L, 2L);
        assertThat(idsOf(read(log, 2))).containsExactly(9L);
        assertThat(idsOf(read(log, 5))).containsExactly(9L);
        assertThat(idsOf(read(log, 2, EventFilter.job(BUILD), 1))).containsExactly(9L);
        assertThat(append(log, draft(1))).isEqualTo(new Appended(10, 10));
    }

    @Test
    void what_damage_took_is_said_before_what_follows_it() {
        folder.putSegment("k3f9x2", 1, line(1), "garbage", line(3), "garbage", "garbage", line(6));
        FileEventLog log = folder.open();

        assertThat(LogFolder.pages(log, EventFilter.all(), 10))
                .containsExactly(
                        new LogPage(List.of(event(1, "number 1")), 1, true, null),
                        new LogPage(List.of(event(3, "number 3")), 3, true, new Gap(Gap.Reason.EVICTED, 2L, 2L, null)),
                        new LogPage(
                                List.of(event(6, "number 6")), 6, false, new Gap(Gap.Reason.EVICTED, 4L, 5L, null)));
        assertThat(read(log, 0, EventFilter.all(), 0)).isEqualTo(new LogPage(List.of(), 0, true, null));
        assertThat(read(log, 1, EventFilter.all(), 0))
                .isEqualTo(new LogPage(List.of(), 2, true, new Gap(Gap.Reason.EVICTED, 2L, 2L, null)));
    }

    @Test
    void ids_that_damage_took_make_a_gap_that_is_not_counted() {
        folder.putSegment("k3f9x2", 1, line(1), "garbage", line(3));
        folder.putSegment("k3f9x2", 4, line(4), line(5));
        folder.putSegment("k3f9x2", 6, line(6) + "\n");
        FileEventLog log = folder.keeping(LogFolder.WEEK, line(1).length() * 2).open();

        folder.tend();

        assertThat(log.bounds().firstId()).isEqualTo(6);
        assertThat(read(log, 0).gap()).isEqualTo(new Gap(Gap.Reason.EVICTED, 1L, 5L, null));
        assertThat(read(log, 3).gap()).isEqualTo(new Gap(Gap.Reason.EVICTED, 4L, 5L, 2L));
    }

    @Test
    void an_event_as_large_as_may_be_published_survives_without_its_index() {
        String shell = "{\"event\":\"large\",\"data\":{\"s\":\"\"}}";
        String sent = shell.replace("\"\"", "\"" + "x".repeat(EventJson.MAX_EVENT_BYTES - shell.length()) + "\"");
        FileEventLog log = folder.open();
        append(log, List.of(draft(1), TestEvents.draft(sent), draft(3)));

        FileEventLog again = folder.killed().open();

        assertThat(all(again)).isEqualTo(folder.output.events()).hasSize(3);
        assertThat(again.health().damagedLines()).isZero();
    }

    @Test
    void lines_that_a_person_edited_are_events_if_they_hold_one() {
        folder.putSegment(
                "k3f9x2",
                1,
                "{ \"id\": 1, \"event\": \"log.line\", \"job_id\": \"build-7\", \"timestamp\": 1 }",
                "{\"timestamp\":2,\"payload\":{\"a\": 1},\"kind\":\"log.line\",\"id\":2}\r",
                "{\"id\":3,\"job_id\":\"build\\u002d7\",\"sheet_num\":0,\"event\":\"log.line\",\"data\":null,\"timestamp\":3}",
                "{\"id\":4,\"job_id\":\"build-7\",\"sheet_num\":0,\"event\":\"log.line\",\"data\":{\r\"a\":1},\"timestamp\":4}");

        FileEventLog log = folder.open();

        assertThat(String.join("\n", all(log).stream().map(Event::jsonText).toList()))
                .isEqualTo("""
                {"id":1,"job_id":"build-7","sheet_num":0,"event":"log.line","data":null,"timestamp":1}
                {"id":2,"job_id":"","sheet_num":0,"event":"log.line","data":{"a":1},"timestamp":2}
                {"id":3,"job_id":"build-7","sheet_num":0,"event":"log.line","data":null,"timestamp":3}
                {"id":4,"job_id":"build-7","sheet_num":0,"event":"log.line","data":{"a":1},"timestamp":4}""");
        assertThat(LogFolder.all(log, EventFilter.job(BUILD), 10))
                .allSatisfy(event -> assertThat(event.jobId()).isEqualTo(BUILD))
                .hasSize(3);
        assertThat(log.health().damagedLines()).isZero();
    }

    private List<String> warnings() {
        return logged.list.stream()
                .filter(event -> event.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    private static EventDraft draft(int id) {
        return TestEvents.line(BUILD, "number " + id);
    }

    private static Event event(long id, String text) {
        return TestEvents.line(BUILD, text).at(id);
    }

    private static String line(long id) {
        return event(id, "number " + id).jsonText();
    }

    private static byte[] text(Event event) {
        return event.json();
    }

    /** The lines one after another, each with its line break. */
    private static byte[] joined(byte[]... lines) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] line : lines) {
            all.writeBytes(line);
            all.write('\n');
        }
        return all.toByteArray();
    }
}
