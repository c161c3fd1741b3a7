package io.observer.receive;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import io.observer.event.EventDraft;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * At a daemon that tells what happens and remembers observed events, but cannot resume: after each interruption those are
 * fetched and told apart from what the log has, and a gap is said for all others.
 */
final class PlainSubscription implements Subscription {

    private static final Logger log = LoggerFactory.getLogger(PlainSubscription.class);

    /** Observed events that are asked for. */
    private static final int BACKLOG = 1_000;

    /** Events that a daemon remembers of each job. */
    private static final int RING = 200;

    private final DaemonSettings settings;
    private final DaemonJson json;
    private final PatientLog patient;
    private final SourceGap gap;
    private final PositionFile file;
    private final Clock clock;
    private final Supplier<SeenEvents> newest;

    /** What was fetched on this connection: while that was done, it may have come the other way too. */
    private SeenEvents fetched = new SeenEvents();

    private @Nullable SeenEvents seen;
    private boolean connectedBefore;
    private boolean caughtUp;

    /** Nothing of the daemon is in the log after the newest gap. */
    private boolean gapSaid;

    /** That gap said that observed events are complete. */
    private boolean saidComplete;

    private @Nullable Instant lastHeard;

    /** @param newest finds the newest observed events that the log has; may wait */
    PlainSubscription(
            DaemonSettings settings,
            DaemonJson json,
            PatientLog patient,
            SourceGap gap,
            PositionFile file,
            Clock clock,
            Supplier<SeenEvents> newest) {
        this.settings = settings;
        this.json = json;
        this.patient = patient;
        this.gap = gap;
        this.file = file;
        this.clock = clock;
        this.newest = newest;
        this.connectedBefore = file.isThere();
    }

    @Override
    public void begin(SocketLines lines, DaemonHealth health) throws IOException, InterruptedException {
        lines.send(DaemonCall.request(DaemonCall.STREAM, "{}"), settings.answerWithin());
        fetched = new SeenEvents();
        caughtUp = false;
    }

    @Override
    public boolean take(List<byte[]> lines) throws IOException, InterruptedException {
        List<EventDraft> told = new ArrayList<>();
        for (byte[] line : lines) {
            Notification notification = json.notification(line);
            EventDraft draft = notification == null ? null : json.event(notification);
            if (draft != null) {
                told.add(draft);
            }
        }
        if (!caughtUp) {
            // Only now: a daemon that refuses has said so by this time, and nothing is to be stored for each try.
            catchUp(connectedBefore ? "disconnected" : null);
            caughtUp = true;
            connectedBefore = true;
            lastHeard = clock.instant();
            file.mark();
        }
        boolean waited =
                store(told.stream().filter(draft -> !fetched.contains(draft)).toList());
        if (waited) {
            // The daemon's queue is small, and what did not fit is gone without a word.
            catchUp("waited");
        }
        if (!lines.isEmpty()) {
            lastHeard = clock.instant();
        }
        return !told.isEmpty();
    }

    @Override
    public boolean isResumable() {
        return false;
    }

    @Override
    public boolean isCaughtUp() {
        return caughtUp;
    }

    @Override
    public void end() {}

    /** @param gapReason why other events may be missing, or null if none was to be expected */
    private void catchUp(@Nullable String gapReason) throws IOException, InterruptedException {
        List<EventDraft> missing = new ArrayList<>();
        boolean complete = false;
        try {
            byte[] result =
                    DaemonCall.ask(settings, "daemon.observer_events", "{\"job_id\":null,\"limit\":" + BACKLOG + "}");
            List<byte[]> told = DaemonJson.history(result);
            List<EventDraft> drafts = json.drafts(told);
            drafts.stream().filter(draft -> !seen().contains(draft)).forEach(missing::add);
            complete = (told.size() < BACKLOG || missing.size() < drafts.size()) && isWhole(drafts, missing);
        } catch (InterruptedIOException end) {
            throw end;
        } catch (IOException noHistory) {
            log.info(
                    "What the daemon remembers could not be had. socket={} reason={}",
                    settings.socket(),
                    noHistory.getMessage());
        }
        missing.forEach(fetched::add);
        Collections.reverse(missing);
        // One gap stands for all interruptions until the next event, unless it promised more than is true by now.
        boolean said = gapSaid && (complete || !saidComplete);
        if (gapReason != null && !said) {
            patient.append(List.of(gap.ofUnknownExtent(gapReason, lastHeard, complete)));
            gapSaid = true;
            saidComplete = complete;
        }
        store(missing);
    }

    /** Whether no job has as much that is new as is remembered of one: more may have been pushed out. */
    private static boolean isWhole(List<EventDraft> told, List<EventDraft> missing) {
        Map<String, Long> all = told.stream().collect(groupingBy(EventDraft::jobId, counting()));
        Map<String, Long> unknown = missing.stream().collect(groupingBy(EventDraft::jobId, counting()));
        return unknown.entrySet().stream()
                .noneMatch(job -> job.getValue() >= RING && job.getValue().equals(all.get(job.getKey())));
    }

    private boolean store(List<EventDraft> drafts) throws InterruptedException {
        boolean waited = patient.append(drafts);
        gapSaid &= drafts.isEmpty();
        drafts.forEach(seen()::add);
        return waited;
    }

    private SeenEvents seen() {
        SeenEvents found = seen;
        if (found == null) {
            found = newest.get();
            seen = found;
        }
        return found;
    }
}
