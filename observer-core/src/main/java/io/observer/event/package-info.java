/**
 * The event itself: its shape, its names, its position and its JSON.
 *
 * <p>Start at {@link io.observer.event.Event}, then {@link io.observer.event.EventJson}, the only place where JSON
 * meets events: what comes in is checked there once, and every log line, page and stream frame is cut from the bytes
 * it made. Depends on Jackson's streaming parser only.
 */
@NullMarked
package io.observer.event;

import org.jspecify.annotations.NullMarked;
