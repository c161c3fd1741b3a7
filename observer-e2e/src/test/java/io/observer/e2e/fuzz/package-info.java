/**
 * Generated requests against the real server, next to small strict models that say what must come of them. Start at {@link
 * io.observer.e2e.fuzz.PublishFuzzIT}. Cases that were found stand in the resources under {@code fuzz} and are sent again
 * in each build.
 */
@NullMarked
package io.observer.e2e.fuzz;

import org.jspecify.annotations.NullMarked;
