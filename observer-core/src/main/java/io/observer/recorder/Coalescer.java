package io.observer.recorder;

import io.observer.event.Event;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Holds back changes of a file for a moment, so that several within a window become one line. Whether two belong
 * together is told by their own timestamps; when a held one is due, by the monotonic clock. What is held is bounded in
 * number and bytes over all jobs: beyond that the one held for longest goes first. One thread.
 */
final class Coalescer {

    /** Where lines go, in the order in which they belong into their timelines. */
    @FunctionalInterface
    interface Output {
        void write(String job, byte[] line);
    }

    /** A change may be held back for as many windows. */
    static final int MAX_WINDOWS = 5;

    private static final String COALESCED = "observer.file_modified";

    /** What an entry costs besides its JSON and its path. */
    private static final int OVERHEAD_BYTES = 256;

    private final long windowNanos;
    private final long windowMicros;
    private final int maxHeld;
    private final long maxBytes;
    private final Output output;

    /** The one touched longest ago first, which is the first whose window ends. */
    private final Map<Key, Held> byTouch = new LinkedHashMap<>();
    /** The one held longest first. */
    private final Set<Held> byAge = new LinkedHashSet<>();

    private long bytes;

    /** @param window zero holds nothing back */
    Coalescer(Duration window, int maxHeld, long maxBytes, Output output) {
        this.windowNanos = window.toNanos();
        this.windowMicros = window.toNanos() / 1_000;
        this.maxHeld = maxHeld;
        this.maxBytes = maxBytes;
        this.output = output;
    }

    /**
     * Takes the next event of a job.
     *
     * @param path what the event is about, if it is about a file
     * @param now the monotonic clock
     */
    void accept(Event event, @Nullable String path, long now) {
        writeDue(now);
        if (path == null) {
            output.write(event.jobId(), event.json());
            return;
        }
        Key key = new Key(event.jobId(), path);
        @Nullable Held held = byTouch.get(key);
        boolean holds = windowNanos > 0 && event.name().equals(COALESCED);
        if (held != null && holds && isWithinWindow(held.event, event)) {
            touch(key, held, event, now);
        } else {
            if (held != null) {
                write(held);
            }
            if (holds) {
                hold(new Held(key, event, now));
            } else {
                output.write(event.jobId(), event.json());
            }
        }
        keepBounds();
    }

    /** Writes what has been held back long enough. */
    void writeDue(long now) {
        for (Held first = first(byTouch.values()); first != null && now - first.touchedAt >= windowNanos; ) {
            write(first);
            first = first(byTouch.values());
        }
        for (Held first = first(byAge); first != null && now - first.heldAt >= MAX_WINDOWS * windowNanos; ) {
            write(first);
            first = first(byAge);
        }
    }

    /** Writes all that is held back of a job, the one held longest first. */
    void flush(String job) {
        List.copyOf(byAge).stream().filter(held -> held.key.job().equals(job)).forEach(this::write);
    }

    /** Nanoseconds until something is due; null if nothing is held back. */
    @Nullable
    Long nanosUntilDue(long now) {
        Held touched = first(byTouch.values());
        Held oldest = first(byAge);
        if (touched == null || oldest == null) {
            return null;
        }
        long due = Math.min(windowNanos - (now - touched.touchedAt), MAX_WINDOWS * windowNanos - (now - oldest.heldAt));
        return Math.max(0, due);
    }

    /** How many events are held back. */
    int size() {
        return byAge.size();
    }

    /** About how many bytes they take. */
    long bytes() {
        return bytes;
    }

    /** To the microsecond, which is all that a double can tell of the seconds since 1970. */
    private boolean isWithinWindow(Event held, Event next) {
        long micros = Math.round((next.timestamp() - held.timestamp()) * 1e6);
        return micros >= 0 && micros <= windowMicros;
    }

    private void hold(Held held) {
        byTouch.put(held.key, held);
        byAge.add(held);
        bytes += held.bytes();
    }

    private void touch(Key key, Held held, Event event, long now) {
        bytes -= held.bytes();
        held.event = event;
        held.count++;
        held.touchedAt = now;
        bytes += held.bytes();
        byTouch.remove(key);
        byTouch.put(key, held);
    }

    private void write(Held held) {
        byTouch.remove(held.key);
        byAge.remove(held);
        bytes -= held.bytes();
        output.write(held.key.job(), held.line());
    }

    private void keepBounds() {
        for (Held oldest = first(byAge); oldest != null && (byAge.size() > maxHeld || bytes > maxBytes); ) {
            write(oldest);
            oldest = first(byAge);
        }
    }

    private static @Nullable Held first(Iterable<Held> all) {
        Iterator<Held> iterator = all.iterator();
        return iterator.hasNext() ? iterator.next() : null;
    }

    private record Key(String job, String path) {}

    /** The newest of some changes of one file. Equal only to itself. */
    private static final class Held {

        private final Key key;
        private final long heldAt;
        private Event event;
        private long touchedAt;
        private int count = 1;

        Held(Key key, Event event, long now) {
            this.key = key;
            this.heldAt = now;
            this.event = event;
            this.touchedAt = now;
        }

        long bytes() {
            return event.json().length + 2L * key.path().length() + OVERHEAD_BYTES;
        }

        byte[] line() {
            byte[] json = event.json();
            if (count == 1) {
                return json;
            }
            byte[] end = (",\"coalesced\":" + count + "}").getBytes(StandardCharsets.US_ASCII);
            byte[] line = Arrays.copyOf(json, json.length - 1 + end.length);
            System.arraycopy(end, 0, line, json.length - 1, end.length);
            return line;
        }
    }
}
