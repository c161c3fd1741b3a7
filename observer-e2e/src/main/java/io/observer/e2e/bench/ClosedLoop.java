package io.observer.e2e.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Connections that each send the next request as soon as the last is answered. */
final class ClosedLoop {

    /** What they ask, numbered from 0 over all connections, and what becomes of the answers. */
    interface Work {

        byte[] request(int number);

        /** Throws when such an answer ends the benchmark. */
        void answered(int number, int status, long bytes) throws IOException;
    }

    private final ClientLoop loop;
    private final Target target;
    private final Work work;
    private final List<Line> lines = new ArrayList<>();
    private int next;
    private boolean ending;

    ClosedLoop(ClientLoop loop, Target target, Work work) {
        this.loop = loop;
        this.target = target;
        this.work = work;
    }

    void start(int connections) throws IOException {
        for (int i = 0; i < connections; i++) {
            Line line = new Line();
            lines.add(line);
            line.sendNext();
        }
    }

    void run(int seconds) throws IOException {
        loop.runUntil(System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds));
    }

    /** Sends nothing more and waits for the answers that are due. */
    void end() throws IOException {
        ending = true;
        boolean idle = loop.runUntil(
                () -> lines.stream().allMatch(line -> line.connection.isIdle()),
                System.nanoTime() + ClientLoop.PATIENCE);
        if (!idle) {
            throw new IOException("the server does not answer a request");
        }
    }

    private final class Line {

        private final HttpConnection connection = new HttpConnection(loop, target, this::answered);
        private int number;

        private void sendNext() throws IOException {
            number = next++;
            connection.send(work.request(number));
        }

        private void answered(int status, long bytes) throws IOException {
            work.answered(number, status, bytes);
            if (!ending) {
                sendNext();
            }
        }
    }
}
