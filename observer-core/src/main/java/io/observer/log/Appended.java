package io.observer.log;

/** The ids that one append was given: all from {@code firstId} to {@code lastId}. */
public record Appended(long firstId, long lastId) {

    /** How many events were stored. */
    public int count() {
        return (int) (lastId - firstId + 1);
    }
}
