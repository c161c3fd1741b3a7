package io.observer.web;

import io.observer.bus.EventBus;
import io.observer.job.JobDirectory;
import io.observer.log.Gap;
import io.observer.log.JobTrace;
import io.observer.log.LogListener;
import io.observer.stream.DaemonEventBridge;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a log that is kept elsewhere does to the jobs, the bus and the streams, in this order. */
record LogFollowers(JobDirectory jobs, EventBus bus, DaemonEventBridge bridge) implements LogListener {

    @Override
    public void away(String place, Duration retryIn) {
        bridge.sourceDisconnected(place, Math.max(1, retryIn.toSeconds()));
    }

    @Override
    public void back(String place) {
        bridge.sourceConnected(place);
    }

    @Override
    public void rewound(long position, @Nullable Gap gap, @Nullable List<JobTrace> found) {
        if (found != null) {
            jobs.replace(found);
        }
        bus.rewindTo(position);
        bridge.rewound(position, gap);
    }
}
