/**
 * The log: it gives every event its id, keeps it as long as retention allows, and answers what came after a cursor.
 *
 * <p>Start at {@link io.observer.log.EventLog}. Implementations are named by their medium. All of them are fed by one
 * writer, so ids, storage and output have one order:
 *
 * <pre>
 * append ──► bounded queue ──► one thread: next ids → store the batch → hand it to the output → answer
 * </pre>
 *
 * Depends on {@code event} and Reactor.
 */
@NullMarked
package io.observer.log;

import org.jspecify.annotations.NullMarked;
