package io.observer.operation;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/**
 * One observed operation. Made by {@link OperationJson} only, so holding one means that it can be stored and published.
 * Immutable; safe to share between threads. Text that was not sent is {@code ""}.
 *
 * @param at when it happened
 * @param timestamp the same as it was written
 * @param source who observed it
 * @param jobId its job, if it named one that events can have
 * @param json the whole operation, defaults filled in and unknown members kept, as one line of compact JSON in UTF-8;
 *     shared, so it must not be modified
 */
public record ObservedOp(
        Instant at,
        String timestamp,
        String source,
        String endpoint,
        boolean success,
        String stafferId,
        String eventKind,
        String role,
        String error,
        String jobId,
        byte[] json) {

    /** The JSON as text. */
    public String jsonText() {
        return new String(json, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ObservedOp that && Arrays.equals(json, that.json);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(json);
    }

    @Override
    public String toString() {
        return jsonText();
    }
}
