package io.observer.e2e.bench;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * Publishes at a given rate and times the deliveries. The time of a delivery counts from when its event was due, so that
 * a server that holds up its publisher gains nothing by it.
 */
final class SteadyRate {

    private final ClientLoop loop;
    private final SseReaders readers;
    private final EventPublisher publisher;
    private final long interval;
    private Latencies latencies = new Latencies();
    private long first;
    private long start;

    SteadyRate(ClientLoop loop, SseReaders readers, EventPublisher publisher, int rate) {
        this.loop = loop;
        this.readers = readers;
        this.publisher = publisher;
        this.interval = TimeUnit.SECONDS.toNanos(1) / rate;
        readers.onDelivery(this::delivered);
    }

    /** Publishes so many events and waits until the last reader has the last one; answers how long each took. */
    Latencies publish(int events) throws IOException {
        latencies = new Latencies();
        first = publisher.lastSequence() + 1;
        start = System.nanoTime();
        readers.expect(first + events - 1);
        int sent = 0;
        while (sent < events) {
            loop.runUntil(due(sent));
            publisher.awaitAnswer();
            // What has become due meanwhile leaves together, as a publisher's own buffer would do it.
            int due = (int) Math.min(events, (System.nanoTime() - start) / interval + 1);
            int count = Math.min(due - sent, EventPublisher.MAX_BATCH);
            publisher.publish(count);
            sent += count;
        }
        publisher.awaitAnswer();
        // A loss shows in the sequences, so running out of patience here is no error by itself.
        loop.runUntil(readers::haveIt, System.nanoTime() + ClientLoop.PATIENCE);
        return latencies;
    }

    private long due(long index) {
        return start + index * interval;
    }

    /** Late ones of the run before belong there. */
    private void delivered(long sequence, long now) {
        if (sequence >= first) {
            latencies.add(now - due(sequence - first));
        }
    }
}
