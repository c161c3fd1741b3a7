/**
 * The bus: it broadcasts what the log has ordered.
 *
 * <p>Start at {@link io.observer.bus.EventBus}. Each subscriber has a filter and, behind it, a bounded buffer of its
 * own that drops the oldest events when full; a slow or failing subscriber is noticed by nobody else.
 *
 * <pre>
 *                        ┌─► filter ─► DropOldestBuffer ─► subscriber
 * publish ─► multicast ──┼─► filter ─► DropOldestBuffer ─► subscriber
 *   └─► multicast of one job ─► filter ─► DropOldestBuffer ─► subscriber
 * </pre>
 *
 * {@link io.observer.bus.PullFlux} turns anything that is polled into a {@code Flux}. Depends on {@code event},
 * {@code log} and Reactor.
 */
@NullMarked
package io.observer.bus;

import org.jspecify.annotations.NullMarked;
