package io.observer.web.cli;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Sends batches one after the other, so that events keep their order. A server that is away is tried again; what it
 * refuses is taken out, and the rest of the batch is sent without it.
 */
final class BatchSender {

    private final ServerClient server;
    private final Batches queue;
    private final Outage outage;
    private final PublishReport report;
    private final Semaphore nextTry = new Semaphore(0);
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile boolean hurried;

    BatchSender(ServerClient server, Batches queue, Outage outage, PublishReport report) {
        this.server = server;
        this.queue = queue;
        this.outage = outage;
        this.report = report;
    }

    /** Returns once everything that came through the queue is stored or refused. */
    void run() {
        try {
            for (List<QueuedEvent> batch = queue.take(); !batch.isEmpty(); batch = queue.take()) {
                send(batch);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CommandFailed("interrupted");
        } finally {
            queue.close();
            done.countDown();
        }
    }

    /** Takes no more, tries nothing again, and waits until what was read is sent, but not longer than {@code time}. */
    boolean finishWithin(Duration time) throws InterruptedException {
        queue.close();
        hurried = true;
        tryNow();
        return done.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Ends a pause between two tries. */
    void tryNow() {
        nextTry.release();
    }

    private void send(List<QueuedEvent> events) throws InterruptedException {
        List<QueuedEvent> batch = events;
        while (!batch.isEmpty()) {
            try {
                Optional<Problem> problem = server.publish(ndjson(batch));
                outage.over();
                if (problem.isEmpty()) {
                    report.published(batch.size());
                    return;
                }
                batch = withoutRefused(batch, problem.get());
            } catch (ServerUnavailable failure) {
                pause(failure);
            }
        }
    }

    /**
     * Waits for the next try.
     *
     * @throws CommandFailed if there should be none
     */
    void pause(ServerUnavailable failure) throws InterruptedException {
        if (!hurried) {
            nextTry.tryAcquire(outage.failed(failure, null).toNanos(), TimeUnit.NANOSECONDS);
        }
        if (hurried) {
            throw failure.given();
        }
    }

    /** A refusal stores nothing, so all but the lines at fault have to be sent again. */
    private List<QueuedEvent> withoutRefused(List<QueuedEvent> batch, Problem problem) throws InterruptedException {
        Set<Integer> refused = new HashSet<>();
        for (Problem.LineError error : problem.errors()) {
            int place = error.line() - 1;
            if (place >= 0 && place < batch.size() && refused.add(place)) {
                report.refused(batch.get(place).line(), error.sentence());
            }
        }
        if (refused.isEmpty()) {
            return halved(batch, problem);
        }
        List<QueuedEvent> rest = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            if (!refused.contains(i)) {
                rest.add(batch.get(i));
            }
        }
        return rest;
    }

    /** The server did not say which line it minds: found out by sending less at once. */
    private List<QueuedEvent> halved(List<QueuedEvent> batch, Problem problem) throws InterruptedException {
        if (!problem.isTold()) {
            throw new CommandFailed(
                    "the server answered " + problem.status() + ", not as an Observer does; is the URL right?");
        }
        if (batch.size() == 1) {
            report.refused(batch.get(0).line(), problem.sentence());
            return List.of();
        }
        int half = batch.size() / 2;
        send(batch.subList(0, half));
        return batch.subList(half, batch.size());
    }

    private static byte[] ndjson(List<QueuedEvent> batch) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream(1 << 16);
        for (QueuedEvent event : batch) {
            lines.writeBytes(event.json());
            lines.write('\n');
        }
        return lines.toByteArray();
    }
}
