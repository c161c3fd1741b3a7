package io.observer.recorder;

import io.observer.event.Event;
import java.util.List;
import java.util.stream.LongStream;

/** What a search of a log finds that has all there ever was. */
final class TestHistory {

    private TestHistory() {}

    static LogHistory.Found through(long id) {
        List<Event> events = LongStream.rangeClosed(1, id)
                .mapToObj(n -> Samples.modified(id + 1 - n, "file", 1))
                .toList();
        return new LogHistory.Found(events, new LogHistory.Place(0, (int) id), true);
    }
}
