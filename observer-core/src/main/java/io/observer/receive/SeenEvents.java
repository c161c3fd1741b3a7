package io.observer.receive;

import io.observer.event.Event;
import io.observer.event.EventDraft;
import io.observer.event.EventFilter;
import io.observer.event.NameGlob;
import io.observer.log.EventLog;
import io.observer.log.LogPage;
import io.observer.log.PageLimit;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * By what an event is known again when a daemon tells of it a second time: job, name, data and timestamp, as far as a
 * hash of them tells. The newest 10,000.
 */
final class SeenEvents {

    private static final int MOST = 10_000;

    /** What a daemon remembers. */
    static final EventFilter OBSERVED = new EventFilter(Set.of(), List.of(new NameGlob("observer.*")));

    private record Mark(int hash, int length, double timestamp) {}

    private final Set<Mark> marks = new LinkedHashSet<>();

    /** The newest events that {@code log} has and {@code wanted} lets through. */
    static Mono<SeenEvents> of(EventLog log, EventFilter wanted) {
        SeenEvents seen = new SeenEvents();
        return log.positionBeforeLast(MOST, wanted)
                .flatMapMany(position -> pages(log, position, wanted))
                .concatMap(page -> Flux.fromIterable(page.events()))
                .doOnNext(seen::add)
                .then(Mono.just(seen));
    }

    boolean contains(EventDraft draft) {
        return marks.contains(mark(draft));
    }

    void add(EventDraft draft) {
        add(mark(draft));
    }

    private void add(Event event) {
        // What follows the id is what a draft is made of.
        byte[] json = event.json();
        int from = 0;
        while (json[from] != ',') {
            from++;
        }
        byte[] members = Arrays.copyOfRange(json, from + 1, json.length);
        add(new Mark(Arrays.hashCode(members), members.length, event.timestamp()));
    }

    private void add(Mark mark) {
        if (marks.add(mark) && marks.size() > MOST) {
            marks.remove(marks.iterator().next());
        }
    }

    private static Mark mark(EventDraft draft) {
        return new Mark(Arrays.hashCode(draft.members()), draft.members().length, draft.timestamp());
    }

    private static Flux<LogPage> pages(EventLog log, long position, EventFilter wanted) {
        return log.read(position, wanted, PageLimit.of(1_000))
                .expand(page -> page.hasMore() ? log.read(page.covered(), wanted, PageLimit.of(1_000)) : Mono.empty());
    }
}
