package io.observer.operation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * The earlier generations of a journal, and which of them nobody needs any more: those beyond the number that is to be
 * kept, as soon as later ones hold enough operations to fill the ring. One thread at a time.
 */
final class JournalGenerations {

    /** Bytes up to which generations stay for the ring alone. */
    static final long MAX_RING_BYTES = 256L << 20;

    /** @param bytes how large its file is */
    record Earlier(long number, long operations, long bytes) {}

    private final int kept;
    private final int ringSize;
    private final Deque<Earlier> all = new ArrayDeque<>();

    /**
     * @param kept how many stay in any case
     * @param ringSize how many operations fill the ring
     */
    JournalGenerations(int kept, int ringSize) {
        this.kept = kept;
        this.ringSize = ringSize;
    }

    /** Takes the next, which is younger than all others. */
    void add(Earlier generation) {
        all.addLast(generation);
    }

    void remove(Earlier generation) {
        all.remove(generation);
    }

    /** @param activeOperations how many are in the generation that is written on */
    List<Earlier> unneeded(long activeOperations) {
        List<Earlier> unneeded = new ArrayList<>();
        long operations = activeOperations;
        long bytes = 0;
        int younger = 0;
        for (Iterator<Earlier> newestFirst = all.descendingIterator(); newestFirst.hasNext(); younger++) {
            Earlier generation = newestFirst.next();
            bytes += generation.bytes();
            boolean fillsTheRing = operations < ringSize && bytes <= MAX_RING_BYTES;
            if (younger >= kept && !fillsTheRing) {
                unneeded.add(generation);
            }
            operations += generation.operations();
        }
        return unneeded;
    }
}
