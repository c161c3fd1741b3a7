package io.observer.web.sse;

import java.time.Duration;

/**
 * How one client wants its frames.
 *
 * @param names whether events carry their name; without, a browser's {@code onmessage} gets them
 * @param heartbeat how long the stream may be silent
 */
public record SseFormat(boolean names, Duration heartbeat) {}
