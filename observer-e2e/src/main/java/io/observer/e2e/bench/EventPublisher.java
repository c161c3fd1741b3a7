package io.observer.e2e.bench;

import java.io.IOException;

/** Publishes numbered events of one job over one connection, and insists that each is accepted. */
final class EventPublisher {

    static final int MAX_BATCH = 1_000;

    private final Target target;
    private final String job;
    private final HttpConnection connection;
    private long lastSequence;

    EventPublisher(ClientLoop loop, Target target, String job) {
        this.target = target;
        this.job = job;
        this.connection = new HttpConnection(loop, target, (answered, status) -> accept(status));
    }

    /** Sends the next {@code count} events in one request. */
    void publish(int count) throws IOException {
        String type = count == 1 ? HttpConnection.JSON : HttpConnection.NDJSON;
        byte[] body = Payload.lines(job, lastSequence + 1, count);
        lastSequence += count;
        connection.send(HttpConnection.post(target, type, body));
    }

    /** The number of the newest event that was sent; 0 before the first. */
    long lastSequence() {
        return lastSequence;
    }

    /** Whether everything sent has been accepted. */
    boolean isIdle() {
        return connection.isIdle();
    }

    private static void accept(int status) throws IOException {
        if (status != 201) {
            throw new IOException("a publish was answered with status " + status);
        }
    }
}
