package io.observer.event;

import java.util.List;

/**
 * What a publish body holds.
 *
 * @param drafts its events in order; never empty
 * @param batch whether it was sent as several (an array or NDJSON), even if it holds one
 */
public record ParsedBody(List<EventDraft> drafts, boolean batch) {}
