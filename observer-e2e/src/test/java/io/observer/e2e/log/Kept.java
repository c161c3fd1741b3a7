package io.observer.e2e.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.log.NumberedPublisher.Sent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import tools.jackson.databind.JsonNode;

/** Holds what publishers were told against what the log has. */
final class Kept {

    private static final int SHOWN = 10;

    /** By job, then by number: the id at which the log has that event. */
    private final Map<String, TreeMap<Integer, Long>> found = new HashMap<>();

    private final List<String> faults = new ArrayList<>();

    private Kept() {}

    /**
     * Asserts that the log has every accepted event at the id that its publisher was told, nothing that was refused, an
     * unanswered request wholly or not at all, no event twice, and those of one publisher in the order it sent them.
     */
    static void assertKept(List<Sent> sent, List<String> lines) {
        Kept kept = new Kept();
        kept.read(lines);
        int known = sent.stream().mapToInt(kept::check).sum();
        if (known != lines.size()) {
            kept.faults.add(lines.size() + " lines, but " + known + " events that were sent");
        }
        assertThat(kept.faults.stream().limit(SHOWN))
                .as("%s faults in %s lines, the first of them", kept.faults.size(), lines.size())
                .isEmpty();
    }

    private void read(List<String> lines) {
        long last = 0;
        for (String line : lines) {
            JsonNode event = LogFiles.event(line);
            long id = event.required("id").longValue();
            String job = event.required("job_id").stringValue();
            int n = event.required("data").required("n").intValue();
            TreeMap<Integer, Long> ofJob = found.computeIfAbsent(job, name -> new TreeMap<>());
            if (id <= last) {
                faults.add("id " + id + " comes after id " + last);
            }
            if (!ofJob.isEmpty() && ofJob.lastKey() >= n) {
                faults.add(job + " " + n + " comes after " + ofJob.lastKey());
            }
            ofJob.put(n, id);
            last = id;
        }
    }

    /** How many events of the request the log has. */
    private int check(Sent request) {
        TreeMap<Integer, Long> ofJob = found.getOrDefault(request.job(), new TreeMap<>());
        List<Long> ids = List.copyOf(
                ofJob.subMap(request.from(), true, request.to(), true).values());
        boolean fits;
        if (request.isAccepted()) {
            fits = ids.equals(consecutive(request.firstId(), request.count()));
        } else if (request.isUnanswered()) {
            fits = ids.isEmpty() || ids.equals(consecutive(ids.get(0), request.count()));
        } else {
            fits = ids.isEmpty();
        }
        if (!fits) {
            String extent = ids.isEmpty() ? "none" : ids.size() + " from id " + ids.get(0);
            faults.add(request + ", but of these the log has " + extent);
        }
        return ids.size();
    }

    private static List<Long> consecutive(long first, int count) {
        return LongStream.range(first, first + count).boxed().toList();
    }

    /** Asserts that two long lists are the same, and shows where they part rather than all of them. */
    static void assertSame(String what, List<String> actual, List<String> expected) {
        int at = 0;
        while (at < actual.size() && at < expected.size() && actual.get(at).equals(expected.get(at))) {
            at++;
        }
        assertThat(actual.stream().skip(at).limit(SHOWN))
                .as("%s, %s of %s, from number %s", what, actual.size(), expected.size(), at)
                .containsExactlyElementsOf(
                        expected.stream().skip(at).limit(SHOWN).toList());
    }
}
