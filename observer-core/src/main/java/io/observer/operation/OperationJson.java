package io.observer.operation;

import io.observer.event.BodyTooLargeException;
import io.observer.event.EventError;
import io.observer.event.InvalidEventException;
import io.observer.event.JsonMember;
import io.observer.event.JsonText;
import java.time.Clock;
import java.util.List;

/**
 * Turns request bodies and journal lines into operations, and is the only place that does. Stateless but for its clock;
 * safe to share between threads.
 */
public final class OperationJson {

    /** Largest operation, in bytes as sent. */
    public static final int MAX_BYTES = 256 * 1024;

    private final Clock clock;

    /** @param clock the wall clock that dates operations which bring no timestamp */
    public OperationJson(Clock clock) {
        this.clock = clock;
    }

    /**
     * The operation in {@code body}.
     *
     * @throws InvalidEventException if it cannot be accepted, with one reason for each member at fault
     * @throws BodyTooLargeException if it is larger than {@link #MAX_BYTES}
     */
    public ObservedOp parse(byte[] body) {
        if (body.length > MAX_BYTES) {
            throw new BodyTooLargeException("one operation may have at most 256 KiB");
        }
        return read(body);
    }

    /** As {@link #parse}, for what was stored with its defaults and so may be longer. */
    ObservedOp read(byte[] json) {
        List<JsonMember> members = JsonText.members(json);
        OperationMembers operation = new OperationMembers(members);
        ObservedOp op = operation.toOperation(clock.instant());
        List<EventError> errors = operation.errors();
        if (!errors.isEmpty()) {
            throw new InvalidEventException(errors);
        }
        return op;
    }
}
