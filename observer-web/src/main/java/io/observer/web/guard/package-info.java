/**
 * Who and what is let in, decided before any route: host names, origins, slow requests.
 *
 * <p>Start at {@link io.observer.web.guard.EdgeFilter}. The server listens on loopback, where any web page can reach it
 * through the reader's own browser: checking {@code Host} stops DNS rebinding, checking {@code Origin} stops foreign
 * pages.
 */
@NullMarked
package io.observer.web.guard;

import org.jspecify.annotations.NullMarked;
