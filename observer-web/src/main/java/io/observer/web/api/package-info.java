/**
 * The routes that answer once: publish, pages, jobs, what was observed, health, metrics.
 *
 * <p>Start at {@link io.observer.web.api.Routes}, the table of all routes.
 */
@NullMarked
package io.observer.web.api;

import org.jspecify.annotations.NullMarked;
