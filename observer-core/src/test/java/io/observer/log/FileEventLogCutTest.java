package io.observer.log;

import static io.observer.event.TestEvents.BUILD;
import static io.observer.event.TestEvents.draft;
import static io.observer.event.TestEvents.line;
import static io.observer.log.EventLogContract.append;
import static io.observer.log.LogFolder.all;
import static io.observer.log.LogFolder.close;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.observer.event.Event;
import io.observer.event.EventDraft;
import io.observer.event.EventFilter;
import io.observer.event.TestEvents;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A journal that ends anywhere: a write that the kernel took in part, or a machine that forgot the rest. */
@ExtendWith(QuietLog.class)
class FileEventLogCutTest {

    private static final List<EventDraft> DRAFTS = List.of(
            draft(BUILD, "job.started"),
            line(BUILD, "compiling"),
            draft("{\"event\":\"a\",\"data\":null,\"timestamp\":0}"),
            draft("{\"event\":\"a\",\"data\":{},\"timestamp\":1}"),
            draft("{\"event\":\"text\",\"data\":{\"line\":\"größer 😀 €\"},\"timestamp\":1}"),
            draft("{\"event\":\"text\",\"data\":{\"line\":\"\\ud83d\\ude00 \\\\ \\\" \\n }\"},\"timestamp\":-1e-7}"),
            draft("{\"event\":\"nested\",\"data\":{\"a\":[{\"b\":{}},{}],\"timestamp\":5},\"timestamp\":1.50}"),
            draft("{\"event\":\"looks.like.two\",\"data\":{\"line\":\"{\\\"id\\\":1}\"},\"timestamp\":1}"),
            draft("{\"job_id\":\"j\",\"sheet_num\":2147483647,\"event\":\"observer.file_created\",\"timestamp\":1}"),
            line("deploy-3", ""),
            line(BUILD, "done"),
            draft(BUILD, "job.completed"));

    private static final List<Event> EVENTS = placed(DRAFTS, 1);

    @TempDir(factory = MemoryTempDir.class)
    private Path directory;

    @Test
    void a_journal_cut_at_any_byte_has_all_events_that_are_whole_and_goes_on_after_them() {
        byte[] journal = journal(EVENTS);

        for (int cut = 0; cut <= journal.length; cut++) {
            LogFolder folder = emptyFolder();
            folder.putSegment("k3f9x2", 1, Arrays.copyOf(journal, cut));
            folder.putIdentity("k3f9x2", 1_000_012);
            List<Event> whole = wholeBefore(cut, EVENTS);

            FileEventLog log = folder.open();

            assertThat(log.bounds()).as("cut at %d", cut).isEqualTo(new LogBounds(1, whole.size()));
            assertThat(all(log)).as("cut at %d", cut).isEqualTo(whole);
            assertThat(log.health().damagedLines())
                    .as("a torn end is no damage")
                    .isZero();
            assertGoesOn(folder, log, whole, "cut at " + cut);
        }
    }

    @Test
    void a_segment_in_the_middle_that_is_cut_costs_nothing_of_the_next() {
        byte[] journal = journal(EVENTS);
        List<Event> after = placed(TestEvents.lines(3), 13);

        for (int cut = 0; cut < journal.length; cut += 7) {
            LogFolder folder = emptyFolder();
            folder.putSegment("k3f9x2", 1, Arrays.copyOf(journal, cut));
            folder.putSegment("k3f9x2", 13, journal(after));
            folder.putIdentity("k3f9x2", 1_000_015);
            // Nobody writes to it any more, so an event without its line break is no danger.
            List<Event> kept = wholeBefore(cut + 1, EVENTS);
            Gap lost = new Gap(Gap.Reason.EVICTED, kept.size() + 1L, 12L, null);

            FileEventLog log = folder.open();

            assertThat(LogFolder.pages(log, EventFilter.all(), 100))
                    .as("cut at %d", cut)
                    .isEqualTo(
                            kept.isEmpty()
                                    ? List.of(new LogPage(after, 15, false, lost))
                                    : List.of(
                                            new LogPage(kept, kept.size(), true, null),
                                            new LogPage(after, 15, false, lost)));
            assertThat(append(log, line(BUILD, "next")).firstId()).isEqualTo(16);
            close(log);
        }
    }

    private LogFolder emptyFolder() {
        LogFolder folder = new LogFolder(directory);
        folder.files("").forEach(LogFolder::delete);
        return folder;
    }

    private static void assertGoesOn(LogFolder folder, FileEventLog log, List<Event> whole, String where) {
        EventDraft next = line(BUILD, "next");
        Event added = next.at(whole.size() + 1);
        List<String> lines = new ArrayList<>(whole.stream().map(Event::jsonText).toList());
        lines.add(added.jsonText());

        assertThat(append(log, next)).as(where).isEqualTo(new Appended(added.id(), added.id()));
        assertThat(folder.lines()).as(where).isEqualTo(lines);
        close(log);
        FileEventLog again = folder.open();
        assertThat(all(again).stream().map(Event::jsonText)).as(where).isEqualTo(lines);
        close(again);
    }

    /** The events whose last byte stands before {@code cut}; the line break after it may be missing. */
    private static List<Event> wholeBefore(int cut, List<Event> events) {
        List<Event> whole = new ArrayList<>();
        int end = 0;
        for (Event event : events) {
            end += event.json().length + 1;
            if (end > cut) {
                break;
            }
            whole.add(event);
        }
        return whole;
    }

    private static byte[] journal(List<Event> events) {
        StringBuilder text = new StringBuilder();
        events.forEach(event -> text.append(event.jsonText()).append('\n'));
        return text.toString().getBytes(UTF_8);
    }

    private static List<Event> placed(List<EventDraft> drafts, long firstId) {
        List<Event> events = new ArrayList<>();
        for (EventDraft draft : drafts) {
            events.add(draft.at(firstId + events.size()));
        }
        return events;
    }
}
