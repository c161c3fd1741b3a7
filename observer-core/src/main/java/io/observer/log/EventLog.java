package io.observer.log;

import io.observer.event.Cursor;
import io.observer.event.EventDraft;
import io.observer.event.EventFilter;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * The ordered memory of all events, and the only thing that gives out ids. Ids rise by one, are never reused and
 * survive eviction. Safe for any number of threads; no method blocks.
 *
 * <p>What has been stored is handed, in order and before the publisher is answered, to the output given at
 * construction. Nothing else feeds subscribers.
 */
public interface EventLog {

    /**
     * Names this life of the log: letters and digits. A log that kept its past keeps its epoch; one that loses it while
     * open, as a log kept elsewhere may, goes on under another.
     */
    String epoch();

    /** The backend's name, as in the setting {@code observer.log.backend}. */
    String backend();

    /** What {@link #append} answering means, in one word. */
    String durability();

    /** The ids at hand right now. */
    LogBounds bounds();

    /** How the log does right now. */
    default LogHealth health() {
        return LogHealth.GOOD;
    }

    /**
     * What the events that were retained when the log was opened say of each job, if it does not tell while it opens. Whoever
     * asks takes it; nothing is left for the next.
     */
    default List<JobTrace> takeJobsFound() {
        return List.of();
    }

    /** Whether what is read now may be behind what others have stored, because the log's place cannot be reached. */
    default boolean isStale() {
        return false;
    }

    /** Names who hears of what happens to a log that is kept elsewhere; call it once, while starting. */
    default void listen(LogListener listener) {}

    /**
     * Completes as soon as everything up to {@code cursor} that was ever stored is at hand here. At once, unless others
     * write to the same log; {@link LogUnavailableException} while this cannot be told, or takes too long.
     */
    default Mono<Void> reach(Cursor cursor) {
        return Mono.empty();
    }

    /** Events that wait for the writer. */
    int queueDepth();

    /**
     * Stores all drafts in this order, or none of them.
     *
     * @param drafts at least one
     * @return their ids, once they are as safe as {@link #durability} says; {@link LogFullException} when too many
     *     events wait, {@link LogStorageException} when the medium fails, {@link LogUnavailableException} when
     *     it is out of reach, {@link LogClosedException} after {@link #seal}
     */
    Mono<Appended> append(List<EventDraft> drafts);

    /**
     * The events after id {@code after} that pass {@code filter}, oldest first.
     *
     * @param after 0 for the start; at most the last id
     * @param limit where the page ends at the latest
     */
    Mono<LogPage> read(long after, EventFilter filter, PageLimit limit);

    /** The largest id that has {@code count} or more retained events that pass {@code filter} after it, if any. */
    Mono<Long> positionBeforeLast(int count, EventFilter filter);

    /**
     * Takes nothing more and completes when all that was accepted is stored and handed out. What is stored may be read
     * still.
     */
    Mono<Void> seal();

    /** Seals the log and lets go of everything; nobody reads any more. */
    default Mono<Void> close() {
        return seal();
    }
}
