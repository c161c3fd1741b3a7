package io.observer.receive;

import io.observer.event.Cursor;
import io.observer.event.EventDraft;
import io.observer.event.JsonMember;
import io.observer.event.JsonMember.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * At another Observer, whose events have ids: goes on after the last one that the log took, on the next connection and
 * after the next start. Nothing is missed but what is no longer kept there, which is said.
 */
final class ResumedSubscription implements Subscription {

    /** How many of the newest events are taken over at the very first. */
    private static final int AT_FIRST = 1_000;

    private static final String HELLO = "monitor.hello";
    private static final String GAP = "monitor.gap";

    private final DaemonSettings settings;
    private final DaemonJson json;
    private final PatientLog patient;
    private final SourceGap gap;
    private final PositionFile file;
    private final Supplier<SeenEvents> newest;

    private @Nullable Cursor position;

    /** Up to this id the log may have an event without {@link #position} telling so. */
    private long doubtful;

    /** The newest event that the other had when it was connected. */
    private long missedThrough;

    private @Nullable SeenEvents seen;

    /** @param newest finds the newest events that the log has; may wait */
    ResumedSubscription(
            DaemonSettings settings,
            DaemonJson json,
            PatientLog patient,
            SourceGap gap,
            PositionFile file,
            Supplier<SeenEvents> newest) {
        this.settings = settings;
        this.json = json;
        this.patient = patient;
        this.gap = gap;
        this.file = file;
        this.newest = newest;
        PositionFile.Mark mark = file.read();
        if (mark != null) {
            position = mark.taken();
            doubtful = mark.through();
        }
    }

    @Override
    public void begin(SocketLines lines, DaemonHealth health) throws IOException, InterruptedException {
        String params = position == null ? "{\"last\":" + AT_FIRST + "}" : "{\"since\":\"" + position + "\"}";
        lines.send(DaemonCall.request(DaemonCall.STREAM, params), settings.answerWithin());
        byte[] first = lines.next(settings.answerWithin());
        Notification hello = first == null ? null : json.notification(first);
        Cursor start = hello == null || !hello.method().equals(HELLO) ? null : cursor(hello);
        if (start == null) {
            throw new IOException("it does not say where it begins");
        }
        if (position == null) {
            doubtful = start.id() + AT_FIRST;
            passOver(start);
        } else if (!start.isOf(String.valueOf(position.epoch()))) {
            doubtful = 0;
        }
        position = start;
        missedThrough = health.lastId();
    }

    @Override
    public boolean take(List<byte[]> lines) throws IOException, InterruptedException {
        if (lines.isEmpty()) {
            return false;
        }
        List<EventDraft> drafts = new ArrayList<>();
        Cursor before = position();
        long through = before.id();
        for (byte[] line : lines) {
            Notification told = json.notification(line);
            if (told == null) {
                continue;
            }
            if (told.method().equals(GAP)) {
                byte[] missing = data(told);
                drafts.add(gap.asTold(missing));
                through = Math.max(through, lastOf(missing));
                continue;
            }
            long id = id(told);
            EventDraft draft = id <= through ? null : json.event(told);
            if (draft != null && !(id <= doubtful && seen().contains(draft))) {
                drafts.add(draft);
            }
            through = Math.max(through, id);
        }
        // Written before, so that a crash leaves some events in doubt, and none is forgotten.
        doubtful = Math.max(doubtful, through);
        file.write(before, doubtful);
        patient.append(drafts);
        position = new Cursor(before.epoch(), through);
        if (through == doubtful) {
            seen = null;
        }
        return !drafts.isEmpty();
    }

    /** Says once what is before the events that are asked for at the very first. */
    private void passOver(Cursor start) throws InterruptedException {
        if (start.id() > 0) {
            patient.append(List.of(gap.ofBefore(start.id())));
            file.write(start, doubtful);
        }
    }

    @Override
    public boolean isResumable() {
        return true;
    }

    @Override
    public boolean isCaughtUp() {
        return position().id() >= missedThrough;
    }

    @Override
    public void end() {
        if (position != null) {
            file.write(position, Math.max(doubtful, position.id()));
        }
    }

    private Cursor position() {
        if (position == null) {
            throw new IllegalStateException("not begun");
        }
        return position;
    }

    private SeenEvents seen() {
        SeenEvents found = seen;
        if (found == null) {
            found = newest.get();
            seen = found;
        }
        return found;
    }

    private static @Nullable Cursor cursor(Notification hello) {
        JsonMember cursor = DaemonJson.members(data(hello), 0).get("cursor");
        return cursor == null ? null : Cursor.parse(cursor.text());
    }

    private static byte[] data(Notification told) {
        JsonMember data = told.params().get("data");
        return data == null || data.kind() != Kind.OBJECT ? new byte[] {'{', '}'} : data.json();
    }

    private static long id(Notification told) throws IOException {
        Long id = number(told.params().get("id"));
        if (id == null) {
            throw new IOException("it tells an event without an id");
        }
        return id;
    }

    /** The id of the last event that is missing, or 0 if that is not known. */
    private static long lastOf(byte[] missing) {
        Long to = number(DaemonJson.members(missing, 0).get("to"));
        return to == null ? 0 : to;
    }

    private static @Nullable Long number(@Nullable JsonMember member) {
        try {
            return member == null || member.kind() != Kind.NUMBER ? null : Long.valueOf(member.text());
        } catch (NumberFormatException noInteger) {
            return null;
        }
    }
}
