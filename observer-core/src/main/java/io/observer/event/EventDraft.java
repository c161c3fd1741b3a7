package io.observer.event;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A checked event that waits for its id. Made by {@link EventJson}, or by {@link #of} from parts that are known to be
 * right, so holding one means that it can be stored and streamed.
 *
 * @param members the event's JSON after {@code {"id":n,}, closing brace included
 */
public record EventDraft(String jobId, int sheetNum, String name, double timestamp, byte[] members) {

    private static final byte[] ID_KEY = "{\"id\":".getBytes(StandardCharsets.US_ASCII);

    /**
     * A draft whose parts have been checked; nothing of them is looked at again.
     *
     * @param data a JSON object without insignificant white space, or {@code null}
     * @param timestamp a JSON number
     */
    public static EventDraft of(String jobId, int sheetNum, String name, byte[] data, String timestamp) {
        ByteArrayOutputStream members = new ByteArrayOutputStream(data.length + 128);
        members.writeBytes(ascii(
                "\"job_id\":\"" + jobId + "\",\"sheet_num\":" + sheetNum + ",\"event\":\"" + name + "\",\"data\":"));
        members.writeBytes(data);
        members.writeBytes(ascii(",\"timestamp\":" + timestamp + "}"));
        return new EventDraft(jobId, sheetNum, name, Double.parseDouble(timestamp), members.toByteArray());
    }

    /** The event that this draft becomes at position {@code id}. */
    public Event at(long id) {
        return new Event(id, jobId, sheetNum, name, timestamp, jsonAt(id, members));
    }

    static byte[] jsonAt(long id, byte[] members) {
        byte[] digits = Long.toString(id).getBytes(StandardCharsets.US_ASCII);
        byte[] json = new byte[ID_KEY.length + digits.length + 1 + members.length];
        System.arraycopy(ID_KEY, 0, json, 0, ID_KEY.length);
        System.arraycopy(digits, 0, json, ID_KEY.length, digits.length);
        json[ID_KEY.length + digits.length] = ',';
        System.arraycopy(members, 0, json, json.length - members.length, members.length);
        return json;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
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
