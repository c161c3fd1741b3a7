package io.observer.stream;

import io.observer.event.Event;
import io.observer.log.Gap;
import java.util.List;

/**
 * Stream items as text, a line each; a run of like events with consecutive ids is one line.
 *
 * <pre>
 * hello 3
 * event 4 build-7 job.started
 * events 5..12 build-7 log.line
 * gap slow 13..20 (8) at 20
 * caught_up 20
 * heartbeat 20 dropped=8
 * job_finished build-7 completed at 20
 * stopped
 * </pre>
 */
final class Lines {

    /** Fewer events than this are shown one by one. */
    private static final int SHORTEST_RUN = 5;

    private Lines() {}

    static String of(List<StreamItem> items) {
        StringBuilder text = new StringBuilder();
        for (int from = 0; from < items.size(); ) {
            int to = endOfRun(items, from);
            if (to - from >= SHORTEST_RUN) {
                text.append(run(event(items.get(from)), event(items.get(to - 1))));
            } else {
                items.subList(from, to).forEach(item -> text.append(line(item)).append('\n'));
            }
            from = to;
        }
        return text.toString();
    }

    private static String run(Event first, Event last) {
        return "events %d..%d %s %s\n".formatted(first.id(), last.id(), first.jobId(), first.name());
    }

    private static int endOfRun(List<StreamItem> items, int from) {
        int to = from + 1;
        while (to < items.size() && follows(event(items.get(to - 1)), event(items.get(to)))) {
            to++;
        }
        return to;
    }

    private static boolean follows(Event event, Event next) {
        return event != null
                && next != null
                && next.id() == event.id() + 1
                && next.jobId().equals(event.jobId())
                && next.name().equals(event.name());
    }

    private static Event event(StreamItem item) {
        return item instanceof StreamItem.Delivered delivered ? delivered.event() : null;
    }

    private static String line(StreamItem item) {
        if (item instanceof StreamItem.Delivered delivered) {
            Event event = delivered.event();
            return "event %d %s %s".formatted(event.id(), event.jobId(), event.name());
        }
        if (item instanceof StreamItem.Missed missed) {
            Gap gap = missed.gap();
            return "gap %s %s..%s (%s) at %d"
                    .formatted(
                            gap.reason().wireName(),
                            known(gap.from()),
                            known(gap.to()),
                            known(gap.dropped()),
                            missed.position());
        }
        if (item instanceof StreamItem.Heartbeat heartbeat) {
            return "heartbeat %d dropped=%d".formatted(heartbeat.position(), heartbeat.dropped());
        }
        if (item instanceof StreamItem.JobFinished finished) {
            return "job_finished %s %s at %d"
                    .formatted(finished.jobId(), finished.state().wireName(), finished.position());
        }
        if (item instanceof StreamItem.Hello hello) {
            return "hello " + hello.position();
        }
        if (item instanceof StreamItem.CaughtUp caughtUp) {
            return "caught_up " + caughtUp.position();
        }
        if (item instanceof StreamItem.SourceDisconnected away) {
            return "source_disconnected %s retry=%d".formatted(away.source(), away.retryInSeconds());
        }
        if (item instanceof StreamItem.SourceConnected back) {
            return "source_connected " + back.source();
        }
        return "stopped";
    }

    private static String known(Long number) {
        return number == null ? "?" : number.toString();
    }
}
