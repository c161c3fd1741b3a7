package io.observer.receive;

import io.observer.event.EventDraft;
import io.observer.event.EventJson;
import io.observer.event.JsonText;
import io.observer.log.EventLog;
import io.observer.log.LogClosedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Keeps one subscription at a daemon (JSON-RPC 2.0, one object a line, over a Unix socket) and appends its events.
 *
 * <p>Order: the daemon's. When slow: the daemon's own queue fills, and what it drops there nobody can tell. On
 * reconnect: what the daemon still has of the observed events that came meanwhile is added; where something may be
 * missing, an event {@code source.gap} says so. When it ends: with {@link #close}.
 */
public final class DaemonSocketReceiver implements EventReceiver {

    private static final Logger log = LoggerFactory.getLogger(DaemonSocketReceiver.class);

    /** What the daemon is asked for after a reconnect. */
    private static final int BACKLOG = 1_000;

    private static final int BATCH = 1_000;
    private static final Duration UNTIL_STORED_AGAIN = Duration.ofMillis(250);
    private static final Duration END = Duration.ofSeconds(2);
    private static final String SOURCE = "daemon";

    private final DaemonSettings settings;
    private final EventLog eventLog;
    private final SourceListener listener;
    private final BackOff backOff;
    private final Clock clock;
    private final ReceiverMetrics metrics = new ReceiverMetrics();
    private final DaemonJson json;
    private final Thread thread = new Thread(this::run, "observer-daemon");

    private volatile @Nullable String fault = "daemon: not connected yet";
    private volatile boolean closed;
    private boolean connectedBefore;

    /**
     * @param clock dates events that bring no timestamp
     * @param random spreads the tries of many receivers
     */
    public DaemonSocketReceiver(
            DaemonSettings settings, EventLog eventLog, SourceListener listener, Clock clock, RandomGenerator random) {
        this.settings = settings;
        this.eventLog = eventLog;
        this.listener = listener;
        this.backOff = new BackOff(random);
        this.clock = clock;
        this.json = new DaemonJson(new EventJson(clock), metrics);
        thread.setDaemon(true);
    }

    @Override
    public String source() {
        return SOURCE;
    }

    @Override
    public void start() {
        thread.start();
    }

    @Override
    public @Nullable String fault() {
        return fault;
    }

    @Override
    public ReceiverMetrics metrics() {
        return metrics;
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(END.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            SeenEvents seen = await(SeenEvents.of(eventLog));
            while (!closed) {
                disconnected(subscribe(seen));
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException failure) {
            if (!(failure.getCause() instanceof LogClosedException)) {
                fault = "daemon: the log cannot be read: " + failure.getMessage();
                log.error("Nothing is received from the daemon, since the log cannot be read.", failure);
            }
        }
    }

    /** Listens until that ends, and answers why it did. */
    private IOException subscribe(SeenEvents seen) throws InterruptedException, ExecutionException {
        try (SocketLines lines = SocketLines.connect(settings.socket(), DaemonCall.LONGEST_LINE, json::tooLong)) {
            lines.send(DaemonCall.request("daemon.monitor.stream", "{}"), settings.answerWithin());
            SeenEvents caughtUp = catchUp(seen);
            connected();
            while (true) {
                listen(lines, seen, caughtUp);
            }
        } catch (IOException ended) {
            return ended;
        } catch (RuntimeException unforeseen) {
            log.error("What the daemon said could not be dealt with.", unforeseen);
            return new IOException("it said something that could not be dealt with", unforeseen);
        }
    }

    /** Takes what has come, or asks whether the daemon is well if nothing does. */
    private void listen(SocketLines lines, SeenEvents seen, SeenEvents caughtUp)
            throws IOException, InterruptedException, ExecutionException {
        byte[] line = lines.next(settings.silence());
        if (line == null) {
            DaemonCall.checkHealth(settings);
            return;
        }
        List<EventDraft> drafts = new ArrayList<>();
        for (; line != null; line = drafts.size() < BATCH ? lines.next(Duration.ZERO) : null) {
            EventDraft draft = json.event(line);
            // While catching up, an event may have come both ways.
            if (draft != null && !caughtUp.contains(draft)) {
                drafts.add(draft);
            }
        }
        append(drafts, seen);
    }

    /** Adds what the daemon has and the log has not, and answers what that was. */
    private SeenEvents catchUp(SeenEvents seen) throws IOException, InterruptedException, ExecutionException {
        SeenEvents added = new SeenEvents();
        List<EventDraft> missing = new ArrayList<>();
        boolean complete;
        try {
            byte[] result =
                    DaemonCall.ask(settings, "daemon.observer_events", "{\"job_id\":null,\"limit\":" + BACKLOG + "}");
            List<EventDraft> told = json.events(result);
            told.stream().filter(draft -> !seen.contains(draft)).forEach(missing::add);
            complete = told.size() < BACKLOG || missing.size() < told.size();
        } catch (DaemonCall.Refused noHistory) {
            log.debug("The daemon has no history. socket={}", settings.socket(), noHistory);
            complete = false;
        }
        if (!complete && connectedBefore) {
            append(List.of(gap()), seen);
        }
        Collections.reverse(missing);
        append(missing, seen);
        missing.forEach(added::add);
        return added;
    }

    private void append(List<EventDraft> drafts, SeenEvents seen) throws InterruptedException, ExecutionException {
        boolean stored = drafts.isEmpty();
        while (!stored) {
            try {
                await(eventLog.append(drafts));
                stored = true;
                metrics.countEvents(drafts.size());
                drafts.forEach(seen::add);
                backOff.reset();
            } catch (ExecutionException refused) {
                if (refused.getCause() instanceof LogClosedException) {
                    throw refused;
                }
                TimeUnit.NANOSECONDS.sleep(UNTIL_STORED_AGAIN.toNanos());
            }
        }
    }

    private void connected() {
        connectedBefore = true;
        fault = null;
        metrics.countConnection();
        log.info("Connected to the daemon. socket={}", settings.socket());
        listener.connected(SOURCE);
    }

    private void disconnected(IOException reason) throws InterruptedException {
        if (closed) {
            return;
        }
        Duration pause = backOff.next();
        boolean news = fault == null || metrics.connections() == 0;
        String why = String.valueOf(reason.getMessage());
        fault = "daemon: " + settings.socket() + ": " + why + "; trying again";
        if (news) {
            log.warn(
                    "The daemon is not connected; trying again until it is. socket={} reason={}",
                    settings.socket(),
                    why);
        }
        listener.disconnected(SOURCE, pause);
        TimeUnit.NANOSECONDS.sleep(pause.toNanos());
    }

    private EventDraft gap() {
        byte[] event = ("{\"event\":\"source.gap\",\"data\":{\"source\":" + JsonText.quote(SOURCE) + "}}")
                .getBytes(StandardCharsets.UTF_8);
        return new EventJson(clock).parseJson(event).drafts().get(0);
    }

    /** This thread is the receiver's own: it may wait. */
    private static <T> T await(Mono<T> answer) throws InterruptedException, ExecutionException {
        return answer.toFuture().get();
    }
}
