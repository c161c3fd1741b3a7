package io.observer.log;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Hears of what happens to a log that is kept elsewhere. Called by the log's writer; must not block. */
public interface LogListener {

    /** Hears nothing. */
    LogListener NONE = new LogListener() {
        @Override
        public void away(String place, Duration retryIn) {}

        @Override
        public void back(String place) {}

        @Override
        public void rewound(long position, @Nullable Gap gap, @Nullable List<JobTrace> jobs) {}
    };

    /** The place where the log is kept went away; the next try to reach it is made after {@code retryIn}. */
    void away(String place, Duration retryIn);

    /** The place is back, and the log goes on. */
    void back(String place);

    /**
     * What follows does not follow what was handed out last: whoever listens reads on from where it stands.
     *
     * @param position what is behind it stays true; who stands further on goes back to it
     * @param gap what has to be said first; null when reading tells
     * @param jobs what retained events say of each job now; null when that is as it was
     */
    void rewound(long position, @Nullable Gap gap, @Nullable List<JobTrace> jobs);
}
