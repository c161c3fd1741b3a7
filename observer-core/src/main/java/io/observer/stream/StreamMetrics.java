package io.observer.stream;

import io.observer.log.Gap;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What all streams together did since the start. Any thread. */
public final class StreamMetrics {

    /** How a reader's cursor was found. */
    public enum ResumeResult {
        /** All that it missed was there. */
        HIT,
        /** Something was gone, or the cursor named no position. */
        GAP,
        /** It was of another life of the log. */
        EPOCH
    }

    private final LongAdder delivered = new LongAdder();
    private final Map<Gap.Reason, LongAdder> dropped = adders(Gap.Reason.class);
    private final Map<ResumeResult, LongAdder> resumes = adders(ResumeResult.class);

    /** Events given to readers. */
    public long delivered() {
        return delivered.sum();
    }

    /** Events that readers wanted and were told they missed, as far as their number is known. */
    public long dropped(Gap.Reason reason) {
        return counter(dropped, reason).sum();
    }

    /** Streams that began at a cursor. */
    public long resumes(ResumeResult result) {
        return counter(resumes, result).sum();
    }

    void countDelivered() {
        delivered.increment();
    }

    void countDropped(Gap.Reason reason, @Nullable Long events) {
        counter(dropped, reason).add(events == null ? 0 : events);
    }

    void countResume(ResumeResult result) {
        counter(resumes, result).increment();
    }

    private static <K extends Enum<K>> Map<K, LongAdder> adders(Class<K> keys) {
        Map<K, LongAdder> adders = new EnumMap<>(keys);
        for (K key : keys.getEnumConstants()) {
            adders.put(key, new LongAdder());
        }
        return adders;
    }

    private static <K> LongAdder counter(Map<K, LongAdder> adders, K key) {
        return Objects.requireNonNull(adders.get(key));
    }
}
