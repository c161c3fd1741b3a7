/** Whether the documentation still speaks of what there is. */
@NullMarked
package io.observer.e2e.docs;

import org.jspecify.annotations.NullMarked;
