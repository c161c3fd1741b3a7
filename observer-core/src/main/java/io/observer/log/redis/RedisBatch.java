package io.observer.log.redis;

import static io.observer.log.redis.RedisScript.bytes;

import io.observer.event.EventDraft;
import io.observer.event.EventNames;
import io.observer.log.AppendQueue.Pending;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Appends that Redis stores in one step, under a number by which it knows them again: sent twice, they are stored once and
 * answered with the same ids.
 */
final class RedisBatch {

    private final long number;
    private final List<Pending> appends;
    private boolean out;
    private boolean doubtful;

    RedisBatch(long number, List<Pending> appends) {
        this.number = number;
        this.appends = appends;
    }

    long number() {
        return number;
    }

    List<Pending> appends() {
        return appends;
    }

    /** When the first of them came. */
    long since() {
        return appends.get(0).since();
    }

    int events() {
        int events = 0;
        for (Pending pending : appends) {
            events += pending.drafts().size();
        }
        return events;
    }

    /** It is on its way to Redis. */
    void leaves() {
        out = true;
    }

    /** Redis has refused it. */
    void comesBack() {
        out = false;
    }

    /** Nothing that is on its way will be answered any more. */
    void isCutOff() {
        doubtful |= out;
        out = false;
    }

    /** Whether it may be stored, as far as this node can know. */
    boolean mayBeStored() {
        return doubtful || out;
    }

    /** What the script is told of its events. */
    List<byte[]> arguments() {
        List<byte[]> arguments = new ArrayList<>();
        Map<String, Map<String, Integer>> said = new LinkedHashMap<>();
        int place = 0;
        for (Pending pending : appends) {
            for (EventDraft draft : pending.drafts()) {
                arguments.add(bytes(draft.jobId()));
                arguments.add(draft.members());
                if (EventNames.isJobEvent(draft.name()) && !draft.jobId().isEmpty()) {
                    said.computeIfAbsent(draft.jobId(), job -> new LinkedHashMap<>())
                            .put(draft.name(), place);
                }
                place++;
            }
        }
        said.forEach((job, names) -> names.forEach((name, at) -> {
            arguments.add(bytes(job));
            arguments.add(bytes(name));
            arguments.add(bytes(at));
        }));
        return arguments;
    }
}
