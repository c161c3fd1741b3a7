/**
 * What happens when real commands are run under {@code observer run}, files are watched and followed, and a daemon feeds
 * a server: seen from outside, with the real jar.
 */
@NullMarked
package io.observer.e2e.run;

import org.jspecify.annotations.NullMarked;
