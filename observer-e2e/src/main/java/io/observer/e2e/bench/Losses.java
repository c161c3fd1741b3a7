package io.observer.e2e.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * What readers did not get as it was sent.
 *
 * @param gaps frames that said so
 * @param dropped events that these frames counted
 * @param missing events that never came and that no gap spoke of
 * @param repeated events that came again, or after a later one
 * @param ended streams that ended by themselves
 */
record Losses(long gaps, long dropped, long missing, long repeated, int ended) {

    static final Losses NONE = new Losses(0, 0, 0, 0, 0);

    Losses plus(Losses other) {
        return new Losses(
                gaps + other.gaps,
                dropped + other.dropped,
                missing + other.missing,
                repeated + other.repeated,
                ended + other.ended);
    }

    Losses plusEnded(int streams) {
        return new Losses(gaps, dropped, missing, repeated, ended + streams);
    }

    Result.Builder addTo(Result.Builder result) {
        return result.count("gaps", gaps)
                .count("dropped and said", dropped)
                .count("lost unsaid", missing)
                .count("repeated", repeated);
    }

    /** What makes figures worthless of readers that are to keep up. */
    List<String> faults() {
        List<String> faults = new ArrayList<>(brokenPromises());
        if (gaps > 0) {
            faults.add(dropped + " deliveries were dropped, as " + gaps + " gaps said");
        }
        return faults;
    }

    /** A loss that a gap has told is as promised; these are not. */
    List<String> brokenPromises() {
        List<String> faults = new ArrayList<>();
        if (missing > 0) {
            faults.add(missing + " deliveries were lost and no gap said so");
        }
        if (repeated > 0) {
            faults.add(repeated + " deliveries came twice or out of order");
        }
        if (ended > 0) {
            faults.add(ended + " streams ended by themselves");
        }
        return faults;
    }
}
