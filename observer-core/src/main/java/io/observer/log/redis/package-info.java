/**
 * The log in Redis, shared by every node that is given the same place and prefix.
 *
 * <p>Start at {@link io.observer.log.redis.RedisEventLog}. What is stored comes back to all nodes, the publisher's own
 * included, by one way, so that all of them see one order:
 *
 * <pre>
 * append ──► RedisWriter ── one script a batch ──► log, index of each job
 *                                                   │
 * output ◄── RedisFollower ◄── one blocking read ◄──┘
 * </pre>
 *
 * {@link io.observer.log.redis.RedisLink} makes the connections and makes them anew; all state changes on the log's one
 * worker. Depends on {@code event}, {@code log}, Reactor and, alone in the core, on Lettuce with its Netty.
 */
@NullMarked
package io.observer.log.redis;

import org.jspecify.annotations.NullMarked;
