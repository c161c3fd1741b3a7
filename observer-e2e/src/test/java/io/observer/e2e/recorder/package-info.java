/**
 * The recorder from outside: the timelines that a real server leaves in real directories, whatever becomes of those.
 *
 * <p>Uses {@link io.observer.e2e.kit} and nothing else.
 */
@NullMarked
package io.observer.e2e.recorder;

import org.jspecify.annotations.NullMarked;
