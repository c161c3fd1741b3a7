/**
 * Where events come from besides publishers: other programs that are asked for theirs.
 *
 * <p>Start at {@link io.observer.receive.EventReceiver}, then at {@link io.observer.receive.DaemonSocketReceiver}, which
 * keeps one subscription at a daemon and appends what it says to the log; browsers, history and recorder then see it as
 * they see everything else.
 *
 * <pre>
 * daemon ─ socket ─► SocketLines ─► PlainSubscription | ResumedSubscription ─► PatientLog ─► EventLog.append
 *                         └ again and again, with BackOff and Pause; SourceListener hears of both
 * </pre>
 *
 * Depends on {@code event} and {@code log}.
 */
@NullMarked
package io.observer.receive;

import org.jspecify.annotations.NullMarked;
