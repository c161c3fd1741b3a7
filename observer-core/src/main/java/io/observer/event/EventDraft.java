package io.observer.event;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A checked event that waits for its id. Made by {@link EventJson} only, so holding one means that it can be stored
 * and streamed.
 *
 * @param members the event's JSON after {@code {"id":n,}, closing brace included
 */
public record EventDraft(String jobId, int sheetNum, String name, double timestamp, byte[] members) {

    private static final byte[] ID_KEY = "{\"id\":".getBytes(StandardCharsets.US_ASCII);

    /** The event that this draft becomes at position {@code id}. */
    public Event at(long id) {
        byte[] digits = Long.toString(id).getBytes(StandardCharsets.US_ASCII);
        byte[] json = new byte[ID_KEY.length + digits.length + 1 + members.length];
        System.arraycopy(ID_KEY, 0, json, 0, ID_KEY.length);
        System.arraycopy(digits, 0, json, ID_KEY.length, digits.length);
        json[ID_KEY.length + digits.length] = ',';
        System.arraycopy(members, 0, json, json.length - members.length, members.length);
        return new Event(id, jobId, sheetNum, name, timestamp, json);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EventDraft that && Arrays.equals(members, that.members);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(members);
    }

    @Override
    public String toString() {
        return new String(members, StandardCharsets.UTF_8);
    }
}
