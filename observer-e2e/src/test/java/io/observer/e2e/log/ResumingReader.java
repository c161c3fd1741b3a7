package io.observer.e2e.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SseFrame;
import io.observer.e2e.kit.SseRecorder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A reader that comes back after every end of its stream with the last id it saw, as a browser does. */
final class ResumingReader implements AutoCloseable {

    private static final Set<String> EXPECTED = Set.of("hello", "caught_up", "heartbeat", "bridge_stopped");

    private final String target;
    private final List<String> events = new ArrayList<>();
    private @Nullable SseRecorder stream;
    private @Nullable String lastId;
    private int taken;

    ResumingReader(String target) {
        this.target = target;
    }

    /** Opens the stream where the last one ended; what is published from now on will be on it. */
    void connect(ObserverServer server) {
        close();
        stream = lastId == null
                ? SseRecorder.open(server, target)
                : SseRecorder.open(server, target, "Last-Event-ID: " + lastId);
        taken = 0;
        stream.next("hello");
        takeAll(stream.frames().subList(0, 1));
    }

    /** Takes everything up to this event. */
    void takeThrough(long id) {
        takeAll(stream.through(id));
    }

    /** Waits for the end of the stream, however it comes, and takes all whole frames before it. */
    void takeToTheEnd() {
        stream.awaitEnd();
        List<SseFrame> frames = stream.frames();
        takeAll(frames.subList(taken, frames.size()));
    }

    /** As {@link #takeToTheEnd}, of an end as it should be. */
    void takeToTheFarewell() {
        takeToTheEnd();
        List<SseFrame> frames = stream.frames();
        assertThat(frames.get(frames.size() - 1).wire()).isEqualTo("""
                event: bridge_stopped
                data: {}
                """);
        stream.rest();
    }

    private void takeAll(List<SseFrame> frames) {
        for (SseFrame frame : frames) {
            if (frame.isEvent()) {
                events.add(frame.data());
            } else {
                assertThat(EXPECTED).as("%s", frame).contains(String.valueOf(frame.event()));
            }
            lastId = frame.id() == null ? lastId : frame.id();
            taken++;
        }
    }

    /** The events of all its streams, as the {@code data} of their frames. */
    List<String> events() {
        return List.copyOf(events);
    }

    /** The highest id it saw. */
    long highestId() {
        return events.isEmpty()
                ? 0
                : LogFiles.event(events.get(events.size() - 1)).required("id").longValue();
    }

    @Override
    public void close() {
        if (stream != null) {
            stream.close();
        }
    }
}
