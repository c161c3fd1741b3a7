package io.observer.event;

import java.util.List;

/** A body holds at least one event that cannot be accepted; none of its events was. */
public final class InvalidEventException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<EventError> errors;

    /** @param errors at least one */
    public InvalidEventException(List<EventError> errors) {
        super(errors.get(0).detail(), null, false, false);
        this.errors = List.copyOf(errors);
    }

    /** What is wrong, in the order of the body; at least one, at most 100. */
    public List<EventError> errors() {
        return errors;
    }
}
