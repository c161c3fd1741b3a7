package io.observer.receive;

import io.observer.event.EventDraft;
import io.observer.event.EventJson;
import io.observer.event.JsonText;
import java.io.IOException;
import java.util.List;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** What a daemon remembers of jobs that were before this server's time. Safe for any number of threads. */
public final class DaemonHistory {

    private final DaemonSettings settings;
    private final EventJson events;
    private final Scheduler asking;

    /** @param asking runs the questions, which block */
    public DaemonHistory(DaemonSettings settings, EventJson events, Scheduler asking) {
        this.settings = settings;
        this.events = events;
        this.asking = asking;
    }

    /**
     * The newest observed events of a job, newest first, each as JSON without an id; none if the daemon is away or
     * knows none.
     *
     * @param limit how many at most
     */
    public Mono<List<byte[]>> ofJob(String job, int limit) {
        return Mono.fromCallable(() -> ask(job, limit))
                .onErrorReturn(IOException.class, List.of())
                .subscribeOn(asking);
    }

    private List<byte[]> ask(String job, int limit) throws IOException {
        String params = "{\"job_id\":" + JsonText.quote(job) + ",\"limit\":" + limit + "}";
        byte[] result = DaemonCall.ask(settings, "daemon.observer_events", params);
        return new DaemonJson(events, new ReceiverMetrics())
                .drafts(DaemonJson.history(result)).stream()
                        .filter(draft -> draft.jobId().equals(job))
                        .limit(limit)
                        .map(DaemonHistory::json)
                        .toList();
    }

    private static byte[] json(EventDraft draft) {
        byte[] members = draft.members();
        byte[] json = new byte[members.length + 1];
        json[0] = (byte) '{';
        System.arraycopy(members, 0, json, 1, members.length);
        return json;
    }
}
