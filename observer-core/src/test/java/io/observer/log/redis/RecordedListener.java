package io.observer.log.redis;

import io.observer.log.Gap;
import io.observer.log.JobTrace;
import io.observer.log.LogListener;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Remembers in words what a log told its listener. */
final class RecordedListener implements LogListener {

    private final List<String> heard = new CopyOnWriteArrayList<>();

    List<String> heard() {
        return List.copyOf(heard);
    }

    @Override
    public void away(String place, Duration retryIn) {
        heard.add(place + " away");
    }

    @Override
    public void back(String place) {
        heard.add(place + " back");
    }

    @Override
    public void rewound(long position, @Nullable Gap gap, @Nullable List<JobTrace> jobs) {
        heard.add("rewound to " + (position == Long.MAX_VALUE ? "where it stands" : position)
                + (gap == null ? "" : ", gap " + gap.reason().wireName()));
    }
}
