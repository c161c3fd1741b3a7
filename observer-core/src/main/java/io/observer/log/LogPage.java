package io.observer.log;

import io.observer.event.Event;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One answer of the log.
 *
 * @param events what was found, oldest first
 * @param covered the position to read on from: no wanted event at or before it is missing from this page and its gap
 * @param hasMore whether wanted events follow
 * @param gap what retention took between the position asked for and the first retained event, or null
 */
public record LogPage(
        List<Event> events,
        long covered,
        boolean hasMore,
        @Nullable Gap gap) {}
