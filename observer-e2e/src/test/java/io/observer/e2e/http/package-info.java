/**
 * The HTTP side of the contract, seen from outside: publishing, pages, jobs, health, metrics, and everything that is
 * refused.
 *
 * <p>Start with {@link io.observer.e2e.http.PublishIT} for what works and {@link io.observer.e2e.http.RefusedEventsIT}
 * for what does not. Uses {@link io.observer.e2e.kit} and nothing else.
 */
@NullMarked
package io.observer.e2e.http;

import org.jspecify.annotations.NullMarked;
