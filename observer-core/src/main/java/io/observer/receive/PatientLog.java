package io.observer.receive;

import io.observer.event.EventDraft;
import io.observer.log.EventLog;
import io.observer.log.LogClosedException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A log that is asked again until it takes what it is given: what a daemon has told, it does not tell twice. For the
 * receiver's thread, which may wait.
 */
final class PatientLog {

    private static final Logger logger = LoggerFactory.getLogger(PatientLog.class);

    private static final Duration PAUSE = Duration.ofMillis(250);

    private final EventLog log;
    private final ReceiverMetrics metrics;
    private volatile @Nullable String fault;

    PatientLog(EventLog log, ReceiverMetrics metrics) {
        this.log = log;
        this.metrics = metrics;
    }

    /** Why events wait, in a clause; null while they do not. Any thread. */
    @Nullable
    String fault() {
        return fault;
    }

    /**
     * Stores all of them in this order, and answers whether that had to wait for the log to take anything at all.
     *
     * @throws LogClosedException if it never will
     */
    boolean append(List<EventDraft> drafts) throws InterruptedException {
        if (drafts.isEmpty()) {
            return false;
        }
        boolean waited = false;
        while (!isTaken(drafts)) {
            waited = true;
            TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
        }
        if (waited) {
            fault = null;
            logger.info("The log takes the daemon's events again.");
        }
        metrics.countEvents(drafts.size());
        return waited;
    }

    private boolean isTaken(List<EventDraft> drafts) throws InterruptedException {
        try {
            log.append(drafts).toFuture().get();
            return true;
        } catch (ExecutionException failure) {
            Throwable refusal = Objects.requireNonNullElse(failure.getCause(), failure);
            if (refusal instanceof LogClosedException closed) {
                throw closed;
            }
            if (fault == null) {
                fault = "its events wait: " + refusal.getMessage();
                logger.warn("The log does not take the daemon's events; trying again.", refusal);
            }
            return false;
        }
    }
}
