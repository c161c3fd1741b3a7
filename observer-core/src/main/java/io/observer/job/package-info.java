/**
 * What is known of each job from its events: its state, how many events it has, when it was last heard of.
 *
 * <p>Start at {@link io.observer.job.JobDirectory}. It hears of events before the bus does, so whoever was shown an
 * event finds its effect here. Depends on {@code event} and {@code log}.
 */
@NullMarked
package io.observer.job;

import org.jspecify.annotations.NullMarked;
