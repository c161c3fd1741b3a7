/**
 * The recorder: it leaves each registered job a timeline of its {@code observer.*} events in its workspace, and answers
 * with the newest of them.
 *
 * <p>Start at {@link io.observer.recorder.ObserverRecorder}. One thread of the recorder takes the events in the log's
 * order and never waits for a file; each timeline is written by one task at a time on a pool.
 *
 * <pre>
 * bus ─► EventFeed ─► Recording ─┬─► RecentEvents, one ring a job
 *  log ──┘ what the bus dropped   └─► Coalescer ─► JobTimeline ─► TimelineFile
 * </pre>
 *
 * Depends on {@code event}, {@code log}, {@code bus} and Reactor.
 */
@NullMarked
package io.observer.recorder;

import org.jspecify.annotations.NullMarked;
