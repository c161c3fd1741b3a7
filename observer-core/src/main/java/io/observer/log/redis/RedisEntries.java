package io.observer.log.redis;

import static io.observer.log.redis.RedisScript.number;
import static io.observer.log.redis.RedisScript.text;

import io.lettuce.core.StreamMessage;
import io.observer.event.Event;
import io.observer.event.StoredEvents;
import io.observer.log.JobTrace;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what Redis answers back into events. */
final class RedisEntries {

    private RedisEntries() {}

    static String streamId(long id) {
        return id + "-0";
    }

    /** The id of an entry; 0 for one that no node has written. */
    static long idOf(StreamMessage<String, byte[]> entry) {
        String id = entry.getId();
        return id.endsWith("-0") ? Long.parseLong(id, 0, id.length() - 2, 10) : 0;
    }

    /** The event of an entry; null if it holds none. */
    static @Nullable Event eventOf(StreamMessage<String, byte[]> entry) {
        byte[] members = entry.getBody().get("e");
        long id = idOf(entry);
        return members == null || id == 0 ? null : StoredEvents.read(id, members);
    }

    /** One job as the script tells it; null if none of its events is left. */
    static @Nullable JobTrace traceOf(@Nullable Object told) {
        if (!(told instanceof List<?> job)) {
            return null;
        }
        Event first = eventOf(job.get(2));
        Event last = eventOf(job.get(3));
        if (first == null || last == null) {
            return null;
        }
        Map<String, Long> said = new HashMap<>();
        if (job.get(4) instanceof List<?> names) {
            for (int n = 0; n + 1 < names.size(); n += 2) {
                said.put(text(names.get(n)), Long.parseLong(text(names.get(n + 1))));
            }
        }
        return new JobTrace(
                text(job.get(0)),
                number(job.get(1)),
                first.timestamp(),
                last.timestamp(),
                last.name(),
                last.id(),
                said);
    }

    /** @param told id and JSON without it */
    private static @Nullable Event eventOf(@Nullable Object told) {
        return told instanceof List<?> event && event.get(1) instanceof byte[] members
                ? StoredEvents.read(number(event.get(0)), members)
                : null;
    }
}
