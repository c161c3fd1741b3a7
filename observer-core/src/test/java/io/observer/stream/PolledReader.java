package io.observer.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

/** A reader that is polled by hand, or right where it is told that polling may yield, in the middle of a publish. */
final class PolledReader {

    private final StreamReader reader;
    private final List<StreamItem> items = new ArrayList<>();
    private final boolean eager;
    private boolean polling = true;

    private PolledReader(DaemonEventBridge bridge, StreamRequest request, boolean eager) {
        this.eager = eager;
        this.reader = bridge.open(request, this::ready);
        this.polling = false;
    }

    static PolledReader byHand(DaemonEventBridge bridge, StreamRequest request) {
        return new PolledReader(bridge, request, false);
    }

    static PolledReader eager(DaemonEventBridge bridge, StreamRequest request) {
        PolledReader polled = new PolledReader(bridge, request, true);
        polled.poll();
        return polled;
    }

    void poll() {
        polling = true;
        for (StreamItem item = reader.poll(); item != null; item = reader.poll()) {
            items.add(item);
        }
        polling = false;
    }

    void close() {
        reader.close();
    }

    /** What was said since this was last asked. */
    void assertSaid(String expected) {
        String said = Lines.of(items) + (reader.isDone() ? "end\n" : "");
        items.clear();
        assertThat(said).isEqualTo(expected);
    }

    private void ready() {
        if (eager && !polling) {
            poll();
        }
    }
}
