package io.observer.stream;

/** How a {@link StreamReader} says that polling it may yield. Called on any thread; must return at once. */
@FunctionalInterface
public interface ReaderWake {

    /** Something waits that should not wait longer. */
    void now();

    /** Live events wait and others may follow: polling may be put off for a moment, to take them together. */
    default void soon() {
        now();
    }
}
