/**
 * The routes that are taken thousands of times a second, served on their connection before it gets to WebFlux.
 *
 * <p>Start at {@link io.observer.web.express.Express}. {@code PlainRequests} tells which requests are plain in every
 * respect that the edge looks at; {@code ExpressConnection} answers those and hands all others on, untouched and in
 * order. What is done with a request is the same on both ways: {@code Publishing}, {@code Pages}, {@code StreamHandler}.
 */
@NullMarked
package io.observer.web.express;

import org.jspecify.annotations.NullMarked;
