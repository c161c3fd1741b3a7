package io.observer.recorder;

import io.observer.event.EventJson;
import io.observer.event.JsonText;
import io.observer.log.EventLog;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says what a recorder loses and when it is well again: in its metrics, the server's log, and as events. Any thread. */
final class RecorderNotices implements JobTimeline.Listener {

    private static final Logger log = LoggerFactory.getLogger(RecorderNotices.class);

    private final EventLog eventLog;
    private final EventJson json;
    private final RecorderMetrics metrics;

    RecorderNotices(EventLog eventLog, EventJson json, RecorderMetrics metrics) {
        this.eventLog = eventLog;
        this.json = json;
        this.metrics = metrics;
    }

    @Override
    public void degraded(String job, String reason, long lost) {
        log.warn("The timeline of a job cannot be written. job={} reason={} lost={}", job, reason, lost);
        publish(job, reason, lost);
    }

    /** Nothing of a job will be written. */
    void leftOut(String job, String reason) {
        log.warn("A job has no timeline. job={} reason={}", job, reason);
    }

    @Override
    public void recovered(String job, long lost) {
        log.info("The timeline of a job is written again. job={} lost={}", job, lost);
        publish("recorder.recovered", job, "", lost);
    }

    @Override
    public void written(int lines) {
        metrics.addWritten(lines);
    }

    @Override
    public void failed() {
        metrics.addFailure();
    }

    @Override
    public void lost(long lines) {
        metrics.addLost(lines);
    }

    /** The recorder fell behind by more than the log goes back. */
    void missed(long events) {
        metrics.addMissed(events);
        log.warn("The recorder fell behind, and the log no longer has what it missed. events={}", events);
        publish("", "the recorder fell behind, and the log no longer has the events", events);
    }

    /** The recorder fell behind, and what it would have to read in the log cannot be read. */
    void unread(long events, Throwable failure) {
        metrics.addMissed(events);
        log.warn(
                "The recorder fell behind, and what it missed cannot be read from the log. events={}", events, failure);
        publish("", "the recorder fell behind, and the log could not be read", events);
    }

    private void publish(String job, String reason, long lost) {
        publish("recorder.degraded", job, ",\"reason\":" + JsonText.quote(reason), lost);
    }

    private void publish(String name, String job, String more, long lost) {
        String event = "{\"job_id\":\"%s\",\"event\":\"%s\",\"data\":{\"job\":\"%s\"%s,\"lost\":%d}}"
                .formatted(job, name, job, more, lost);
        eventLog.append(json.parseJson(event.getBytes(StandardCharsets.UTF_8)).drafts())
                .subscribe(stored -> {}, failure -> log.debug("An event of the recorder was not stored", failure));
    }
}
