package io.observer.e2e.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A reader of one stream that records every frame as it comes. A test takes them one after the other with {@code next},
 * {@code through} and {@code rest}, each of which waits for what is not there yet.
 */
public abstract sealed class SseReader implements AutoCloseable permits SseRecorder, SseHttp2Recorder {

    /** Guards all fields, here and in subclasses. */
    final Object lock = new Object();

    private final String target;
    private final List<SseFrame> frames = new ArrayList<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private @Nullable Exception failure;
    private boolean ended;
    private boolean paused;
    private boolean pausesAtFirstFrame;
    private int taken;

    /** The start of a frame whose end has not come yet, and its last byte. */
    private final ByteArrayOutputStream unfinished = new ByteArrayOutputStream();

    private byte newest;

    SseReader(String target) {
        this.target = target;
    }

    /** Waits for the next frame that was not taken yet. */
    public final SseFrame next() {
        synchronized (lock) {
            await("the next frame", () -> taken < frames.size() || ended);
            if (taken == frames.size()) {
                throw new AssertionError("the stream ended where a frame was expected: " + this, failure);
            }
            return frames.get(taken++);
        }
    }

    /** The next frame, which must be of this name. */
    public final SseFrame next(String event) {
        SseFrame frame = next();
        assertThat(frame.event()).as("name of the next frame, %s", frame).isEqualTo(event);
        return frame;
    }

    /** The next {@code count} frames. */
    public final List<SseFrame> next(int count) {
        List<SseFrame> some = new ArrayList<>(count);
        while (some.size() < count) {
            some.add(next());
        }
        return some;
    }

    /** All frames up to and including the next one of this name. */
    public final List<SseFrame> through(String event) {
        return through(frame -> frame.is(event));
    }

    /** All frames up to and including the event of this id. */
    public final List<SseFrame> through(long id) {
        return through(frame -> frame.isEvent() && frame.eventId() == id);
    }

    private List<SseFrame> through(Predicate<SseFrame> last) {
        List<SseFrame> some = new ArrayList<>();
        do {
            some.add(next());
        } while (!last.test(some.get(some.size() - 1)));
        return some;
    }

    /** Waits for the end, which must be a clean one, and answers the frames that were not taken yet. */
    public final List<SseFrame> rest() {
        synchronized (lock) {
            awaitEnd();
            if (failure != null) {
                throw new AssertionError("the stream had no clean end: " + this, failure);
            }
            assertThat(unfinished.toString(StandardCharsets.UTF_8))
                    .as("bytes after the last whole frame")
                    .isEmpty();
            List<SseFrame> rest = List.copyOf(frames.subList(taken, frames.size()));
            taken = frames.size();
            return rest;
        }
    }

    /** Waits until the connection is gone, however it went. */
    public final void awaitEnd() {
        synchronized (lock) {
            await("the end", () -> ended);
        }
    }

    /** Asserts that the next frames are these; the blank line between frames is the blank line of the wire. */
    public final void expect(String wire) {
        String[] expected = wire.strip().split("\n\n");
        String actual = next(expected.length).stream().map(SseFrame::wire).collect(Collectors.joining("\n"));
        assertThat(actual.strip()).isEqualTo(String.join("\n\n", expected));
    }

    /** Asserts that the stream says nothing more and ends as a stream should. */
    public final void expectEnd() {
        assertThat(rest()).isEmpty();
    }

    /** The frames that came so far, taken or not. */
    public final List<SseFrame> frames() {
        synchronized (lock) {
            return List.copyOf(frames);
        }
    }

    /** The body as it came so far. */
    public final String body() {
        synchronized (lock) {
            return body.toString(StandardCharsets.UTF_8);
        }
    }

    /** Stops taking bytes from the connection. */
    public final void pause() {
        synchronized (lock) {
            paused = true;
        }
    }

    /** Stops taking bytes once the first frame is there. */
    final void pauseAtFirstFrame() {
        synchronized (lock) {
            pausesAtFirstFrame = true;
        }
    }

    /** Goes on taking bytes. */
    public final void resume() {
        synchronized (lock) {
            paused = false;
            pausesAtFirstFrame = false;
            lock.notifyAll();
        }
    }

    /** Closes the connection, whatever is on its way. */
    @Override
    public abstract void close();

    @Override
    public String toString() {
        synchronized (lock) {
            List<SseFrame> newestFrames = frames.subList(Math.max(0, frames.size() - 20), frames.size());
            return "%s, %s, %d frames of which %d were taken; the newest:%n%s"
                    .formatted(
                            target,
                            failure != null ? "broken off" : ended ? "ended" : "open",
                            frames.size(),
                            taken,
                            newestFrames.stream().map(SseFrame::wire).collect(Collectors.joining("\n")));
        }
    }

    /** Starts the thread that reads; what it throws is how the stream broke off. */
    final void start(Reading reading) {
        Thread reader = new Thread(() -> read(reading), "reader of " + target);
        reader.setDaemon(true);
        reader.start();
    }

    private void read(Reading reading) {
        Exception broken = null;
        try {
            reading.read();
        } catch (Exception e) {
            broken = e;
        } finally {
            synchronized (lock) {
                failure = broken;
                ended = true;
                lock.notifyAll();
            }
        }
    }

    /** Comes back when the reader may take more. */
    final void awaitResumed() throws IOException {
        synchronized (lock) {
            while (paused || (pausesAtFirstFrame && !frames.isEmpty())) {
                try {
                    lock.wait();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IOException("interrupted", e);
                }
            }
        }
    }

    final void record(byte[] bytes) {
        synchronized (lock) {
            body.writeBytes(bytes);
            for (byte b : bytes) {
                if (b == '\n' && newest == '\n') {
                    frames.add(SseFrame.parse(unfinished.toString(StandardCharsets.UTF_8)));
                    unfinished.reset();
                    newest = 0;
                } else {
                    unfinished.write(b);
                    newest = b;
                }
            }
            lock.notifyAll();
        }
    }

    /** Waits, with the lock held. */
    final void await(String what, BooleanSupplier there) {
        long end = System.nanoTime() + Patience.TIME.toNanos();
        while (!there.getAsBoolean()) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new AssertionError(what + " did not come within " + Patience.TIME + ": " + this);
            }
            try {
                lock.wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for " + what, e);
            }
        }
    }

    final boolean hasEnded() {
        return ended;
    }

    /** Reads a whole answer. */
    interface Reading {
        void read() throws Exception;
    }
}
