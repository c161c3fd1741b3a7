/**
 * The observed operations: what agents and services did, whether it went well, and where it keeps going wrong.
 *
 * <p>Start at {@link io.observer.operation.OperationStore}. One writer, so the journal, the ring, the counts, the
 * clusters and the events have one order:
 *
 * <pre>
 * record ──► bounded queue ──► one thread: journal → ring and counts → clusters → events into the log → answer
 * </pre>
 *
 * Depends on {@code event}, {@code log} and Reactor.
 */
@NullMarked
package io.observer.operation;

import org.jspecify.annotations.NullMarked;
