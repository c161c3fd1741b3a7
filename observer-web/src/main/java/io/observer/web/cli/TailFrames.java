package io.observer.web.cli;

import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What {@code tail} does with each frame: events are printed, gaps are said, the rest steers the connection. */
final class TailFrames implements Consumer<SseFrame> {

    /** Until the first frame, which a server sends at once. */
    private static final Duration HELLO = Duration.ofSeconds(15);

    private static final double HEARTBEATS_MISSED = 2.5;
    private static final String CLOSED = "the server closed the stream";

    private final Console console;
    private final EventPrinter printer;
    private final Outage outage;
    private final boolean untilFinished;

    private Duration patience = HELLO;
    private String ending = CLOSED;
    private @Nullable String finalStatus;

    TailFrames(Console console, EventPrinter printer, Outage outage, boolean untilFinished) {
        this.console = console;
        this.printer = printer;
        this.outage = outage;
        this.untilFinished = untilFinished;
    }

    /** A connection begins. */
    void connected() {
        patience = HELLO;
        ending = CLOSED;
    }

    @Override
    public void accept(SseFrame frame) {
        if (finalStatus != null) {
            return;
        }
        switch (frame.event()) {
            case "hello" -> hello(Json.object(frame.data()));
            case "gap" -> console.note(GapNotice.of(Json.object(frame.data())));
            case "job_finished" -> finished(Json.object(frame.data()));
            case "source_disconnected" -> source(Json.object(frame.data()), "went away");
            case "source_connected" -> source(Json.object(frame.data()), "is connected again");
            case "bridge_stopped" -> ending = "the server is shutting down";
            case "busy" -> busy();
            case "caught_up", "heartbeat" -> {
                // Having come at all is what these tell.
            }
            default -> printer.print(frame.data());
        }
    }

    /** How long the stream may be silent. */
    Duration patience() {
        return patience;
    }

    /** Why the stream ended, as far as the server said. */
    String ending() {
        return ending;
    }

    /** How the job ended, or null as long as that was not asked for or not told. */
    @Nullable
    String finalStatus() {
        return finalStatus;
    }

    private void hello(JsonObject hello) {
        outage.over();
        double heartbeat = hello.number("heartbeat_seconds", 30);
        patience = Duration.ofMillis((long) (heartbeat * HEARTBEATS_MISSED * 1000));
    }

    private void finished(JsonObject finished) {
        if (untilFinished) {
            finalStatus = finished.text("final_status");
        }
    }

    private void source(JsonObject source, String what) {
        console.note("the source " + source.text("source") + " " + what);
    }

    /** The server is there, only full: no reason to ever give up. */
    private void busy() {
        outage.reset();
        ending = "the server has no room for another stream";
    }
}
