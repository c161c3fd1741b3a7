package io.observer.recorder;

import io.observer.event.Event;
import io.observer.event.EventFilter;
import io.observer.log.EventLog;
import io.observer.log.PageLimit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The newest events that the log has, without those that are excluded. Looks a little way back first, and further when
 * too little of that counts; at most so far that an answer stays cheap. Where it ended, the next search may go on.
 */
final class LogHistory {

    /**
     * Where a search begins.
     *
     * @param through what comes later has been looked at
     * @param count how many matching events, at least, that is
     */
    record Place(long through, int count) {}

    /**
     * What a search found.
     *
     * @param events newest first
     * @param end where it ended
     * @param isAll whether the log has nothing before that
     */
    record Found(List<Event> events, Place end, boolean isAll) {}

    /** Matching events looked at for one answer, excluded ones included. */
    static final int MAX_EXAMINED = 10_000;

    private static final PageLimit PAGE = new PageLimit(1_000, 1L << 20);
    private static final int WIDER = 4;

    private final EventLog log;
    private final Predicate<Event> excluded;

    LogHistory(EventLog log, Predicate<Event> excluded) {
        this.log = log;
        this.excluded = excluded;
    }

    /** At most {@code limit} events of the whole log, newest first. */
    Mono<List<Event>> newest(EventFilter filter, int limit) {
        return newest(filter, new Place(log.bounds().lastId(), 0), limit).map(Found::events);
    }

    /** At most {@code limit} events from {@code begin} back. */
    Mono<Found> newest(EventFilter filter, Place begin, int limit) {
        Search search = new Search(filter, begin.through(), limit, begin.count() + MAX_EXAMINED);
        return lookBack(search, Math.max(begin.count(), limit), List.of());
    }

    /**
     * @param count how many events to go back from the head of the log
     * @param found what later parts had, newest first
     */
    private Mono<Found> lookBack(Search search, int count, List<Event> found) {
        return log.positionBeforeLast(count, search.filter())
                .flatMap(position -> collect(search, position).flatMap(older -> {
                    List<Event> all = new ArrayList<>(found);
                    older.stream().limit(search.limit() - (long) found.size()).forEach(all::add);
                    if (all.size() == search.limit()) {
                        long last = all.get(all.size() - 1).id();
                        return Mono.just(new Found(all, new Place(last - 1, search.maxCount() - MAX_EXAMINED), false));
                    }
                    Search rest = search.before(position);
                    boolean isAll = position < log.bounds().firstId();
                    return isAll || count >= search.maxCount()
                            ? Mono.just(new Found(all, new Place(rest.through(), count), isAll))
                            : lookBack(rest, (int) Math.min(search.maxCount(), (long) count * WIDER), all);
                }));
    }

    /** What counts after {@code position}, newest first. */
    private Mono<List<Event>> collect(Search search, long position) {
        if (position >= search.through()) {
            return Mono.just(List.of());
        }
        return log.read(position, search.filter(), PAGE)
                .expand(page -> page.hasMore() && page.covered() < search.through()
                        ? log.read(page.covered(), search.filter(), PAGE)
                        : Mono.empty())
                .concatMap(page -> Flux.fromIterable(page.events()))
                .filter(event -> event.id() <= search.through() && !excluded.test(event))
                .collect(ArrayDeque<Event>::new, (newest, event) -> keep(newest, event, search.limit()))
                .map(ArrayList::new);
    }

    private static void keep(Deque<Event> newest, Event event, int limit) {
        newest.addFirst(event);
        if (newest.size() > limit) {
            newest.removeLast();
        }
    }

    /**
     * @param through the end of what was not looked at yet
     * @param maxCount how many events to go back from the head of the log at most
     */
    private record Search(EventFilter filter, long through, int limit, int maxCount) {

        Search before(long position) {
            return new Search(filter, Math.min(through, position), limit, maxCount);
        }
    }
}
