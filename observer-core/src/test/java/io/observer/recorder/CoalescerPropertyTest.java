package io.observer.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.event.Event;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever happens to files: no path is lost, each path keeps its order, and nothing is held back for too long. */
class CoalescerPropertyTest {

    private static final Duration WINDOW = Duration.ofSeconds(2);
    private static final Pattern LINE =
            Pattern.compile("\\{\"id\":(\\d+),.*\"event\":\"observer.file_(\\w+)\",\"data\":\\{\"path\":\"(\\w)\"},"
                    + "\"timestamp\":[^,]+?(?:,\"coalesced\":(\\d+))?}");

    /** @param pause milliseconds that pass before the step; a timer runs meanwhile */
    record Step(String kind, String path, int timestampMillis, int pause) {}

    /** @param writtenAt when, in milliseconds */
    record Line(long id, String kind, String path, int stoodFor, long writtenAt) {}

    @Property(tries = 500)
    void lines_tell_all_that_happened(@ForAll("steps") List<Step> steps, @ForAll("bounds") int maxHeld) {
        List<Line> lines = new ArrayList<>();
        long[] now = {0};
        Coalescer coalescer = new Coalescer(WINDOW, maxHeld, 1 << 20, (job, line) -> lines.add(parse(line, now[0])));
        Map<Long, Long> arrivals = new HashMap<>();
        Map<String, List<Event>> perPath = new LinkedHashMap<>();
        long id = 0;
        for (Step step : steps) {
            for (int passed = 0; passed < step.pause(); passed++) {
                now[0]++;
                coalescer.writeDue(now[0] * 1_000_000);
            }
            Event event = Samples.file(Samples.JOB, step.kind(), step.path(), 1_000 + step.timestampMillis() / 1_000.0)
                    .at(++id);
            arrivals.put(id, now[0]);
            perPath.computeIfAbsent(step.path(), path -> new ArrayList<>()).add(event);
            coalescer.accept(event, step.path(), now[0] * 1_000_000);
        }
        coalescer.flush(Samples.JOB);

        perPath.forEach((path, events) -> assertTold(
                events, lines.stream().filter(line -> line.path().equals(path)).toList(), arrivals));
    }

    private static void assertTold(List<Event> events, List<Line> lines, Map<Long, Long> arrivals) {
        int next = 0;
        for (Line line : lines) {
            List<Event> told = events.subList(next, next + line.stoodFor());
            next += line.stoodFor();
            assertThat(told.get(told.size() - 1).id()).isEqualTo(line.id());
            assertThat(line.kind().equals("modified") || line.stoodFor() == 1).isTrue();
            long first = arrivals.get(told.get(0).id());
            long last = arrivals.get(line.id());
            assertThat(line.writtenAt()).isLessThanOrEqualTo(Math.min(first + 10_000, last + 2_000));
            for (int i = 1; i < told.size(); i++) {
                assertThat(told.get(i).timestamp() - told.get(i - 1).timestamp())
                        .isBetween(-1e-6, 2.000_001);
            }
        }
        assertThat(next).as("every event is told").isEqualTo(events.size());
    }

    private static Line parse(byte[] line, long now) {
        Matcher matcher = LINE.matcher(new String(line, StandardCharsets.UTF_8));
        assertThat(matcher.matches()).isTrue();
        String coalesced = matcher.group(4);
        return new Line(
                Long.parseLong(matcher.group(1)),
                matcher.group(2),
                matcher.group(3),
                coalesced == null ? 1 : Integer.parseInt(coalesced),
                now);
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        Arbitraries.of("modified", "modified", "modified", "created", "deleted"),
                        Arbitraries.of("a", "b", "c"),
                        Arbitraries.integers().between(0, 6_000),
                        Arbitraries.of(0, 0, 1, 900, 1_999, 2_000, 2_001))
                .as(Step::new)
                .list()
                .ofMaxSize(40);
    }

    @Provide
    Arbitrary<Integer> bounds() {
        return Arbitraries.of(1, 2, 1_000);
    }
}
