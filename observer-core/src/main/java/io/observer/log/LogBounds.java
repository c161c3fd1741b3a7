package io.observer.log;

/**
 * Which ids a log holds.
 *
 * @param firstId oldest retained id; one more than {@code lastId} when nothing is retained
 * @param lastId newest id ever given; 0 before the first
 */
public record LogBounds(long firstId, long lastId) {

    /** Whether no event is retained. */
    public boolean isEmpty() {
        return firstId > lastId;
    }
}
