package io.observer.event;

import org.jspecify.annotations.Nullable;

/**
 * Why one event of a body was refused.
 *
 * @param line line of an NDJSON body, or place in an array, counted from 1
 * @param field the member at fault, or null when the event as a whole is
 * @param detail what is wrong and what would be right
 */
public record EventError(int line, @Nullable String field, String detail) {}
