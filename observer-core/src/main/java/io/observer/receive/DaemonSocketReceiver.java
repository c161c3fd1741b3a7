package io.observer.receive;

import io.observer.event.EventFilter;
import io.observer.event.EventJson;
import io.observer.log.EventLog;
import io.observer.log.LogClosedException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one subscription at a daemon (JSON-RPC 2.0, one object a line, over a Unix socket) and appends its events.
 *
 * <p>Order: the daemon's. When slow: the daemon's own queue fills; another Observer reads its log instead, and of any
 * other daemon an event {@code source.gap} says that something may be missing. On reconnect: goes on where it was at
 * another Observer; of any other daemon the observed events that came meanwhile are added, with a gap for the rest. When
 * it ends: with {@link #close}.
 */
public final class DaemonSocketReceiver implements EventReceiver {

    private static final Logger log = LoggerFactory.getLogger(DaemonSocketReceiver.class);

    /** Lines, and bytes, that are stored at once. */
    private static final int BATCH = 1_000;

    private static final int BATCH_BYTES = 1 << 20;

    /** A daemon that was asked for its stream and says nothing for so long has not refused. */
    private static final Duration SETTLED = Duration.ofMillis(500);

    private static final Duration END = Duration.ofSeconds(2);
    private static final String SOURCE = "daemon";

    private final DaemonSettings settings;
    private final EventLog eventLog;
    private final SourceListener listener;
    private final Clock clock;
    private final BackOff backOff;
    private final Duration settled;
    private final Pause pause;
    private final ReceiverMetrics metrics = new ReceiverMetrics();
    private final DaemonJson json;
    private final PatientLog patient;
    private final PositionFile position;
    private final Thread thread = new Thread(this::run, "observer-daemon");

    private volatile @Nullable String fault = "not connected yet";
    private volatile Set<String> upstream = Set.of();
    private volatile boolean closed;

    /**
     * @param clock dates events that bring no timestamp
     * @param random spreads the tries of many receivers
     */
    public DaemonSocketReceiver(
            DaemonSettings settings, EventLog eventLog, SourceListener listener, Clock clock, RandomGenerator random) {
        this(settings, eventLog, listener, clock, random, SETTLED, time -> TimeUnit.NANOSECONDS.sleep(time.toNanos()));
    }

    DaemonSocketReceiver(
            DaemonSettings settings,
            EventLog eventLog,
            SourceListener listener,
            Clock clock,
            RandomGenerator random,
            Duration settled,
            Pause pause) {
        this.settings = settings;
        this.eventLog = eventLog;
        this.listener = listener;
        this.clock = clock;
        this.backOff = new BackOff(random);
        this.json = new DaemonJson(new EventJson(clock), metrics);
        this.settled = settled;
        this.pause = pause;
        this.patient = new PatientLog(eventLog, metrics);
        this.position = new PositionFile(settings.position());
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
        String away = fault;
        String reason = away == null ? patient.fault() : away;
        return reason == null ? null : SOURCE + ": " + reason;
    }

    @Override
    public Set<String> upstream() {
        return upstream;
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
        SourceGap gap = new SourceGap(SOURCE, clock);
        Subscription resumed =
                new ResumedSubscription(settings, json, patient, gap, position, () -> newest(EventFilter.all()));
        Subscription plain =
                new PlainSubscription(settings, json, patient, gap, position, clock, () -> newest(SeenEvents.OBSERVED));
        try {
            while (!closed) {
                disconnected(listen(plain, resumed));
            }
        } catch (InterruptedException | LogClosedException end) {
            log.debug("Nothing more is received. reason={}", String.valueOf(end));
        } finally {
            resumed.end();
            position.close();
        }
    }

    /** Listens until that ends, and answers why it did. */
    private IOException listen(Subscription plain, Subscription resumed) throws InterruptedException {
        try (SocketLines lines = SocketLines.connect(settings.socket(), DaemonCall.LONGEST_LINE, json::tooLong)) {
            DaemonHealth health = DaemonHealth.ask(settings);
            if (health.epoch() != null) {
                claim(health);
                health = DaemonHealth.ask(settings);
                claim(health);
            }
            Subscription subscription = health.epoch() == null ? plain : resumed;
            subscription.begin(lines, health);
            if (subscription.isResumable()) {
                connected();
            }
            return hear(lines, subscription);
        } catch (IOException ended) {
            return ended;
        } catch (LogClosedException end) {
            throw end;
        } catch (RuntimeException unforeseen) {
            log.error("What the daemon said could not be dealt with.", unforeseen);
            return new IOException("it said something that could not be dealt with", unforeseen);
        } finally {
            upstream = Set.of();
        }
    }

    /**
     * From here on this server takes in events of the daemon, and says so to who asks. It asks the daemon once more
     * after that, so that of two that turn to each other at the same time one at least notices.
     *
     * @throws IOException if they are this server's own
     */
    private void claim(DaemonHealth health) throws IOException {
        Set<String> lineage = health.lineage();
        if (lineage.contains(eventLog.epoch())) {
            throw new IOException("it takes in the events of this server itself, directly or through others,"
                    + " so that they would go round for ever; end one of the two");
        }
        upstream = lineage;
    }

    /**
     * Takes what the daemon tells, for as long as this is to go on, and answers why it does not. The next try comes soon
     * again only after it has told an event, or was silent and well: one that ends each connection is left alone more and more.
     */
    private IOException hear(SocketLines lines, Subscription subscription) throws IOException, InterruptedException {
        boolean announced = false;
        boolean quiet = false;
        long asked = System.nanoTime();
        while (!closed) {
            if (!announced && (quiet || subscription.isCaughtUp())) {
                connected();
                listener.connected(SOURCE);
                announced = true;
            }
            List<byte[]> told = told(lines, announced || subscription.isResumable() ? settings.silence() : settled);
            quiet = told.isEmpty();
            if (subscription.take(told)) {
                backOff.reset();
            }
            // Whether it is well; and of another Observer, whose events it takes in by now.
            boolean due = System.nanoTime() - asked >= settings.silence().toNanos();
            if (quiet || due && subscription.isResumable()) {
                claim(DaemonHealth.ask(settings));
                asked = System.nanoTime();
                if (announced) {
                    backOff.reset();
                }
            }
        }
        return new InterruptedIOException("closed");
    }

    /** What has come; nothing if that was nothing for {@code silence}. */
    private List<byte[]> told(SocketLines lines, Duration silence) throws IOException {
        List<byte[]> told = new ArrayList<>();
        int bytes = 0;
        byte[] line = lines.next(silence);
        while (line != null) {
            told.add(line);
            bytes += line.length;
            line = told.size() < BATCH && bytes < BATCH_BYTES ? lines.next(Duration.ZERO) : null;
        }
        return told;
    }

    private void connected() {
        if (fault != null) {
            fault = null;
            metrics.countConnection();
            log.info("Connected to the daemon. socket={}", settings.socket());
        }
    }

    private void disconnected(IOException reason) throws InterruptedException {
        if (closed) {
            return;
        }
        Duration wait = backOff.next();
        boolean news = fault == null || metrics.connections() == 0;
        String why = String.valueOf(reason.getMessage());
        fault = settings.socket() + ": " + why + "; trying again";
        if (news) {
            log.warn(
                    "The daemon is not connected; trying again until it is. socket={} reason={}",
                    settings.socket(),
                    why);
        }
        listener.disconnected(SOURCE, wait);
        pause.last(wait);
    }

    /** The newest events that the log has. This thread is the receiver's own: it may wait. */
    private SeenEvents newest(EventFilter wanted) {
        return SeenEvents.of(eventLog, wanted).toFuture().join();
    }
}
