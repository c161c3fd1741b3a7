/**
 * Streams as a reader on a bare socket sees them: how they open, resume, fall behind and end. Start with
 * {@link io.observer.e2e.stream.OpeningIT}.
 */
@NullMarked
package io.observer.e2e.stream;

import org.jspecify.annotations.NullMarked;
