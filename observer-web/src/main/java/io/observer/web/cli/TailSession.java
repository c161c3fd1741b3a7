package io.observer.web.cli;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Follows one stream across as many connections as it takes, each resumed from the last id of the one before. */
final class TailSession {

    private static final Duration LONGEST_RETRY = Duration.ofMinutes(1);

    private final ServerClient server;
    private final Query query;
    private final Console console;
    private final TailFrames frames;
    private final Outage outage;

    private String lastEventId = "";
    private @Nullable Duration retry;

    TailSession(ServerClient server, Query query, Console console, TailFrames frames, Outage outage) {
        this.server = server;
        this.query = query;
        this.console = console;
        this.frames = frames;
        this.outage = outage;
    }

    /** Returns once the server says that there is nothing more to come. */
    void run() {
        while (true) {
            try (EventStream stream = server.stream(query, lastEventId)) {
                if (stream == null || follow(stream)) {
                    return;
                }
                pause(outage.failed(ServerUnavailable.lost(frames.ending()), retry));
            } catch (ServerUnavailable failure) {
                pause(outage.failed(failure, null));
            }
        }
    }

    /** How {@code job} stands: a server that has nothing left to deliver does not say again how a job ended. */
    String stateOf(String job) {
        while (true) {
            try {
                String state =
                        Json.object(server.get(new Query("/v1/jobs/" + job))).text("state");
                outage.over();
                return state;
            } catch (ServerUnavailable failure) {
                pause(outage.failed(failure, null));
            }
        }
    }

    /** Whether the job's end was told before the stream's. */
    private boolean follow(EventStream stream) throws ServerUnavailable {
        SseParser parser = new SseParser(lastEventId, frames);
        frames.connected();
        for (byte[] piece = stream.next(frames.patience()); piece != null; piece = stream.next(frames.patience())) {
            parser.feed(piece);
            // What has arrived is shown before waiting for more, and only what is shown counts as read.
            console.flush();
            lastEventId = parser.lastEventId();
            retry = parser.retry();
            if (frames.finalStatus() != null) {
                return true;
            }
        }
        return false;
    }

    private static void pause(Duration time) {
        Duration bounded = time.compareTo(LONGEST_RETRY) < 0 ? time : LONGEST_RETRY;
        try {
            TimeUnit.NANOSECONDS.sleep(bounded.toNanos());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CommandFailed("interrupted");
        }
    }
}
