/**
 * Streams on the wire: Server-Sent Events.
 *
 * <p>Start at {@link io.observer.web.sse.StreamHandler}. {@code SseFrames} knows what each item looks like as text;
 * {@code push} brings it to the client.
 */
@NullMarked
package io.observer.web.sse;

import org.jspecify.annotations.NullMarked;
