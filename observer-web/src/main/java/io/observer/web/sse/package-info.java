/**
 * Streams on the wire: Server-Sent Events.
 *
 * <p>Start at {@link io.observer.web.sse.StreamHandler}. {@code SseFrames} knows what each item looks like as text,
 * {@code SseSource} joins what a reader has to say into one buffer a pass, {@code WriteGate} stops asking when the
 * client does not take it.
 */
@NullMarked
package io.observer.web.sse;

import org.jspecify.annotations.NullMarked;
