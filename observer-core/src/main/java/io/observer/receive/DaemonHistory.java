package io.observer.receive;

import io.observer.event.EventDraft;
import io.observer.event.EventJson;
import io.observer.event.JsonText;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** What a daemon remembers of jobs that were before this server's time. Safe for any number of threads. */
public final class DaemonHistory {

    /** Somebody waits for the answer. */
    private static final Duration WITHIN = Duration.ofMillis(1_500);

    /** As many as a daemon remembers of a job, since some of them may be excluded. */
    private static final int ALL = 200;

    private final DaemonSettings settings;
    private final EventJson events;
    private final Predicate<EventDraft> excluded;
    private final Scheduler asking;

    /**
     * @param excluded what is not to be told
     * @param asking runs the questions, which block
     */
    public DaemonHistory(DaemonSettings settings, EventJson events, Predicate<EventDraft> excluded, Scheduler asking) {
        Duration within = settings.answerWithin().compareTo(WITHIN) < 0 ? settings.answerWithin() : WITHIN;
        this.settings = new DaemonSettings(settings.socket(), settings.silence(), within, settings.position());
        this.events = events;
        this.excluded = excluded;
        this.asking = asking;
    }

    /**
     * The newest observed events of a job, newest first, each as JSON without an id; none if the daemon is away, does not
     * answer soon, or knows none.
     *
     * @param limit how many at most
     */
    public Mono<List<byte[]>> ofJob(String job, int limit) {
        return Mono.fromCallable(() -> ask(job, limit))
                .subscribeOn(asking)
                .timeout(WITHIN.plus(WITHIN))
                .onErrorReturn(DaemonHistory::isNoAnswer, List.of());
    }

    /** Away, late, or asked too much already. */
    private static boolean isNoAnswer(Throwable failure) {
        return failure instanceof IOException
                || failure instanceof TimeoutException
                || failure instanceof RejectedExecutionException;
    }

    private List<byte[]> ask(String job, int limit) throws IOException {
        String params = "{\"job_id\":" + JsonText.quote(job) + ",\"limit\":" + ALL + "}";
        byte[] result = DaemonCall.ask(settings, "daemon.observer_events", params);
        DaemonJson json = new DaemonJson(events, new ReceiverMetrics());
        return json.drafts(DaemonJson.history(result)).stream()
                .filter(draft -> draft.jobId().equals(job) && !excluded.test(draft))
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
