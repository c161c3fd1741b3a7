package io.observer.e2e.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** All streams of one scenario: knows when the last of them has an event. */
final class SseReaders {

    /** Called for each event that a reader got; {@code now} is when. */
    @FunctionalInterface
    interface Delivery {
        void delivered(long sequence, long now);
    }

    private static final long OPENING_PATIENCE = TimeUnit.SECONDS.toNanos(60);

    /** Fewer than a listening socket is willing to queue. */
    private static final int OPENING_AT_ONCE = 64;

    private final ClientLoop loop;
    private final Target target;
    private final Subscription subscription;
    private final int size;
    private final int receiveBytes;
    private final List<SseReader> readers = new ArrayList<>();
    private Delivery delivery = (sequence, now) -> {};
    private int opened;
    private long expected = Long.MAX_VALUE;
    private int having;
    private long lastHadItAt;

    SseReaders(ClientLoop loop, Target target, Subscription subscription, int size) {
        this(loop, target, subscription, size, 0);
    }

    /** @param receiveBytes how much the system keeps for each of what is not read; 0 = as much as it likes */
    SseReaders(ClientLoop loop, Target target, Subscription subscription, int size, int receiveBytes) {
        this.loop = loop;
        this.target = target;
        this.subscription = subscription;
        this.size = size;
        this.receiveBytes = receiveBytes;
    }

    int size() {
        return size;
    }

    /** Opens the streams and waits for the first frame of each, so that none misses what is published next. */
    void open() throws IOException {
        long deadline = System.nanoTime() + OPENING_PATIENCE;
        for (int i = 0; i < size; i++) {
            SseReader reader = new SseReader(loop, target, subscription, this, receiveBytes);
            readers.add(reader);
            reader.open();
            await(() -> readers.size() - opened < OPENING_AT_ONCE, deadline);
        }
        await(() -> opened == size, deadline);
    }

    /** They take nothing more from the server until {@link #readOn}. */
    void stop() {
        readers.forEach(Connection::stop);
    }

    void readOn() {
        readers.forEach(Connection::readOn);
    }

    /** Leaves without a word. */
    void close() throws IOException {
        for (SseReader reader : readers) {
            reader.close();
        }
    }

    private void await(BooleanSupplier done, long deadline) throws IOException {
        if (!loop.runUntil(done, deadline)) {
            throw new IOException("only " + opened + " of " + size + " streams are open after "
                    + TimeUnit.NANOSECONDS.toSeconds(OPENING_PATIENCE) + " s");
        }
    }

    void onDelivery(Delivery delivery) {
        this.delivery = delivery;
    }

    /** Names the event, not yet published, that {@link #haveIt} is about. */
    void expect(long sequence) {
        expected = sequence;
        having = 0;
    }

    boolean haveIt() {
        return having == size;
    }

    /** When the last reader got the expected event. */
    long lastHadItAt() {
        return lastHadItAt;
    }

    /** For a message: how far they are with the expected event. */
    String progress() {
        return having + " of " + size + " have it, " + ended() + " have ended";
    }

    /** What was lost when {@code last} was the last event sent. */
    Losses losses(long last) {
        return readers.stream()
                .map(reader -> reader.losses(last))
                .reduce(Losses.NONE, Losses::plus)
                .plusEnded(ended());
    }

    private int ended() {
        return (int) readers.stream().filter(SseReader::hasEnded).count();
    }

    void opened() {
        opened++;
    }

    void delivered(long sequence, long now) {
        delivery.delivered(sequence, now);
    }

    /** A reader's newest event was {@code before} and is {@code after}. */
    void moved(long before, long after, long now) {
        if (before < expected && after >= expected) {
            having++;
            lastHadItAt = now;
        }
    }
}
