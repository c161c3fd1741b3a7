/**
 * How streams leave over connections, whatever they look like there: each polled and written on its channel's own event
 * loop.
 *
 * <p>Start at {@link io.observer.web.push.PushedStream}, which joins what a reader has to say into one buffer a pass.
 * {@link io.observer.web.push.StreamLoop} says when, {@code WriteGate} stops asking when the client does not take it,
 * {@link io.observer.web.push.FrameChannel} is where the bytes enter the connection. Depends on {@code stream} and Netty.
 */
@NullMarked
package io.observer.web.push;

import org.jspecify.annotations.NullMarked;
