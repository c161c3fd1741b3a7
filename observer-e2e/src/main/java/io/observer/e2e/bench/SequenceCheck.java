package io.observer.e2e.bench;

/** What one reader got of events numbered from 1, and what it was told about those it did not get. */
final class SequenceCheck {

    private long next;
    private long said;
    private long gaps;
    private long dropped;
    private long missing;
    private long repeated;

    /** @param next the first event that has to come */
    SequenceCheck(long next) {
        this.next = next;
    }

    void event(long sequence) {
        if (sequence < next) {
            repeated++;
            return;
        }
        missing += unsaid(sequence - next);
        said = 0;
        next = sequence + 1;
    }

    /** A gap is said before the event that follows it, so it speaks of what comes between here and there. */
    void gap(long count) {
        gaps++;
        if (count == SseScanner.UNKNOWN) {
            said = Long.MAX_VALUE;
        } else {
            dropped += count;
            said += said == Long.MAX_VALUE ? 0 : count;
        }
    }

    /** The number of the newest event that came. */
    long position() {
        return next - 1;
    }

    /** What is to be said when {@code last} was the last event sent. */
    Losses losses(long last) {
        return new Losses(gaps, dropped, missing + unsaid(last - position()), repeated, 0);
    }

    private long unsaid(long skipped) {
        return Math.max(skipped - said, 0);
    }
}
