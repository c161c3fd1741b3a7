package io.observer.e2e.bench;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Publishes numbered events of one job over one connection, and insists that each is accepted. */
final class EventPublisher {

    static final int MAX_BATCH = 1_000;

    private final ClientLoop loop;
    private final Target target;
    private final String job;
    private final HttpConnection connection;
    private long lastSequence;

    EventPublisher(ClientLoop loop, Target target, String job) {
        this.loop = loop;
        this.target = target;
        this.job = job;
        this.connection = new HttpConnection(loop, target, (status, bytes) -> accept(status));
    }

    /** Sends the next {@code count} events in one request. */
    void publish(int count) throws IOException {
        String type = count == 1 ? HttpConnection.JSON : HttpConnection.NDJSON;
        byte[] body = Payload.lines(job, lastSequence + 1, count);
        lastSequence += count;
        connection.send(HttpConnection.post(target, type, body));
    }

    /** Sends the next {@code count} events, in as many requests as that takes, and waits for all answers. */
    void publishAll(int count) throws IOException {
        for (int left = count; left > 0; left -= MAX_BATCH) {
            publish(Math.min(left, MAX_BATCH));
            awaitAnswer();
        }
    }

    /** Sends lines that somebody else has numbered, and waits for the answer. */
    void publishAll(byte[] lines) throws IOException {
        connection.send(HttpConnection.post(target, HttpConnection.NDJSON, lines));
        awaitAnswer();
    }

    /** Sends one event; answers the nanoseconds until the last reader has it. */
    long publishTo(SseReaders readers) throws IOException {
        long sent = System.nanoTime();
        readers.expect(lastSequence + 1);
        publish(1);
        if (!loop.runUntil(() -> readers.haveIt() && connection.isIdle(), sent + ClientLoop.PATIENCE)) {
            throw new IOException("event " + lastSequence + " has not reached all readers after "
                    + TimeUnit.NANOSECONDS.toSeconds(ClientLoop.PATIENCE) + " s: " + readers.progress());
        }
        return readers.lastHadItAt() - sent;
    }

    /** Waits until everything sent has been accepted. */
    void awaitAnswer() throws IOException {
        if (!loop.runUntil(connection::isIdle, System.nanoTime() + ClientLoop.PATIENCE)) {
            throw new IOException("the server does not answer a publish");
        }
    }

    /** The number of the newest event that was sent; 0 before the first. */
    long lastSequence() {
        return lastSequence;
    }

    private static void accept(int status) throws IOException {
        if (status != 201) {
            throw new IOException("a publish was answered with status " + status);
        }
    }
}
