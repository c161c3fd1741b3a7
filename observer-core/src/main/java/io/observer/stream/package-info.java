/**
 * Streams: what each reader is told, in order, from where it left off.
 *
 * <p>Start at {@link io.observer.stream.DaemonEventBridge}, which splits the log into a flux for each job and one for
 * all. Behind every stream stands a {@link io.observer.stream.StreamReader}: a cursor that reads the log until it has
 * caught up and then its own place on the bus. Live, resume, slow reader and gap are one mechanism:
 *
 * <pre>
 * hello ─► [gap] ─► replay: pages of the log after the cursor ─► caught_up ─► live: the bus ─► job_finished | bridge_stopped
 *                        ▲ subscribe to the bus, then read on to the head ──────┘
 * </pre>
 *
 * Depends on {@code event}, {@code log}, {@code bus} and {@code job}.
 */
@NullMarked
package io.observer.stream;

import org.jspecify.annotations.NullMarked;
